namespace SlimSpec;

/// <summary>
/// Makes a partial class a recipe: the attributes beside this one say what a <c>.slim.yaml</c> would, and the build adds the same members to
/// the class. It stands for <c>spec: 1</c>, the class's name for <c>name:</c>.
/// </summary>
/// <remarks>
/// Properties are the keys of the language in Pascal case: <c>lora_r</c> is <see cref="RecoverLoraAttribute.LoraR"/>, <c>first</c> within
/// <c>protect</c> is <see cref="CutWidthAttribute.ProtectFirst"/>. What is wrong is reported at the argument.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SlimRecipeAttribute : Attribute;
