using ExternalAction.Decisions.Domain.Voting;
using FsCheck;
using FsCheck.Fluent;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>A vote of the 27 on the 2025 table, a few of them sometimes outside.</summary>
public sealed record UnionVote(Rule Rule, Roll Roll)
{
    public override string ToString() => Text.Of(Rule, Roll);
}

/// <summary>A vote among up to nine members with small weights, so that ties and lopsided groups are common and every set can be tried.</summary>
public sealed record SmallVote(Rule Rule, Roll Roll)
{
    public override string ToString() => Text.Of(Rule, Roll);
}

/// <summary>How FsCheck makes votes.</summary>
public static class Generators
{
    public static Arbitrary<UnionVote> UnionVotes() => Arb.From(
        from rule in Rules
        from positions in Gen.ArrayOf(Positions, 27)
        from all in Gen.Elements(true, true, false)
        select new UnionVote(rule, RollOf(MemberTables.People2025, positions, all)));

    public static Arbitrary<SmallVote> SmallVotes() => Arb.From(
        from rule in Rules
        from count in Gen.Choose(1, 9)
        from weights in Gen.ArrayOf(Gen.Frequency((4, Gen.Choose(0, 12)), (1, Gen.Choose(20, 60))), count)
        from positions in Gen.ArrayOf(Positions, count)
        from all in Gen.Elements(true, false)
        select new SmallVote(rule, RollOf(new Electorate(weights.Select((w, i) => new Member($"S{i}", w))), positions, all)));

    private static readonly Gen<Rule> Rules = Gen.Elements(Enum.GetValues<Rule>());

    private static readonly Gen<Position> Positions = Gen.Frequency(
        (14, Gen.Constant(Position.For)),
        (2, Gen.Constant(Position.Against)),
        (1, Gen.Constant(Position.Abstain)),
        (4, Gen.Constant(Position.ConstructiveAbstention)),
        (1, Gen.Constant(Position.Absent)),
        (2, Gen.Constant(Position.NotParticipating)));

    private static Roll RollOf(Electorate electorate, Position[] positions, bool allTakePart) => electorate.Members
        .Select((member, i) => (member.Code, Position: allTakePart && positions[i] == Position.NotParticipating ? Position.For : positions[i]))
        .Aggregate(electorate.Everyone(Position.For), (roll, vote) => roll.With(vote.Code, vote.Position));
}

internal static class Text
{
    public static string Of(Rule rule, Roll roll) =>
        $"{rule}: " + string.Join(' ', roll.Electorate.Members.Select(m => $"{m.Code}({m.Population}){roll[m.Code]}"));
}
