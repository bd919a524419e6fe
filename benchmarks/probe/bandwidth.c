/* Read bandwidth of the machine: two threads sum a buffer, four streams of 64-byte vectors a thread, and nothing is written.
 * Answers each line "BYTES REPEATS" on standard input with the seconds of each pass over a buffer of that size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <omp.h>

enum { STREAMS = 4, LANES = 16, UNROLL = 4 };
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static float sum(const float *data, size_t count)
{
    size_t stride = count / STREAMS / (LANES * UNROLL) * (LANES * UNROLL);
    vector total[STREAMS * UNROLL] = {{0}};
    for (size_t i = 0; i < stride; i += LANES * UNROLL)
        for (int s = 0; s < STREAMS; s++)
            for (int u = 0; u < UNROLL; u++)
                total[s * UNROLL + u] += *(const vector *)(data + s * stride + i + u * LANES);
    float result = 0;
    for (int t = 0; t < STREAMS * UNROLL; t++)
        for (int lane = 0; lane < LANES; lane++)
            result += total[t][lane];
    return result;
}

static volatile float sink; /* keeps the sums from being optimised away */

static double pass(const float *data, size_t count)
{
    double start = omp_get_wtime();
    float result = 0;
#pragma omp parallel reduction(+ : result)
    {
        size_t share = count / omp_get_num_threads() / LANES * LANES;
        result += sum(data + share * omp_get_thread_num(), share);
    }
    sink = result;
    return omp_get_wtime() - start;
}

int main(void)
{
    size_t bytes;
    int repeats;
    while (scanf("%zu %d", &bytes, &repeats) == 2) {
        float *data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (data == MAP_FAILED)
            return 1;
        madvise(data, bytes, MADV_HUGEPAGE);
        memset(data, 0, bytes);
        for (int i = 0; i < repeats; i++)
            printf("%.6f%c", pass(data, bytes / sizeof(float)), i + 1 < repeats ? ' ' : '\n');
        fflush(stdout);
        munmap(data, bytes);
    }
    return 0;
}
