namespace SlimSpec;

/// <summary>
/// Fits a head of low rank to hidden states. With mean mu and covariance C of the states x, the best rank-q stand-in for W x is
/// W mu + W C^1/2 U U^T C^-1/2 (x - mu), U the leading eigenvectors of C^1/2 W^T W C^1/2 (reduced-rank regression, Izenman 1975). The same
/// head is W mu + A A^T W (x - mu), A the leading left singular vectors of the states' logits: neither root nor inverse of C is needed.
/// What all logits have in common decides nothing, so it is taken out first. A is found by subspace iteration from a seeded start
/// (Halko, Martinsson and Tropp 2011), at 4 (vocab + states) width rank flops a round.
/// </summary>
internal static class LowRankFit
{
    private const int Oversampling = 16;
    private const int Rounds = 12;
    private const double Negligible = 1e-14;

    /// <summary>Fits the factors.</summary>
    /// <param name="weight">The head's weight, <c>[vocab, width]</c>.</param>
    /// <param name="bias">Its bias, <c>[vocab]</c>.</param>
    /// <param name="states">What the head reads, <c>[states, width]</c>, on the same device.</param>
    /// <param name="rank">The rank; at most the width.</param>
    /// <param name="seed">Seed of the start.</param>
    public static LowRankFactors Fit(torch.Tensor weight, torch.Tensor? bias, torch.Tensor states, int rank, int seed)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var precision = weight.dtype == torch.ScalarType.Float64 ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        var (w, x) = (weight.detach().to(precision), states.detach().to(precision));
        var mean = x.mean([0]);
        var centred = x - mean;
        var columns = (int)Math.Min(rank + Oversampling, Math.Min(w.size(0), w.size(1)));

        var basis = Orthonormal(Spread(w, centred, Start((int)w.size(1), columns, seed).to(precision).to(w.device)));
        for (var round = 0; round < Rounds; round++)
        {
            using var roundScope = torch.NewDisposeScope();
            basis = Orthonormal(Spread(w, centred, w.t().matmul(basis))).MoveToOuterDisposeScope();
        }

        // Within the basis, the directions in order of how much of the logits' variance they hold.
        var inside = centred.matmul(w.t().matmul(basis));
        var (_, rotation) = Eigenvectors(inside.t().matmul(inside));
        var up = basis.matmul(rotation.narrow(1, 0, rank));
        var down = up.t().matmul(w);
        var offset = w.matmul(mean) - up.matmul(down.matmul(mean));
        if (bias is not null)
        {
            offset += bias.to(precision);
        }

        torch.Tensor Stored(torch.Tensor t) => t.to(torch.ScalarType.Float32).cpu().contiguous().clone().DetachFromDisposeScope();
        return new(Stored(down), Stored(up), Stored(offset));
    }

    // Logits' covariance times directions given as [width, columns]: [vocab, columns], the mean over the vocabulary taken out.
    private static torch.Tensor Spread(torch.Tensor w, torch.Tensor centred, torch.Tensor directions)
    {
        var logits = w.matmul(centred.t().matmul(centred.matmul(directions)));
        return logits - logits.mean([0]);
    }

    private static torch.Tensor Start(int width, int columns, int seed)
    {
        var random = new SeededRandom(seed);
        var normals = new double[width * columns];
        for (var i = 0; i < normals.Length; i++)
        {
            normals[i] = random.NextNormal();
        }

        return torch.tensor(normals, [width, columns]);
    }

    // In float64, and twice: the first time leaves rounding where columns were nearly parallel. Directions that the states lack become 0.
    private static torch.Tensor Orthonormal(torch.Tensor y) => Once(Once(y.to(torch.ScalarType.Float64))).to(y.dtype);

    // Columns are brought to one length first: directions that matter little would otherwise be lost beside those that matter much.
    private static torch.Tensor Once(torch.Tensor y)
    {
        var lengths = y.square().sum([0]).sqrt();
        var even = y / torch.where(lengths.eq(0), torch.ones_like(lengths), lengths);
        var (values, vectors) = Eigenvectors(even.t().matmul(even));
        var scales = values.Select(value => value > Negligible * values[0] ? 1 / Math.Sqrt(value) : 0).ToArray();
        return even.matmul(vectors * torch.tensor(scales, device: y.device));
    }

    // Of a small symmetric matrix, largest first; vectors as columns, where the matrix is.
    private static (double[] Values, torch.Tensor Vectors) Eigenvectors(torch.Tensor matrix)
    {
        var size = (int)matrix.size(0);
        var (values, vectors) = SymmetricEigen.Solve(matrix.to(torch.ScalarType.Float64).cpu().contiguous().data<double>().ToArray(), size);
        return (values, torch.tensor(vectors, [size, size]).to(matrix.dtype).to(matrix.device));
    }
}
