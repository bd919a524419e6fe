using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks that what a configuration leaves of an architecture is a model.</summary>
internal sealed class ResolutionChecker(ArchitectureModel architecture, ArchitectureModel resolved, ConstantReader reader, Reporter report)
{
    /// <summary>Whether it is one; what is wrong in the configuration is reported there, else at <paramref name="at"/>.</summary>
    public bool Check(Place at)
    {
        var before = report.Count;
        var attentions = resolved.Layer.Where(node => node.Op == "attention").ToList();
        if (attentions.Count != 1)
        {
            Report(at, $"has {attentions.Count} attentions in a layer, and needs one");
        }

        CheckWeights(resolved.Layer, "layer", at);
        CheckWeights(new(resolved.Embedding.Concat(resolved.Head)), "embedding and head", at);
        foreach (var attention in attentions)
        {
            CheckScaling(attention);
        }

        return report.Count == before;
    }

    private void CheckWeights(EquatableArray<GraphNode> nodes, string section, Place at)
    {
        var names = nodes.Where(node => node.Pack is not { } pack || pack.Parts[0] == node.Name)
            .SelectMany(node => new[] { node.Weight, node.Attribute("alibi.slopes") }).OfType<string>();
        foreach (var name in names.GroupBy(name => name).Where(group => group.Count() > 1))
        {
            Report(at, $"has two weights called '{name.Key}' in its {section}");
        }
    }

    /// <summary>A scaling needs its parameters, which the configuration may lack.</summary>
    private void CheckScaling(GraphNode attention)
    {
        var scaling = attention.Attribute("rope.scaling");
        var written = architecture.Layer.First(node => node.Name == attention.Name);
        foreach (var parameter in RopeScaling.Of(scaling).Where(parameter => attention.Attribute(parameter) is null))
        {
            var source = architecture.Constants.FirstOrDefault(constant => constant.Name == written.Attribute(parameter));
            report.Add(
                Rules.Resolution,
                reader.PlaceOf(written.Attribute("rope.scaling")!),
                $"the scaling {scaling} of rotary positions needs '{source?.Key ?? parameter}'{(source is null ? $", which the architecture '{architecture.Name}' does not read" : "")}");
        }
    }

    private void Report(Place at, string what) =>
        report.Add(Rules.Resolution, at, $"with this configuration the architecture '{architecture.Name}' {what}");
}
