using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>The filters and methods of templates, and how many arguments they take: a subset of Jinja2's and Python's.</summary>
internal static class TemplateNames
{
    /// <summary>The filter whose first argument names another one.</summary>
    public const string Map = "map";

    /// <summary>The filter whose first argument is a pattern.</summary>
    public const string RegexReplace = "regex_replace";

    private static readonly Dictionary<string, (int Least, int Most)> Filters = new()
    {
        ["trim"] = (0, 1),
        ["lower"] = (0, 0),
        ["upper"] = (0, 0),
        ["capitalize"] = (0, 0),
        ["replace"] = (2, 2),
        [RegexReplace] = (2, 2),
        ["length"] = (0, 0),
        ["first"] = (0, 0),
        ["last"] = (0, 0),
        ["join"] = (0, 1),
        ["int"] = (0, 0),
        ["string"] = (0, 0),
        ["list"] = (0, 0),
        [Map] = (1, 3),
    };

    private static readonly Dictionary<string, (int Least, int Most)> Methods = new()
    {
        ["index"] = (1, 1),
        ["strip"] = (0, 1),
        ["lstrip"] = (0, 1),
        ["rstrip"] = (0, 1),
        ["replace"] = (2, 2),
        ["split"] = (0, 1),
        ["lower"] = (0, 0),
        ["upper"] = (0, 0),
        ["capitalize"] = (0, 0),
        ["startswith"] = (1, 1),
        ["endswith"] = (1, 1),
        ["join"] = (1, 1),
    };

    /// <summary>Refuses a filter that is not known or has not as many arguments as it takes.</summary>
    /// <exception cref="TemplateException">It is.</exception>
    public static void CheckFilter(string name, IReadOnlyList<TemplateExpression> arguments, int at)
    {
        Check("filter", Filters, name, arguments.Count, at);
        if (name == RegexReplace && arguments[0] is TemplateConstant { Value: string pattern })
        {
            CheckPattern(pattern, arguments[0].At);
        }

        if (name != Map)
        {
            return;
        }

        if (arguments[0] is not TemplateConstant { Value: string inner } || inner == Map)
        {
            throw new TemplateException("the first argument of 'map' must be the name of a filter in quotation marks, such as map('trim')", arguments[0].At);
        }

        CheckFilter(inner, [.. arguments.Skip(1)], arguments[0].At);
    }

    /// <summary>Refuses a method that is not known or has not as many arguments as it takes.</summary>
    /// <exception cref="TemplateException">It is.</exception>
    public static void CheckMethod(string name, IReadOnlyList<TemplateExpression> arguments, int at) => Check("method", Methods, name, arguments.Count, at);

    private static void Check(string kind, Dictionary<string, (int Least, int Most)> all, string name, int arguments, int at)
    {
        if (!all.TryGetValue(name, out var takes))
        {
            throw new TemplateException($"there is no {kind} '{name}'", at, name, all.Keys);
        }

        if (arguments < takes.Least || arguments > takes.Most)
        {
            var number = takes.Least == takes.Most ? $"{takes.Least}" : $"{takes.Least} to {takes.Most}";
            throw new TemplateException($"the {kind} '{name}' takes {number} argument{(takes.Most == 1 ? "" : "s")}, not {arguments}", at);
        }
    }

    private static void CheckPattern(string pattern, int at)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (System.ArgumentException failure)
        {
            throw new TemplateException($"'{pattern}' is no regular expression ({failure.Message})", at);
        }
    }
}
