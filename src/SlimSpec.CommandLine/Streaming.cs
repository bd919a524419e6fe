namespace SlimSpec.CommandLine;

/// <summary>Whether a command holds its model in memory or reads it layer by layer.</summary>
internal static class Streaming
{
    // The rest is for gradients, activations and whoever else computes here.
    private const double Share = 0.6;

    /// <summary>Decides, and says so where nobody asked for it.</summary>
    /// <param name="job">The command.</param>
    /// <param name="shape">Sizes of its model.</param>
    /// <param name="trains">Whether the model will be trained.</param>
    /// <exception cref="SlimException">It will be trained, and <c>--stream</c> was given.</exception>
    public static bool IsDue(Job job, ModelShape shape, bool trains)
    {
        if (job.Stream is StreamChoice.Never)
        {
            return false;
        }

        if (job.Stream is StreamChoice.Asked)
        {
            return trains
                ? throw new SlimException($"--stream: recovery trains the model and needs it in memory: prune it with 'slim prune --stream', or take the 'recover' section out of {job.Recipe.SpecFile}")
                : true;
        }

        var (needed, free) = (shape.Parameters * SafetensorsDtype.Of(job.Dtype).Bytes, FreeMemory.Bytes);
        if (job.Device.type != DeviceType.CPU || needed <= Share * free)
        {
            return false;
        }

        job.Say(trains
            ? $"note: the weights take {Numbers.Scaled(needed)}B of {Numbers.Scaled(free)}B free memory; recovery needs them in it, so they are not streamed"
            : $"note: the weights would take {Numbers.Scaled(needed)}B of {Numbers.Scaled(free)}B free memory, so they are read layer by layer, as with --stream");
        return !trains;
    }
}

/// <summary>What a command line says of streaming.</summary>
internal enum StreamChoice
{
    /// <summary>The command needs the model in memory.</summary>
    Never,

    /// <summary>Nothing: where the model would not fit.</summary>
    WhereNeeded,

    /// <summary><c>--stream</c>.</summary>
    Asked,
}
