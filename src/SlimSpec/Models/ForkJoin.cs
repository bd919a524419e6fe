namespace SlimSpec;

/// <summary>
/// Divides work of some microseconds among as many threads as libtorch has. A token passes through several such products a layer, and a thread pool
/// would take as long to start its workers as they work. Here they look out for the next work for a while before they sleep, and take
/// chunks one by one, so that a worker which is given no processor holds nobody up.
/// </summary>
internal static unsafe class ForkJoin
{
    private const int Pauses = 4000; // some 100 microseconds, longer than what lies between two products
    private const int NoChunk = 1 << 30;

    private static readonly Lock Busy = new();
    private static readonly SemaphoreSlim Wake = new(0);
    private static readonly int Workers = StartWorkers(torch.get_num_threads() - 1);

    private static delegate*<void*, int, int, void> _work;
    private static void* _state;
    private static int _perChunk;
    private static int _chunks;
    private static int _next = NoChunk;
    private static int _round;
    private static int _running; // workers that may look at the fields above
    private static int _asleep;

    /// <summary>Does all chunks and returns when the last is done. Whoever comes while others are at it does its own alone.</summary>
    /// <param name="work">The work on one chunk: the state, <paramref name="perChunk"/>, the chunk.</param>
    /// <param name="state">What all chunks share.</param>
    /// <param name="perChunk">Handed on to the work.</param>
    /// <param name="chunks">How many there are.</param>
    public static void Run(delegate*<void*, int, int, void> work, void* state, int perChunk, int chunks)
    {
        if (chunks < 2 || Workers == 0 || !Busy.TryEnter())
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                work(state, perChunk, chunk);
            }

            return;
        }

        try
        {
            _work = work;
            _state = state;
            _perChunk = perChunk;
            _chunks = chunks;
            Volatile.Write(ref _next, 0);
            Interlocked.Increment(ref _round);
            if (Volatile.Read(ref _asleep) is > 0 and var asleep)
            {
                Wake.Release(asleep);
            }

            TakeChunks();

            // Whoever comes now finds none, whatever the next round's number of them; whoever took one has said before that it runs.
            Volatile.Write(ref _next, NoChunk);
            while (Volatile.Read(ref _running) > 0)
            {
                Thread.SpinWait(1);
            }
        }
        finally
        {
            Busy.Exit();
        }
    }

    private static void TakeChunks()
    {
        int chunk;
        while ((chunk = Interlocked.Increment(ref _next) - 1) < _chunks)
        {
            _work(_state, _perChunk, chunk);
        }
    }

    private static int StartWorkers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            new Thread(Work) { IsBackground = true, Name = "SlimSpec products" }.Start();
        }

        return Math.Max(0, count);
    }

    private static void Work()
    {
        var seen = 0;
        while (true)
        {
            seen = AwaitRoundAfter(seen);
            Interlocked.Increment(ref _running);
            TakeChunks();
            Interlocked.Decrement(ref _running);
        }
    }

    private static int AwaitRoundAfter(int seen)
    {
        for (var pauses = 0; Volatile.Read(ref _round) == seen; pauses++)
        {
            if (pauses < Pauses)
            {
                Thread.SpinWait(1);
                continue;
            }

            Interlocked.Increment(ref _asleep);
            if (Volatile.Read(ref _round) == seen)
            {
                Wake.Wait();
            }

            Interlocked.Decrement(ref _asleep);
            pauses = 0;
        }

        return Volatile.Read(ref _round);
    }
}
