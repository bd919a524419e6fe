using System.Text.Json;
using SlimSpec.Specs;

namespace SlimSpec.Tests.Evaluation;

/// <summary>What templates say of rows, by Jinja2's and Python's meaning.</summary>
public class TemplateTests
{
    private const string Row = """
        {
          "goal": "Open a jar", "label": 1, "answer": true, "score": 0.5, "none": null, "emoji": "a\ud83d\ude00b", "padded": "  two  words ",
          "choices": { "text": ["one", "two", "three"], "label": ["A", "B", "C"] }, "answerKey": " B", "sentence": "Ann saw _ there", "empty": []
        }
        """;

    [Theory]
    [InlineData("Question: {{goal}}\nAnswer:", "Question: Open a jar\nAnswer:")]
    [InlineData("{{ doc.goal }} {{ doc['label'] }}", "Open a jar 1")]
    [InlineData("{{[goal, 'x']}}.", "['Open a jar', 'x'].")]
    [InlineData("{{ goal ~ label ~ answer ~ none ~ score }}", "Open a jar1TrueNone0.5")]
    [InlineData("{{ goal|lower|capitalize }}", "Open a jar")]
    [InlineData("{{ 'hELLO wORLD'|capitalize }}", "Hello world")]
    [InlineData("{{ padded|trim }}|{{ padded.lstrip() }}|{{ padded.rstrip() }}|", "two  words|two  words |  two  words|")]
    [InlineData("{{ padded.split()|join('-') }}", "two-words")]
    [InlineData("{{ 'a,b,,c'.split(',') }}", "['a', 'b', '', 'c']")]
    [InlineData("{{ 'a' if label == 1 else 'b' }}", "a")]
    [InlineData("{{ 'a' if not answer else 'b' if label > 3 else 'c' }}", "c")]
    [InlineData("{{ goal.replace('jar', 'door').upper() }}", "OPEN A DOOR")]
    [InlineData("{{ 'x [title] y'|replace(' [title]', '. ')|regex_replace('\\[.*?\\]', '') }}", "x.  y")]
    [InlineData("{{ 'ab12cd'|regex_replace('([a-z])([0-9])', '\\2\\1$') }}", "a1b$2cd")]
    [InlineData("{{ sentence[sentence.index('_') + 1:]|trim }}", "there")]
    [InlineData("{{ sentence[:sentence.index('_')] ~ goal }}", "Ann saw Open a jar")]
    [InlineData("{{ emoji[1] ~ emoji[2] ~ emoji|length ~ emoji[-1:] }}", "\ud83d\ude00b3b")]
    [InlineData("{{ choices.text[-1] ~ choices.text|first ~ choices.text|last ~ choices['label'][0] }}", "threeonethreeA")]
    [InlineData("{{ choices.text|map('replace', 'o', '0')|map('upper')|join(', ') }}", "0NE, TW0, THREE")]
    [InlineData("{{ choices.text[1:] + ['four'] }}", "['two', 'three', 'four']")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 + 3 * 4 }} {{ (2 + 3) * 4 }} {{ 1.5 + 1.5 }}", "3 -4 2 3.5 14 20 3.0")]
    [InlineData("{{ 'op' in goal|lower and 'goal' in doc and 'x' not in doc }}", "True")]
    [InlineData("{{ empty or 'nothing' }} {{ label and 'some' }} {{ not empty }}", "nothing some True")]
    [InlineData("{{ goal.startswith('Open') }} {{ goal.endswith('x') }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ [1, 'a'] == [1, 'a'] }}", "True False True True True True")]
    [InlineData("{{ '-'.join(['a', 'b']) }} {{ 3|string + '4' }} {{ ' 12 '|int + 1 }} {{ answer|int }} {{ 2.9|int }}", "a-b 34 13 1 2")]
    [InlineData("{{ \"it's\" ~ 'a\\'b\\n\\u0041' }}", "it'sa'b\nA")]
    [InlineData("a {#- no comment -#} b {{- ' c ' -}} d", "ab c d")]
    [InlineData("{{ [\"it's\", none, true, 0.25, {}] }}", null)]
    [InlineData("plain } text { } }}", "plain } text { } }}")]
    [InlineData("", "")]
    public void Templates_say_what_Jinja2_says(string template, string? expected)
    {
        if (expected is null)
        {
            Should.Throw<TemplateException>(() => Template.Parse(template)).Placed.ShouldBe("character 31: '{' is no part of an expression");
            return;
        }

        TemplateValues.Text(Value(template)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Question: {{question}}\nAnswer:", "{{choices.label.index(answerKey)}}", "{{choices.text}}", "Question: Why?\nAnswer:", 2, "c")] // ARC
    [InlineData("question", "{{choices.label.index(answerKey.lstrip())}}", "{{choices.text}}", "Why?", 2, "c")] // OpenBookQA
    [InlineData("{{passage}}\nQuestion: {{question}}?\nAnswer:", "label", "{{['no', 'yes']}}", "P.\nQuestion: Why??\nAnswer:", 1, "no")] // BoolQ
    public void The_templates_of_lm_evaluation_harness_run_unchanged(string text, string target, string choice, string context, int gold, string last)
    {
        var row = Fields("""{ "question": "Why?", "passage": "P.", "label": 1, "answerKey": "3", "choices": { "text": ["a", "b", "c"], "label": ["1", "2", "3"] } }""");
        var values = new TemplateEvaluator(row);
        values.Value(Template.ParseField(text)).ShouldBe(context);
        values.Value(Template.ParseField(target)).ShouldBe((long)gold);
        ((IReadOnlyList<object?>)values.Value(Template.ParseField(choice))!).ShouldContain(last);
    }

    [Fact]
    public void One_expression_alone_keeps_its_value()
    {
        Value("{{ label }}").ShouldBe(1L);
        Value("{{ choices.text }}").ShouldBe(new object?[] { "one", "two", "three" });
        Value("{{ label }} ").ShouldBe("1 ");
        new TemplateEvaluator(Fields(Row)).Value(Template.ParseField("label")).ShouldBe(1L);
        Value("label").ShouldBe("label");
    }

    [Fact]
    public void Several_templates_can_be_one_list()
    {
        var list = Template.ListOf(["no", "it's {{goal}} or\n{{ 'a' if label else 'b' }}", "", "\\n"]);
        Value(list).ShouldBe(new object?[] { "no", "it's Open a jar or\na", "", "\\n" });
    }

    [Theory]
    [InlineData("{% if a %}x{% endif %}", 1, "statements ({% ... %}) are not part of the language")]
    [InlineData("ab {{ goal", 11, "the expression does not end: '}}' is missing")]
    [InlineData("{{ goal | tirm }}", 11, "there is no filter 'tirm'")]
    [InlineData("{{ goal.trim() }}", 9, "there is no method 'trim'")]
    [InlineData("{{ goal|replace('a') }}", 9, "the filter 'replace' takes 2 arguments, not 1")]
    [InlineData("{{ a|map(b) }}", 10, "the first argument of 'map' must be the name of a filter")]
    [InlineData("{{ a|map('repalce', 'x', 'y') }}", 10, "there is no filter 'repalce'")]
    [InlineData("{{ a|regex_replace('(', '') }}", 20, "'(' is no regular expression")]
    [InlineData("{{ 'abc }}", 4, "the text that begins here does not end")]
    [InlineData("{{ a is defined }}", 6, "tests with 'is' are not part of the language")]
    [InlineData("{{ 1 < a < 3 }}", 10, "comparisons are not chained")]
    [InlineData("{{ }}", 4, "the expression ends where a field")]
    [InlineData("{{ a b }}", 6, "'b' stands where an operator or '}}' is expected")]
    [InlineData("{{ [a, }}", 8, "the expression ends where a field")]
    [InlineData("{{ a & b }}", 6, "'&' is no part of an expression")]
    [InlineData("{# no end", 1, "the comment does not end")]
    public void What_cannot_be_read_is_named_with_its_place(string template, int character, string message) =>
        Should.Throw<TemplateException>(() => Template.Parse(template)).Placed.ShouldStartWith($"character {character}: {message}");

    [Theory]
    [InlineData("{{ gaol }}", "character 4: there is no field 'gaol'")]
    [InlineData("{{ choices.texts }}", "character 12: there is no field 'texts'")]
    [InlineData("{{ goal.text }}", "character 9: 'Open a jar' has no field 'text'")]
    [InlineData("{{ choices.label.index(answerKey) }}", "character 18: ' B' is not in the list ['A', 'B', 'C']")]
    [InlineData("{{ choices.text[3] }}", "character 16: there is no item 3 of 3")]
    [InlineData("{{ goal + label }}", "character 9: '+' does not go with 'Open a jar' and 1")]
    [InlineData("{{ label|trim }}", "character 10: 'trim' takes a text, not 1")]
    [InlineData("{{ goal|int }}", "character 9: 'Open a jar' is no whole number")]
    [InlineData("{{ 1 // 0 }}", "character 6: a number is divided by zero")]
    [InlineData("{{ empty|first }}", "character 10: 'first' of nothing: the list is empty")]
    [InlineData("{{ ('a' * 3) }}", "character 9: '*' does not go with 'a' and 3")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'|regex_replace('^(a+)+$', '') }}", "character 48: the pattern '^(a+)+$' takes more than 2 seconds")]
    public void What_has_no_value_for_a_row_is_named_with_its_place(string template, string message) =>
        Should.Throw<TemplateException>(() => Value(template)).Placed.ShouldStartWith(message);

    [Fact]
    public void Hostile_templates_are_refused_not_crashed_on()
    {
        Should.Throw<TemplateException>(() => Template.Parse($"{{{{ {new string('(', 100_000)}")).Message.ShouldContain("brackets");
        Should.Throw<TemplateException>(() => Template.Parse($"{{{{ {new string('-', 100_000)}1 }}}}")).Message.ShouldContain("signs");
        Should.Throw<TemplateException>(() => Template.Parse($"{{{{ 1{string.Concat(Enumerable.Repeat("+1", 100_000))} }}}}")).Message.ShouldContain("words");
        Should.Throw<TemplateException>(() => Template.Parse($"{{{{ {string.Concat(Enumerable.Repeat("not ", 100_000))}1 }}}}")).Message.ShouldContain("words");
        Should.Throw<TemplateException>(() => Template.Parse($"{{{{ a if b else {string.Concat(Enumerable.Repeat("a if b else ", 1000))}1 }}}}"));
    }

    private static object? Value(string template) => new TemplateEvaluator(Fields(Row)).Value(Template.Parse(template));

    private static Dictionary<string, object?> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => TemplateValues.Of(field.Value));
    }
}
