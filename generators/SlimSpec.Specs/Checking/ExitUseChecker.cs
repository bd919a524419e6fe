using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks what goes together in <c>exits:</c>: mode, scope, cache, head and what decides.</summary>
/// <param name="exits">The section, of a mode other than off.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ExitUseChecker(Section exits, Reporter report)
{
    private const string PromptLast = "prompt_last";
    private static readonly string[] Verified = ["adaptive_verified", "self_speculative"];
    private static readonly string[] Decided = ["simulate", "adaptive", "adaptive_verified"];

    private readonly Field<string> _mode = exits.Get(ExitKeys.Mode);

    /// <summary>Reports everything.</summary>
    /// <param name="layers">After how many layers tokens may leave.</param>
    /// <param name="sizes">The sizes after all cuts, or null where they cannot be told.</param>
    public void Check(IReadOnlyList<int> layers, ModelSizes? sizes)
    {
        if (!_mode.IsWritten)
        {
            return;
        }

        CheckMode(layers);
        if (_mode.Value != "truncate")
        {
            CheckScope();
            CheckHead(sizes);
            CheckFeatures(layers.Count);
        }
    }

    private void CheckMode(IReadOnlyList<int> layers)
    {
        if (_mode.Value == "truncate")
        {
            var written = exits.Get(ExitKeys.Layers);
            if (written.State != FieldState.Bad && (layers.Count > 1 || (layers.Count == 1 && !written.IsWritten)))
            {
                report.Add(Rules.ExitMode, written.IsWritten ? written.Place : _mode.Place, $"mode truncate runs the first layers only: 'layers' must be the one count of them, and {(written.IsWritten ? $"says {layers.Count}" : "is not written")}");
            }

            RefuseAll("the model ends there", ExitKeys.Features, ExitKeys.Head, ExitKeys.Classifier, ExitKeys.Calibrate, ExitKeys.Kv);
        }
        else if (_mode.Value == "self_speculative")
        {
            RefuseAll("drafts end by their probability", ExitKeys.Features, ExitKeys.Classifier, ExitKeys.Calibrate);
        }

        if (Decided.Contains(_mode.Value) && exits.Get(ExitKeys.Calibrate).State == FieldState.Absent)
        {
            report.Add(Rules.ExitCalibration, _mode.Place, $"mode {_mode.Value} needs data to fit its classifier with: add calibrate: {{ dataset: ... }}");
        }
    }

    private void RefuseAll(string why, params Key[] keys)
    {
        foreach (var key in keys)
        {
            if (exits.PlaceOf(key) is { } place)
            {
                report.Add(Rules.ExitMode, place, $"mode {_mode.Value} has no use for '{key.Name}': {why}");
            }
        }
    }

    private void CheckScope()
    {
        var scope = exits.Get(ExitKeys.Scope);
        var policy = exits.Get(ExitKeys.Kv) is { IsWritten: true, Value: var kv } ? kv.Get(ExitCacheKeys.Policy) : default;
        if (scope.Value == PromptLast && Verified.Contains(_mode.Value))
        {
            report.Add(Rules.ExitScope, scope.Place, $"scope prompt_last gives one token, and mode {_mode.Value} confirms tokens together with those behind them: take mode adaptive, or scope decode");
        }

        if (!policy.IsWritten)
        {
            return;
        }

        if (scope.Value == PromptLast && policy.Value != "single_token")
        {
            report.Add(Rules.ExitScope, policy.Place, $"policy {policy.Value} is for tokens that others come behind, and scope prompt_last gives one: take policy single_token, or scope decode");
        }
        else if (scope.Value == "decode" && policy.Value == "single_token")
        {
            report.Add(Rules.ExitScope, policy.Place, "policy single_token lets no token follow, and scope decode gives more than one: take policy deferred or propagate, or scope prompt_last");
        }
        else if (policy.Value == "propagate" && Verified.Contains(_mode.Value))
        {
            report.Add(Rules.ExitScope, policy.Place, $"mode {_mode.Value} confirms tokens by the dense model's keys and values, and policy propagate makes others: take policy deferred");
        }
    }

    private void CheckHead(ModelSizes? sizes)
    {
        if (exits.Get(ExitKeys.Head) is not { IsWritten: true, Value: var head } || head.Get(ExitHeadKeys.Policy) is not { Value: "shortlist" or "lowrank" } policy)
        {
            return;
        }

        var isLowRank = policy.Value == "lowrank";
        if (isLowRank && _mode.Value == "self_speculative")
        {
            report.Add(Rules.ExitHead, policy.Place, "a head of low rank is fitted with the data of 'calibrate', for which mode self_speculative has no use: take policy shortlist or full");
        }

        if (sizes is null)
        {
            return;
        }

        var last = sizes.Architecture.Head[sizes.Architecture.Head.Count - 1];
        var axes = GraphAxes.OfHead(sizes.Architecture);
        var (rank, list, width, rows) = (head.Get(ExitHeadKeys.Rank), head.Get(ExitHeadKeys.Shortlist), sizes.InLayer(axes[last.Input()], 0), sizes.InLayer(axes[last.Name], 0));
        if (isLowRank && rank.HasValue && rank.Value >= width)
        {
            report.Add(Rules.ExitHead, rank.IsWritten ? rank.Place : policy.Place, $"a head of rank {rank.Value}{Default(rank)} is no cheaper than the whole one, which reads {width} channels: take a 'rank' below that, such as {System.Math.Max(1, width / 4)}");
        }

        if (list.HasValue && list.Value >= rows)
        {
            report.Add(Rules.ExitHead, list.IsWritten ? list.Place : policy.Place, $"a shortlist of {list.Value} tokens{Default(list)} leaves none of the vocabulary's {rows} out: take a 'shortlist' below that, such as {System.Math.Max(2, rows / 64)}");
        }
    }

    private void CheckFeatures(int checks)
    {
        foreach (var feature in checks == 1 ? exits.Get(ExitKeys.Features).Value ?? [] : [])
        {
            var value = feature.Value switch
            {
                "depth" => "the same",
                "same_argmax_run" => "1",
                var other => other.StartsWith("delta_", System.StringComparison.Ordinal) || other.StartsWith("cos_", System.StringComparison.Ordinal) ? "0" : null,
            };
            if (value is not null)
            {
                report.Add(Rules.IdleFeature, feature.Place, $"'{feature.Value}' is {value} at a token's first check, and there is no other: leave it out");
            }
        }
    }

    private static string Default(Field<int> field) => field.IsWritten ? "" : " (the default)";
}
