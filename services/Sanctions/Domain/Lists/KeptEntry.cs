namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>
/// An entry as it is kept in memory: thousands of them stand there for years, and most of what they say is seldom asked for. What is
/// looked at in passing (when listings are filtered, counted and shown as hits) lies open; the rest is packed into bytes, a third of the
/// size, and <see cref="Unpack"/> gives the whole entry again without loss. Immutable; equal when the entries are.
/// </summary>
public sealed class KeptEntry : IEquatable<KeptEntry>
{
    private readonly byte[] _packed;
    private readonly ActSummary[] _acts;
    private readonly string[] _texts;

    private KeptEntry(Entry entry)
    {
        Key = entry.Key;
        EuReferenceNumber = entry.EuReferenceNumber;
        UnitedNationId = entry.UnitedNationId;
        DesignationDate = entry.DesignationDate;
        SubjectType = entry.SubjectType;
        Regulations = entry.Regulations;
        _texts = [.. entry.Names.Select(n => n.Text)];
        Caption = entry.Names.IsEmpty ? "" : (entry.Names.FirstOrDefault(n => !n.IsWeak) ?? entry.Names[0]).Text;
        (_packed, _acts) = EntryPacker.Pack(entry, _texts);
    }

    /// <summary>See <see cref="Entry.Key"/>.</summary>
    public string Key { get; }

    /// <summary>See <see cref="Entry.EuReferenceNumber"/>.</summary>
    public string? EuReferenceNumber { get; }

    /// <summary>See <see cref="Entry.UnitedNationId"/>.</summary>
    public string UnitedNationId { get; }

    /// <summary>See <see cref="Entry.DesignationDate"/>.</summary>
    public DateOnly? DesignationDate { get; }

    /// <summary>See <see cref="Entry.SubjectType"/>.</summary>
    public SubjectType SubjectType { get; }

    /// <summary>See <see cref="Entry.Regulations"/>.</summary>
    public Sequence<Regulation> Regulations { get; }

    /// <summary>The text of each name.</summary>
    public ReadOnlySpan<string> Texts => _texts;

    /// <summary>The first strong name, else the first.</summary>
    public string Caption { get; }

    /// <summary>See <see cref="Entry.Reference"/>.</summary>
    public string Reference => EuReferenceNumber is { Length: > 0 } eu ? eu : UnitedNationId.Length > 0 ? UnitedNationId : Key;

    /// <summary>Packs an entry.</summary>
    public static KeptEntry Of(Entry entry) => new(entry);

    /// <summary>The whole entry; put together at each call.</summary>
    public Entry Unpack() => EntryUnpacker.Unpack(this, _packed, _acts);

    /// <inheritdoc/>
    public bool Equals(KeptEntry? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Key == other.Key && EuReferenceNumber == other.EuReferenceNumber && UnitedNationId == other.UnitedNationId && DesignationDate == other.DesignationDate
            && SubjectType == other.SubjectType && Regulations == other.Regulations && _packed.AsSpan().SequenceEqual(other._packed) && _texts.AsSpan().SequenceEqual(other._texts)
            && _acts.AsSpan().SequenceEqual(other._acts));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeptEntry);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, _packed.Length, Regulations);
}
