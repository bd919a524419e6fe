using System.Diagnostics;

namespace SlimSpec;

/// <summary>
/// Multiple choice by log-likelihood (LLM-Pruner, section 4.1; lm-evaluation-harness 0.3): each choice is scored as a continuation of its
/// context, without BOS or EOS, by the sum of its tokens' log-probabilities over the whole vocabulary. Context and continuation are
/// tokenized apart. What is longer than the model's positions is cut off at the start.
/// </summary>
public static class MultipleChoice
{
    /// <summary>Answers the rows of a task.</summary>
    /// <param name="model">The model; its weights are read only.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="task">The task, its paths as they can be opened from here.</param>
    /// <param name="journal">Keeps the answers on disk, and has those that an earlier run gave; null: nothing is kept.</param>
    /// <param name="progress">Told after each pass.</param>
    /// <exception cref="SlimException">A row cannot be read, put into words or scored.</exception>
    public static MultipleChoiceResult Measure(
        CausalLM model, Tokenizer tokenizer, MultipleChoiceTask task, MultipleChoiceJournal? journal = null, Action<ProgressUpdate>? progress = null)
    {
        using var noGradients = torch.no_grad();
        var watch = Stopwatch.StartNew();
        ChoiceTokens[] items = [.. MultipleChoicePrompts.Render(task).Select(item => new ChoiceTokens(item, tokenizer, model.Shape, task.Task))];
        using var samples = journal?.Open(task, items);
        var answers = new MultipleChoiceAnswer?[items.Length];
        foreach (var item in items)
        {
            answers[item.Item.Doc] = samples?.Earlier(item);
        }

        // A pass is made anew as a whole, so that a run that was interrupted comes to the same bits.
        var left = ChoiceScorer.Pack(items).Where(pack => pack.Any(item => answers[item.Item.Doc] is null)).ToList();
        var (computed, total) = (0L, left.Sum(pack => pack.Sum(item => (long)item.Tokens)));
        foreach (var packs in left.Chunk(ChoiceScorer.PacksTogether(model)))
        {
            var scored = packs.SelectMany(pack => pack).ToList();
            foreach (var (item, scores) in scored.Zip(ChoiceScorer.Score(model, packs)))
            {
                var answer = Answer(item, scores, task.Task);
                answers[item.Item.Doc] = answer;
                samples?.Add(answer);
            }

            computed += scored.Sum(item => item.Tokens);
            progress?.Invoke(new(
                task.Task,
                answers.Count(answer => answer is not null),
                items.Length,
                $"{computed / watch.Elapsed.TotalSeconds:F0} tokens/s",
                watch.Elapsed.TotalSeconds / computed * (total - computed)));
        }

        samples?.Complete(answers!);
        return Result(model, task, items, answers!, computed, watch.Elapsed.TotalSeconds);
    }

    private static MultipleChoiceAnswer Answer(ChoiceTokens item, double[] scores, string task)
    {
        foreach (var (choice, score) in scores.Index())
        {
            if (!double.IsFinite(score))
            {
                throw new SlimException($"{task}: row {item.Item.Doc}: the log-likelihood of choice {choice} is {score}: the model's weights are not a trained model's, or overflow in this dtype.");
            }
        }

        return new()
        {
            Doc = item.Item.Doc,
            Gold = item.Item.Gold,
            LogLikelihoods = scores,
            Characters = [.. item.Item.Choices.Select(choice => choice.Characters)],
            ContextTokens = item.ContextTokens,
            ContinuationTokens = item.ContinuationTokens,
            Truncated = item.Truncated,
            TextSha256 = item.Item.TextHash,
        };
    }

    private static MultipleChoiceResult Result(
        CausalLM model, MultipleChoiceTask task, ChoiceTokens[] items, MultipleChoiceAnswer[] answers, long computed, double seconds)
    {
        var chance = answers.Average(answer => 1.0 / answer.LogLikelihoods.Count);
        var protocol = new ChoiceProtocol(task.Task, task.Dataset.Path, answers.Length, task.NumFewshot, task.Metrics[0], chance, model.Dtype.ToString().ToLowerInvariant());
        return new(answers, MultipleChoiceResult.ScoreOf(task, answers), protocol, items.Sum(item => (long)item.SequenceTokens), computed, seconds);
    }
}
