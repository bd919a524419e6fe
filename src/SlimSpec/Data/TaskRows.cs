namespace SlimSpec;

/// <summary>
/// What a step of a classification draws from its training data, by its seed: first the demonstrations, then the rows held out, then the shots of each
/// class. No row is two of these. The objectives of one task draw the same, whether they show the demonstrations or not.
/// </summary>
/// <param name="Demonstrations">Solved examples, in the order in which prompts show them.</param>
/// <param name="Training">Rows to train on.</param>
/// <param name="Validation">Rows held out.</param>
internal sealed record TaskRows(IReadOnlyList<LabelledRow> Demonstrations, IReadOnlyList<LabelledRow> Training, IReadOnlyList<LabelledRow> Validation)
{
    /// <summary>Reads and draws.</summary>
    /// <exception cref="SlimException">The data cannot be read, or has too few rows of a class.</exception>
    public static TaskRows Draw(RecoveryStep step, DataCounts counts)
    {
        var task = step.Task!;
        var rows = LabelledRow.Read(step.Dataset, task, counts).ToArray();
        new SeededRandom(step.Seed, DataStreams.Split).Shuffle<LabelledRow>(rows);

        var (demonstrations, others) = FirstOfEachClass(rows, task.Demonstrations);
        var held = ValidationSplit.Count(step.ValSetSize, others.Count);
        var training = task.Shots is { } shots ? FirstOfEachClass(others[held..], shots).Taken : others[held..];
        foreach (var (name, number) in task.LabelWords.Keys.Select((name, number) => (name, number)))
        {
            Require(rows.Count(row => row.Class == number), demonstrations.Count(row => row.Class == number), training.Count(row => row.Class == number), name);
        }

        return new(InTurn(demonstrations), training, others[..held]);

        void Require(int all, int shown, int trained, string name)
        {
            if (shown < task.Demonstrations || trained < (task.Shots ?? 1))
            {
                throw new SlimException($"{step.Dataset.Path}: the class '{name}' of the task '{task.Name}' has {all} rows; {trained} are left to train on behind {shown} demonstrations and what val_set_size holds out, but it takes {task.Demonstrations} demonstrations and {(task.Shots is { } shots ? $"{shots} shots" : "a row to train on")}");
            }
        }
    }

    // Class after class, then the second of each, as the prompts of GNNavi (Yuan et al. 2024) and "Label Words are Anchors" (Wang et al. 2023) have them.
    private static List<LabelledRow> InTurn(IEnumerable<LabelledRow> demonstrations) =>
        [.. demonstrations.GroupBy(row => row.Class).SelectMany(rows => rows.Index()).OrderBy(entry => entry.Index).ThenBy(entry => entry.Item.Class).Select(entry => entry.Item)];

    private static (List<LabelledRow> Taken, List<LabelledRow> Others) FirstOfEachClass(IEnumerable<LabelledRow> rows, int count)
    {
        var (taken, others) = (new List<LabelledRow>(), new List<LabelledRow>());
        var found = new Dictionary<int, int>();
        foreach (var row in rows)
        {
            var before = found.GetValueOrDefault(row.Class);
            (before < count ? taken : others).Add(row);
            found[row.Class] = before + 1;
        }

        return (taken, others);
    }
}
