using System.Security.Cryptography;
using System.Text;

namespace SlimSpec;

/// <summary>A row of a task as it is put to a model.</summary>
/// <param name="Doc">The row, from 0.</param>
/// <param name="Choices">What is scored, in the order of the choices.</param>
/// <param name="Gold">The right choice, from 0.</param>
internal sealed record MultipleChoiceItem(int Doc, IReadOnlyList<ScoredChoice> Choices, int Gold)
{
    /// <summary>First 16 hexadecimal digits of SHA-256 over context, continuation, context, ..., joined by a zero character.</summary>
    public string TextHash => Hash(Encoding.UTF8.GetBytes(string.Join('\0', Choices.SelectMany(choice => new[] { choice.Context, choice.Continuation }))));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
}

/// <summary>A choice.</summary>
/// <param name="Context">What comes before what is scored.</param>
/// <param name="Continuation">What is scored.</param>
/// <param name="Characters">Unicode code points of the choice itself.</param>
internal readonly record struct ScoredChoice(string Context, string Continuation, int Characters);
