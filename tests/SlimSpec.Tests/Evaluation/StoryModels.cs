namespace SlimSpec.Tests.Evaluation;

/// <summary>The published story models beside the repository.</summary>
internal static class StoryModels
{
    /// <summary>One of them with its weights.</summary>
    public static CausalLM Load(string name, HuggingFaceFolder folder, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        Recipe recipe = name == "lm-stories260K" ? Stories260K.Instance : Stories3M.Instance;
        folder.Check(recipe);
        var model = recipe.CreateModel(recipe.Dense, dtype, torch.CPU);
        folder.LoadInto(model);
        return model;
    }
}
