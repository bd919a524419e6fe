namespace SlimSpec;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix in float64, by cyclic Jacobi rotations (Golub and Van Loan, section 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>Eigenvalues, largest first, and the eigenvectors as columns, row by row.</summary>
    /// <param name="matrix">The matrix row by row; only read.</param>
    /// <param name="size">Its rows and columns.</param>
    public static (double[] Values, double[] Vectors) Solve(double[] matrix, int size)
    {
        var a = (double[])matrix.Clone();
        var v = new double[size * size]; // eigenvectors as rows, so that a rotation runs along memory
        for (var i = 0; i < size; i++)
        {
            v[(i * size) + i] = 1;
        }

        for (var sweep = 0; sweep < MostSweeps && !IsDiagonal(a, size); sweep++)
        {
            for (var p = 0; p < size - 1; p++)
            {
                for (var q = p + 1; q < size; q++)
                {
                    Rotate(a, v, size, p, q);
                }
            }
        }

        var order = Enumerable.Range(0, size).OrderByDescending(i => a[(i * size) + i]).ToArray();
        var vectors = new double[size * size];
        for (var column = 0; column < size; column++)
        {
            for (var row = 0; row < size; row++)
            {
                vectors[(row * size) + column] = v[(order[column] * size) + row];
            }
        }

        return ([.. order.Select(i => a[(i * size) + i])], vectors);
    }

    private static bool IsDiagonal(double[] a, int size)
    {
        var (off, all) = (0.0, 0.0);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var square = a[(i * size) + j] * a[(i * size) + j];
                all += square;
                off += i == j ? 0 : square;
            }
        }

        return off <= all * 1e-30;
    }

    private static void Rotate(double[] a, double[] v, int size, int p, int q)
    {
        var apq = a[(p * size) + q];
        if (apq == 0)
        {
            return;
        }

        var theta = (a[(q * size) + q] - a[(p * size) + p]) / (2 * apq);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        Mix(a.AsSpan(p * size, size), a.AsSpan(q * size, size), c, s);
        for (var row = 0; row < size * size; row += size)
        {
            var (x, y) = (a[row + p], a[row + q]);
            (a[row + p], a[row + q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }

        Mix(v.AsSpan(p * size, size), v.AsSpan(q * size, size), c, s);
    }

    private static void Mix(Span<double> left, Span<double> right, double c, double s)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var (x, y) = (left[i], right[i]);
            (left[i], right[i]) = ((c * x) - (s * y), (s * x) + (c * y));
        }
    }
}
