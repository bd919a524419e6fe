using System.Text.Json;
using TorchSharp;

namespace SlimSpec.Benchmarks;

/// <summary>The arguments of one command.</summary>
internal readonly struct Arguments(JsonElement command)
{
    private readonly JsonElement _command = command;

    /// <summary>A string.</summary>
    public string Text(string name) => _command.GetProperty(name).GetString()!;

    /// <summary>An integer.</summary>
    public int Number(string name) => _command.GetProperty(name).GetInt32();

    /// <summary>A number.</summary>
    public double Real(string name) => _command.GetProperty(name).GetDouble();

    /// <summary>Sequences of token ids.</summary>
    public int[][] Sequences(string name) =>
        [.. _command.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    /// <summary>One sequence of token ids, <c>[1, tokens]</c>.</summary>
    public torch.Tensor Ids(string name) => torch.tensor(Numbers(_command.GetProperty(name))).unsqueeze(0);

    /// <summary>Sequences of token ids of one length, <c>[rows, tokens]</c>.</summary>
    public torch.Tensor Rows(string name)
    {
        var rows = _command.GetProperty(name).EnumerateArray().Select(Numbers).ToArray();
        return torch.tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, -1);
    }

    private static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt64())];
}
