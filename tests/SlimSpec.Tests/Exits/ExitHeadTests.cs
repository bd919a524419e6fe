namespace SlimSpec.Tests.Exits;

/// <summary>Full, shortlist and low-rank heads against the whole head's logits.</summary>
public class ExitHeadTests
{
    private const int Vocabulary = 301;
    private const int Width = 24;

    public static TheoryData<torch.ScalarType, bool> Kinds => new() { { torch.ScalarType.Float32, true }, { torch.ScalarType.Float32, false }, { torch.ScalarType.Float64, true } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_full_head_reads_the_whole_vocabulary(torch.ScalarType dtype, bool bias)
    {
        using var scope = torch.NewDisposeScope();
        var source = Source(dtype, bias);
        using var head = new FullHead(source.Logits);
        foreach (var row in Rows(dtype, 5))
        {
            var logits = Floats(All(source, row));
            head.BeginToken();

            var reading = head.Read(row);

            reading.TopId.ShouldBe(Array.IndexOf(logits, logits.Max()));
            reading.TopProb.ShouldBe(LogitReader.Read(logits).TopProb, 1e-6f);
            head.LastLogits.ToArray().ShouldBe(logits);
            head.LastIds.IsEmpty.ShouldBeTrue();
            head.Confirm(row).ShouldBe(reading.TopId);
        }

        head.FullHeads.ShouldBe(5); // a confirmation is what was read
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shortlist_keeps_the_first_checks_likeliest_and_gives_their_exact_logits(torch.ScalarType dtype, bool bias)
    {
        const int Count = 17;
        using var scope = torch.NewDisposeScope();
        var source = Source(dtype, bias);
        using var head = new ShortlistHead(source, Count, null);
        for (var token = 0; token < 3; token++)
        {
            var rows = Rows(dtype, 4, seed: token);
            var first = Floats(All(source, rows[0]));
            var ids = Enumerable.Range(0, Vocabulary).OrderByDescending(id => first[id]).Take(Count).Order().ToArray();
            head.BeginToken();
            for (var check = 0; check < rows.Count; check++)
            {
                var logits = Floats(All(source, rows[check]));
                var listed = ids.Select(id => logits[id]).ToArray();

                var reading = head.Read(rows[check]);

                head.LastIds.ToArray().ShouldBe(ids);
                head.LastLogits.ToArray().ShouldBe(listed); // to the bit
                reading.TopId.ShouldBe(ids[Array.IndexOf(listed, listed.Max())]);
                reading.TopProb.ShouldBe(LogitReader.Read(listed).TopProb, 1e-5f);
                reading.Entropy.ShouldBe(LogitReader.Read(listed).Entropy, 1e-4f);
                head.Confirm(rows[check]).ShouldBe(Array.IndexOf(logits, logits.Max()));
                head.Confirm(rows[check]).ShouldBe(Array.IndexOf(logits, logits.Max()));
            }
        }

        head.FullHeads.ShouldBe(3 * 4); // the first check's confirmation needs no second pass, and no confirmation is made twice
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_low_rank_head_of_full_rank_lists_the_likeliest_without_the_whole_head(torch.ScalarType dtype, bool bias)
    {
        const int Count = 9;
        using var scope = torch.NewDisposeScope();
        var source = Source(dtype, bias);
        using var factors = LowRankFit.Fit(source.Weight, source.Bias, torch.stack([.. Rows(dtype, 200, seed: 7)]), Width, seed: 1);
        using var head = new ShortlistHead(source, Count, factors.To(dtype, torch.CPU, Width));
        foreach (var row in Rows(dtype, 20, seed: 8))
        {
            var logits = Floats(All(source, row));
            head.BeginToken();

            var reading = head.Read(row);

            head.LastIds.ToArray().ShouldBe(Enumerable.Range(0, Vocabulary).OrderByDescending(id => logits[id]).Take(Count).Order());
            reading.TopId.ShouldBe(Array.IndexOf(logits, logits.Max()));
            head.FullHeads.ShouldBe(0);
        }

        head.Confirm(Rows(dtype, 1, seed: 9)[0]);
        head.FullHeads.ShouldBe(0 + 1);
    }

    [Fact]
    public void A_low_rank_head_is_the_best_one_for_the_states_by_its_closed_form()
    {
        const int Rank = 5;
        using var scope = torch.NewDisposeScope();
        var source = Source(torch.ScalarType.Float64, bias: true);
        var states = torch.stack([.. Rows(torch.ScalarType.Float64, 400, seed: 3)]);

        using var factors = LowRankFit.Fit(source.Weight, source.Bias, states, Rank, seed: 1);
        using var wide = factors.To(torch.ScalarType.Float64, torch.CPU, Rank);

        // W mu + b + W C^1/2 U U^T C^-1/2 (x - mu), roots and eigenvectors taken as written.
        var mean = states.mean([0]);
        var centred = states - mean;
        var weight = source.Weight - source.Weight.mean([0]);
        var (values, vectors) = Eigen(centred.t().matmul(centred) / 400);
        var root = (vectors * values.sqrt()).matmul(vectors.t());
        var inverse = (vectors / values.sqrt()).matmul(vectors.t());
        var (_, all) = Eigen(root.matmul(weight.t()).matmul(weight).matmul(root));
        var u = all.narrow(1, 0, Rank);
        var expected = centred.matmul(inverse).matmul(u).matmul(u.t()).matmul(root).matmul(weight.t()) + source.Weight.matmul(mean) + source.Bias!;
        var logits = torch.stack([.. Enumerable.Range(0, 400).Select(row => wide.Logits(states[row].unsqueeze(0)))]);

        // Both up to what all logits of a token have in common.
        Tensors.LargestDifference(logits - logits.mean([1], keepdim: true), expected - expected.mean([1], keepdim: true)).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Factors_of_one_seed_are_the_same_bit_for_bit_and_survive_their_file()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var source = Source(torch.ScalarType.Float32, bias: true);
        var states = torch.stack([.. Rows(torch.ScalarType.Float32, 50)]);
        using var first = LowRankFit.Fit(source.Weight, source.Bias, states, 6, seed: 4);
        using var again = LowRankFit.Fit(source.Weight, source.Bias, states, 6, seed: 4);

        first.Write(folder["exits.safetensors"]);
        using var read = LowRankFactors.Read(folder["exits.safetensors"]);

        foreach (var other in new[] { again, read })
        {
            foreach (var (left, right) in new[] { (first.Down, other.Down), (first.Up, other.Up), (first.Offset, other.Offset) })
            {
                Floats(left).ShouldBe(Floats(right));
            }
        }
    }

    [Fact]
    public void Fewer_states_than_ranks_leave_the_other_ranks_empty()
    {
        using var scope = torch.NewDisposeScope();
        var source = Source(torch.ScalarType.Float32, bias: false);
        var rows = Rows(torch.ScalarType.Float32, 4);

        using var factors = LowRankFit.Fit(source.Weight, source.Bias, torch.stack([.. rows.Select(source.Input)]), 12, seed: 0);

        foreach (var row in rows)
        {
            var (near, exact) = (factors.Logits(source.Input(row.unsqueeze(0))), All(source, row));
            Tensors.LargestDifference(near - near.mean(), exact - exact.mean()).ShouldBeLessThan(1e-3);
        }
    }

    [Fact]
    public void Eigenvectors_of_a_symmetric_matrix_give_it_back()
    {
        const int Size = 40;
        var random = new SeededRandom(5);
        var matrix = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * Size) + j] = matrix[(j * Size) + i] = random.NextNormal();
            }
        }

