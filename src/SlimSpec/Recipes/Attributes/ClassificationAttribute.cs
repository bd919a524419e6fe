namespace SlimSpec;

/// <summary>A classification of texts (an entry of <c>tasks:</c>).</summary>
/// <param name="name">Its name, by which recovery steps call it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ClassificationAttribute(string name) : Attribute
{
    /// <summary>The prompt: {text} stands for the text to classify, and the answer follows it. Required.</summary>
    public string? Template { get; set; }

    /// <summary>The classes and the words that name them in a prompt's answer, in order. Required. For example <c>"{ NUM: Number, LOC: Location }"</c>.</summary>
    public string? Labels { get; set; }

    /// <summary>Solved examples of each class that every prompt begins with, drawn from the training data by the step's seed and not trained on.</summary>
    public int Demonstrations { get; set; }

    /// <summary>Training examples of each class, drawn by the step's seed; all of them where absent.</summary>
    public int Shots { get; set; }

    /// <summary>What is trained on, with a label in each row: a path, or a mapping that says what is in the file. Required. For example <c>"{ path: data/train.csv, text: 1, label: 0 }"</c>.</summary>
    public string? Train { get; set; }

    /// <summary>What accuracy is measured on, as train. Required.</summary>
    public string? Test { get; set; }

    /// <summary>Its name.</summary>
    public string Name => name;
}
