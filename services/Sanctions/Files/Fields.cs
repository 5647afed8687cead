using System.Globalization;
using ExternalAction.Sanctions.Domain.Lists;

namespace ExternalAction.Sanctions.Files;

/// <summary>
/// The named texts of one element (XML attributes) or one block of columns (CSV), read by name into typed values. A value that
/// cannot be is reported to the entity's <see cref="Faults"/> and reading goes on. What was never asked for, and what was asked
/// for but missing, ends up in <see cref="Oddities"/>. One instance is reused for all elements of a kind.
/// </summary>
/// <param name="faults">Where a bad value is reported.</param>
/// <param name="emptyIsAbsent">CSV: an empty cell and a missing value are one; nothing is odd.</param>
internal sealed class Fields(Faults faults, bool emptyIsAbsent)
{
    private readonly List<(string Name, string Value)> _fields = [];
    private readonly List<bool> _used = [];
    private readonly List<Oddity> _oddities = [];
    private string _element = "";
    private int _line;
    private int _next;

    /// <summary>Whether any field has text.</summary>
    public bool HasText => _fields.Exists(entry => entry.Value.Length > 0);

    /// <summary>Starts anew for an element.</summary>
    public void Start(string element, int line)
    {
        _fields.Clear();
        _used.Clear();
        _oddities.Clear();
        (_element, _line, _next) = (element, line, 0);
    }

    /// <summary>Adds a field as the file has it.</summary>
    public void Add(string name, string value)
    {
        if (value.Length > faults.MaxTextLength)
        {
            faults.Report(_line, $"{_element}.{name}", $"The text is {value.Length} characters long; {faults.MaxTextLength} are allowed.");
            value = "";
        }

        _fields.Add((name, value));
        _used.Add(false);
    }

    /// <summary>Text that the format always prints.</summary>
    public string Text(string name) => Usual(name) ?? "";

    /// <summary>As <see cref="Text"/>, for values that repeat across the list.</summary>
    public string Pooled(string name) => Usual(name) is { } text ? Pool.Shared.Text(text) : "";

    /// <summary>Text that the format prints only where known.</summary>
    public string? Optional(string name) => Rare(name) is { } text ? Pool.Shared.Text(text) : null;

    /// <summary>A flag; false if empty or missing.</summary>
    public bool Flag(string name, bool otherwise = false)
    {
        switch (Usual(name))
        {
            case "true" or "1": return true;
            case "false" or "0": return false;
            case null: return otherwise;
            case "":
                Odd(name, "");
                return otherwise;
            case var text:
                faults.Report(_line, $"{_element}.{name}", $"'{Short(text)}' is neither true nor false.");
                return otherwise;
        }
    }

    /// <summary>The list's number of the element.</summary>
    public long? Id()
    {
        var text = Usual("logicalId");
        if (text is null or "")
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        faults.Report(_line, $"{_element}.logicalId", $"'{Short(text)}' is not a whole number.");
        return null;
    }

    /// <summary>A date that the format always prints, possibly empty.</summary>
    public DateOnly? Date(string name) => Usual(name) is { Length: > 0 } text ? Day(name, text) : null;

    /// <summary>A date that the format prints only where known.</summary>
    public DateOnly? OptionalDate(string name) => Rare(name) is { } text ? Day(name, text) : null;

    /// <summary>A whole number that the format prints only where known.</summary>
    public int? OptionalNumber(string name, int least, int most)
    {
        if (Rare(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Report(_line, $"{_element}.{name}", $"'{Short(text)}' is not a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>Country code and description.</summary>
    public Country Country()
    {
        var code = Pooled("countryIso2Code");
        var description = Pooled("countryDescription");
        return Pool.Shared.Country(code, description);
    }

    /// <summary>Reports a value that fits by itself but not with the others.</summary>
    public void Contradiction(string name, string reason) => faults.Report(_line, $"{_element}.{name}", reason);

    /// <summary>How the source deviates in spelling; call it last.</summary>
    public Sequence<Oddity> Oddities()
    {
        if (emptyIsAbsent)
        {
            return [];
        }

        for (var i = 0; i < _fields.Count; i++)
        {
            if (!_used[i])
            {
                Odd(_fields[i].Name, _fields[i].Value);
            }
        }

        return _oddities.ToSequence();
    }

    private DateOnly? Day(string name, string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        faults.Report(_line, $"{_element}.{name}", $"'{Short(text)}' is not a date that exists; dates are written yyyy-mm-dd.");
        return null;
    }

    private string? Usual(string name)
    {
        var text = Find(name);
        if (text is null)
        {
            Odd(name, null);
        }

        return emptyIsAbsent && text is "" ? null : text;
    }

    private string? Rare(string name)
    {
        var text = Find(name);
        if (text is "")
        {
            Odd(name, "");
            return null;
        }

        return text;
    }

    private void Odd(string name, string? value)
    {
        if (!emptyIsAbsent)
        {
            _oddities.Add(new(Pool.Shared.Text(name), Pool.Shared.Text(value)));
        }
    }

    /// <summary>Fields come in the order they are asked for, nearly always: the search starts where the last one ended.</summary>
    private string? Find(string name)
    {
        for (var tried = 0; tried < _fields.Count; tried++)
        {
            var at = (_next + tried) % _fields.Count;
            if (_fields[at].Name == name)
            {
                _used[at] = true;
                _next = at + 1;
                return _fields[at].Value;
            }
        }

        return null;
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

/// <summary>What is wrong with the entity being read: the first fault makes the rejection, further ones are counted in it.</summary>
internal sealed class Faults(int maxTextLength)
{
    private (int Line, string Field, string Reason)? _first;
    private int _more;

    /// <summary>Longest text allowed.</summary>
    public int MaxTextLength { get; } = maxTextLength;

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _first is not null;

    /// <summary>Forgets the last entity.</summary>
    public void Clear() => (_first, _more) = (null, 0);

    /// <summary>Notes a fault.</summary>
    public void Report(int line, string field, string reason)
    {
        if (_first is null)
        {
            _first = (line, field, reason);
        }
        else
        {
            _more++;
        }
    }

    /// <summary>The rejection of the entity.</summary>
    public Rejection Rejection(string key, string reference)
    {
        var (line, field, reason) = _first ?? throw new InvalidOperationException("Nothing is wrong with this entity.");
        return new(line, key, reference, field, _more == 0 ? reason : $"{reason} ({_more} more of its values are wrong.)");
    }
}
