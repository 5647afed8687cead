namespace ExternalAction.Gateway.Rest;

/// <summary>
/// A path of google.api.http, taken apart: <c>/v1/{name=shelves/*/books/*}:close</c> has four segments of which the last
/// four belong to the variable <c>name</c>, and the verb <c>close</c>. A star stands for one segment, two stars (at the end only)
/// for any number of them.
/// </summary>
/// <remarks>
/// Verbs are literal. A colon in the last segment of a request always begins a verb, so a value with a colon is sent as
/// <c>%3A</c>; what cannot be told apart is refused rather than guessed.
/// </remarks>
internal sealed class PathTemplate
{
    /// <summary>One segment.</summary>
    public const string One = "*";

    /// <summary>Any number of segments, at the end.</summary>
    public const string Rest = "**";

    private PathTemplate(string text, IReadOnlyList<string> segments, IReadOnlyList<Variable> variables, string verb)
    {
        Text = text;
        Segments = segments;
        Variables = variables;
        Verb = verb;
    }

    /// <summary>A variable covers the segments from <paramref name="Start"/> on, as many as <paramref name="Length"/> says.</summary>
    /// <param name="Field">The request's field, a path of proto names: <c>book.name</c>.</param>
    /// <param name="Start">Index of its first segment.</param>
    /// <param name="Length">How many segments of the template it covers.</param>
    public sealed record Variable(string Field, int Start, int Length);

    /// <summary>As written in the contract.</summary>
    public string Text { get; }

    /// <summary>Literals, <see cref="One"/> and <see cref="Rest"/>.</summary>
    public IReadOnlyList<string> Segments { get; }

    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>What follows the colon; empty when there is none.</summary>
    public string Verb { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is not one that the gateway can serve.</exception>
    public static PathTemplate Parse(string text)
    {
        if (!text.StartsWith('/'))
        {
            throw new FormatException($"{text}: a path begins with a slash.");
        }

        var (path, verb) = SplitVerb(text);
        var segments = new List<string>();
        var variables = new List<Variable>();
        for (var at = 1; at <= path.Length;)
        {
            var end = path[at..].StartsWith('{') ? path.IndexOf('}', at) + 1 : path.IndexOf('/', at);
            end = end <= 0 ? path.Length : end;
            if (end < path.Length && path[end] != '/')
            {
                throw new FormatException($"{text}: a variable takes whole segments.");
            }

            var part = path[at..end];
            if (part.StartsWith('{'))
            {
                var inner = part.TrimStart('{').TrimEnd('}').Split('=', 2);
                var covered = (inner.Length == 2 ? inner[1] : One).Split('/');
                variables.Add(new Variable(inner[0], segments.Count, covered.Length));
                segments.AddRange(covered);
            }
            else
            {
                segments.Add(part);
            }

            at = end + 1;
        }

        if (segments.Exists(string.IsNullOrEmpty) || segments[..^1].Contains(Rest) || segments.Exists(s => s.AsSpan().ContainsAny("{}")))
        {
            throw new FormatException($"{text}: an empty segment, an open brace, or ** before the end.");
        }

        return new PathTemplate(text, segments, variables, verb);
    }

    /// <summary>The colon after the last slash and the last brace begins the verb.</summary>
    private static (string Path, string Verb) SplitVerb(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOfAny(['/', '}']) ? (text[..colon], text[(colon + 1)..]) : (text, "");
    }
}
