using System.Globalization;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>The member states of the product's own data file as electorates, and short ways to write a roll call.</summary>
internal static class MemberTables
{
    private static readonly (string Code, string Percentage, long Population2025, long Population2018)[] Rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "member_states.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(f => (f[1], f[5], long.Parse(f[6], CultureInfo.InvariantCulture), long.Parse(f[8], CultureInfo.InvariantCulture))),
    ];

    /// <summary>2025: people, derived from the published percentages.</summary>
    public static readonly Electorate People2025 = new(Rows.Select(r => new Member(r.Code, r.Population2025)));

    /// <summary>2025: the published percentages as hundredths of a percent; they sum to 10,001.</summary>
    public static readonly Electorate Hundredths2025 = new(Rows.Select(r =>
        new Member(r.Code, long.Parse(r.Percentage.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))));

    /// <summary>Eurostat, 1 January 2018: what-if data.</summary>
    public static readonly Electorate People2018 = new(Rows.Select(r => new Member(r.Code, r.Population2018)));

    /// <summary>27 members whose populations sum to the published Union total of 2025: the derived ones with the rounding surplus taken off the largest.</summary>
    public static readonly Electorate PublishedTotal2025 = new(Rows.Select(r =>
        new Member(r.Code, r.Code == "DE" ? r.Population2025 - (Rows.Sum(x => x.Population2025) - 451_028_881) : r.Population2025)));

    /// <summary>Splits <c>"DE FR IT"</c>.</summary>
    public static string[] Codes(string codes) => codes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Changes the position of the members named.</summary>
    public static Roll Put(this Roll roll, Position position, string codes) => roll.With(position, Codes(codes).AsSpan());

    /// <summary>The 2025 table, everyone for, except the members named.</summary>
    public static Roll Vote(string against = "", string abstain = "", string constructive = "", string absent = "", string outside = "") =>
        People2025.Everyone(Position.For)
            .Put(Position.Against, against)
            .Put(Position.Abstain, abstain)
            .Put(Position.ConstructiveAbstention, constructive)
            .Put(Position.Absent, absent)
            .Put(Position.NotParticipating, outside);

    /// <summary>The same votes over another table.</summary>
    public static Roll Over(this Roll roll, Electorate other) =>
        other.Members.Aggregate(other.Everyone(Position.For), (r, m) => r.With(m.Code, roll[m.Code]));
}
