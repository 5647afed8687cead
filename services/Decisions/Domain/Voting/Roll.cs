namespace ExternalAction.Decisions.Domain.Voting;

/// <summary>
/// The roll call of one vote: the position of every member, as five disjoint bit masks over an <see cref="Electorate"/>. A member in
/// none of them does not take part. A small value: build it with <see cref="Electorate.Everyone"/> and <see cref="With(string, Position)"/>.
/// </summary>
public readonly record struct Roll
{
    internal Roll(Electorate electorate, ulong @for, ulong against, ulong abstain, ulong constructive, ulong absent)
    {
        Electorate = electorate;
        For = @for;
        Against = against;
        Abstain = abstain;
        Constructive = constructive;
        Absent = absent;
    }

    /// <summary>The members the bits stand for.</summary>
    public Electorate Electorate { get; }

    /// <summary>Members in favour.</summary>
    public ulong For { get; }

    /// <summary>Members against.</summary>
    public ulong Against { get; }

    /// <summary>Members that plainly abstain.</summary>
    public ulong Abstain { get; }

    /// <summary>Members that qualify their abstention by a formal declaration.</summary>
    public ulong Constructive { get; }

    /// <summary>Members neither present nor represented.</summary>
    public ulong Absent { get; }

    /// <summary>Members present or represented.</summary>
    public ulong Present => For | Against | Abstain | Constructive;

    /// <summary>Members entitled to vote on the item.</summary>
    public ulong TakingPart => Present | Absent;

    /// <summary>True when every member of the electorate takes part.</summary>
    public bool AllTakePart => TakingPart == Electorate.All;

    /// <summary>The position of a member.</summary>
    /// <exception cref="ArgumentException">The code is not in the electorate.</exception>
    public Position this[string code]
    {
        get
        {
            var bit = BitOf(code);
            return (For & bit) != 0 ? Position.For
                : (Against & bit) != 0 ? Position.Against
                : (Abstain & bit) != 0 ? Position.Abstain
                : (Constructive & bit) != 0 ? Position.ConstructiveAbstention
                : (Absent & bit) != 0 ? Position.Absent
                : Position.NotParticipating;
        }
    }

    /// <summary>The roll with one member's position changed.</summary>
    /// <exception cref="ArgumentException">The code is not in the electorate.</exception>
    public Roll With(string code, Position position) => WithSet(BitOf(code), position);

    /// <summary>The roll with the positions of several members changed.</summary>
    /// <exception cref="ArgumentException">A code is not in the electorate.</exception>
    public Roll With(Position position, params ReadOnlySpan<string> codes)
    {
        ulong set = 0;
        foreach (var code in codes)
        {
            set |= BitOf(code);
        }
        return WithSet(set, position);
    }

    /// <summary>The roll with the position of a whole set changed; each member leaves the mask it was in.</summary>
    internal Roll WithSet(ulong set, Position position)
    {
        ulong Masked(ulong mask, Position own) => own == position ? mask | set : mask & ~set;

        return new Roll(
            Electorate,
            Masked(For, Position.For),
            Masked(Against, Position.Against),
            Masked(Abstain, Position.Abstain),
            Masked(Constructive, Position.ConstructiveAbstention),
            Masked(Absent, Position.Absent));
    }

    private ulong BitOf(string code)
    {
        var index = Electorate.IndexOf(code);
        return index >= 0 ? 1UL << index : throw new ArgumentException($"{code} is not a member of this electorate.", nameof(code));
    }
}
