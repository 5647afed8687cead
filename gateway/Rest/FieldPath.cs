namespace ExternalAction.Gateway.Rest;

/// <summary>
/// Where in a request a value stands. A chain to the root, because most requests are good and then nobody asks for the text.
/// </summary>
internal sealed class FieldPath
{
    private readonly FieldPath? _parent;
    private readonly string? _name;
    private readonly int _index;

    private FieldPath(FieldPath? parent, string? name, int index) => (_parent, _name, _index) = (parent, name, index);

    /// <summary>A field of the request itself.</summary>
    public static FieldPath Of(string name) => new(null, name, 0);

    /// <summary>A field within this one, or a map's key; of the root when <paramref name="parent"/> is null.</summary>
    public static FieldPath In(FieldPath? parent, string name) => new(parent, name, 0);

    /// <summary>An item of this list.</summary>
    public FieldPath Item(int index) => new(this, null, index);

    /// <inheritdoc/>
    public override string ToString() => (_parent, _name) switch
    {
        (null, var name) => name ?? "",
        ({ } parent, null) => $"{parent}[{_index}]",
        var (parent, name) => $"{parent}.{name}",
    };
}
