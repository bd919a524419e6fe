using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads an expression, with Jinja2's precedence.</summary>
internal sealed class TemplateParser
{
    private const int MostWords = 1000; // the evaluation of an expression is as deep as it is long at most
    private const int MostDepth = 50;
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] Keywords = ["and", "or", "not", "in", "is", "if", "else"];

    private readonly TemplateLexer _lexer;
    private TemplateToken _token;
    private int _words;
    private int _depth;

    /// <summary>Begins an expression.</summary>
    /// <param name="source">The template.</param>
    /// <param name="at">Where the expression begins in it, behind the two braces.</param>
    public TemplateParser(string source, int at)
    {
        _lexer = new(source, at);
        _token = _lexer.Next();
    }

    /// <summary>The expression, and where the braces behind it begin.</summary>
    /// <exception cref="TemplateException">It is none.</exception>
    public (TemplateExpression Expression, int End) Read()
    {
        var expression = Condition();
        return _token.Kind == TemplateTokenKind.End ? (expression, _token.At) : throw Unexpected("an operator or '}}'");
    }

    private TemplateExpression Condition()
    {
        if (++_depth > MostDepth)
        {
            throw new TemplateException($"more than {MostDepth} brackets are within each other", _token.At);
        }

        var value = Or();
        if (IsName("if"))
        {
            var at = Take().At;
            var test = Or();
            Expect("else");
            value = new TemplateCondition(at, test, value, Condition());
        }

        _depth--;
        return value;
    }

    private TemplateExpression Or() => Chain(And, "or");

    private TemplateExpression And() => Chain(Not, "and");

    private TemplateExpression Not()
    {
        var at = _token.At;
        var count = 0;
        for (; IsName("not"); Take())
        {
            count++;
        }

        var operand = Comparison();
        for (; count > 0; count--)
        {
            operand = new TemplateUnary(at, "not", operand);
        }

        return operand;
    }

    private TemplateExpression Comparison()
    {
        var left = Sum();
        if (ComparisonSign() is not { } sign)
        {
            return left;
        }

        var compared = new TemplateBinary(sign.At, sign.Text, left, Sum());
        return ComparisonSign() is { } second
            ? throw new TemplateException("comparisons are not chained; write 'and' between them", second.At)
            : compared;
    }

    private (int At, string Text)? ComparisonSign()
    {
        var at = _token.At;
        if (_token.Kind == TemplateTokenKind.Sign && Comparisons.Contains(_token.Text))
        {
            return (at, Take().Text);
        }

        if (IsName("is"))
        {
            throw new TemplateException("tests with 'is' are not part of the language; compare with ==, or ask with 'in' whether doc has a field", at);
        }

        var negated = IsName("not");
        if (negated)
        {
            Take();
        }

        if (!negated && !IsName("in"))
        {
            return null;
        }

        Expect("in");
        return (at, negated ? "not in" : "in");
    }

    private TemplateExpression Sum() => Chain(Concatenation, "+", "-");

    private TemplateExpression Concatenation() => Chain(Product, "~");

    private TemplateExpression Product() => Chain(() => Unary(), "*", "/", "//", "%");

    // A filter applies to what a minus makes, as in Jinja2.
    private TemplateExpression Unary(bool filtered = true)
    {
        TemplateExpression operand;
        if (IsSign("-"))
        {
            var at = Take().At;
            Deepen();
            operand = new TemplateUnary(at, "-", Unary(filtered: false));
            _depth--;
        }
        else
        {
            operand = Postfix(Primary());
        }

        while (filtered && IsSign("|"))
        {
            Take();
            var name = TakeName("the name of a filter");
            var arguments = IsSign("(") ? Arguments() : [];
            TemplateNames.CheckFilter(name.Text, arguments, name.At);
            operand = Postfix(new TemplateFilter(name.At, operand, name.Text, arguments));
        }

        return operand;
    }

    private TemplateExpression Postfix(TemplateExpression target)
    {
        while (true)
        {
            if (IsSign("."))
            {
                Take();
                var name = TakeName("the name of a field or method");
                if (!IsSign("("))
                {
                    target = new TemplateMember(name.At, target, name.Text);
                    continue;
                }

                var arguments = Arguments();
                TemplateNames.CheckMethod(name.Text, arguments, name.At);
                target = new TemplateCall(name.At, target, name.Text, arguments);
            }
            else if (IsSign("["))
            {
                target = Subscript(target);
            }
            else
            {
                return target;
            }
        }
    }

    private TemplateExpression Subscript(TemplateExpression target)
    {
        var at = Take().At;
        var from = IsSign(":") ? null : Condition();
        if (from is not null && !IsSign(":"))
        {
            ExpectSign("]");
            return new TemplateIndex(at, target, from);
        }

        ExpectSign(":");
        var to = IsSign("]") ? null : Condition();
        ExpectSign("]");
        return new TemplateSlice(at, target, from, to);
    }

    private TemplateExpression Primary()
    {
        switch (_token.Kind)
        {
            case TemplateTokenKind.Constant:
                var constant = Take();
                return new TemplateConstant(constant.At, constant.Value);
            case TemplateTokenKind.Name when !Keywords.Contains(_token.Text):
                var name = Take();
                return name.Text switch
                {
                    "true" or "True" => new TemplateConstant(name.At, true),
                    "false" or "False" => new TemplateConstant(name.At, false),
                    "none" or "None" => new TemplateConstant(name.At, null),
                    _ => new TemplateField(name.At, name.Text),
                };
            case TemplateTokenKind.Sign when IsSign("("):
                Take();
                var inner = Condition();
                ExpectSign(")");
                return inner;
            case TemplateTokenKind.Sign when IsSign("["):
                var at = _token.At;
                return new TemplateList(at, Items("]"));
            default:
                throw Unexpected("a field, a text in quotation marks, a number, a list or '('");
        }
    }

    private List<TemplateExpression> Arguments() => Items(")");

    private List<TemplateExpression> Items(string close)
    {
        Take();
        var items = new List<TemplateExpression>();
        while (!IsSign(close))
        {
            items.Add(Condition());
            if (!IsSign(close))
            {
                ExpectSign(",");
            }
        }

        Take();
        return items;
    }

    private TemplateExpression Chain(System.Func<TemplateExpression> operand, params string[] operators)
    {
        var left = operand();
        while (_token.Kind is TemplateTokenKind.Sign or TemplateTokenKind.Name && operators.Contains(_token.Text))
        {
            var sign = Take();
            left = new TemplateBinary(sign.At, sign.Text, left, operand());
        }

        return left;
    }

    private void Deepen()
    {
        if (++_depth > MostDepth)
        {
            throw new TemplateException($"more than {MostDepth} signs are within each other", _token.At);
        }
    }

    private bool IsSign(string sign) => _token.Kind == TemplateTokenKind.Sign && _token.Text == sign;

    private bool IsName(string name) => _token.Kind == TemplateTokenKind.Name && _token.Text == name;

    private TemplateToken Take()
    {
        if (++_words > MostWords)
        {
            throw new TemplateException($"the expression has more than {MostWords} words", _token.At);
        }

        var taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    private TemplateToken TakeName(string expected) => _token.Kind == TemplateTokenKind.Name ? Take() : throw Unexpected(expected);

    private void ExpectSign(string sign) => _ = IsSign(sign) ? Take() : throw Unexpected($"'{sign}'");

    private void Expect(string keyword) => _ = IsName(keyword) ? Take() : throw Unexpected($"'{keyword}'");

    private TemplateException Unexpected(string expected) =>
        new(_token.Kind == TemplateTokenKind.End ? $"the expression ends where {expected} is expected" : $"'{_token.Text}' stands where {expected} is expected", _token.At);
}