        var (values, vectors) = SymmetricEigen.Solve(matrix, Size);

        values.ShouldBe(values.OrderDescending());
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                Enumerable.Range(0, Size).Sum(k => vectors[(i * Size) + k] * values[k] * vectors[(j * Size) + k]).ShouldBe(matrix[(i * Size) + j], 1e-12);
                Enumerable.Range(0, Size).Sum(k => vectors[(k * Size) + i] * vectors[(k * Size) + j]).ShouldBe(i == j ? 1 : 0, 1e-12);
            }
        }
    }

    private static HeadSource Source(torch.ScalarType dtype, bool bias)
    {
        var random = new SeededRandom(11);
        var weight = Normals(random, Vocabulary * Width).reshape(Vocabulary, Width).to(dtype);
        var shift = bias ? Normals(random, Vocabulary).to(dtype) : null;
        torch.Tensor Input(torch.Tensor rows) => rows * 0.5;
        return new(rows => Kernels.linear(Input(rows), weight, shift), Input, weight, shift);
    }

    private static torch.Tensor All(HeadSource source, torch.Tensor row) => source.Logits(row.unsqueeze(0)).select(0, 0);

    // Some directions matter far more than others, as in a residual stream.
    private static List<torch.Tensor> Rows(torch.ScalarType dtype, int count, long seed = 0)
    {
        var random = new SeededRandom(seed, stream: 1);
        var scales = torch.arange(Width, dtype: torch.ScalarType.Float64).mul(-0.2).exp();
        return [.. Enumerable.Range(0, count).Select(_ => ((Normals(random, Width) * scales) + 0.3).to(dtype))];
    }

    private static torch.Tensor Normals(SeededRandom random, int count) => torch.tensor(Enumerable.Range(0, count).Select(_ => random.NextNormal()).ToArray());

    private static (torch.Tensor Values, torch.Tensor Vectors) Eigen(torch.Tensor matrix)
    {
        var size = (int)matrix.size(0);
        var (values, vectors) = SymmetricEigen.Solve(matrix.contiguous().data<double>().ToArray(), size);
        return (torch.tensor(values), torch.tensor(vectors, [size, size]));
    }

    private static float[] Floats(torch.Tensor x) => x.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
}
