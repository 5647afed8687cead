using System.Numerics;
using ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Tests.Voting;

/// <summary>
/// The rules once more, written from the Treaty's sentences with lists and exact fractions and without a thought for speed or for how the
/// product does it. The tests compare the two.
/// </summary>
internal static class Naive
{
    public static bool Adopted(Rule rule, Roll roll)
    {
        var all = roll.Electorate.Members;
        List<Member> Of(params Position[] positions) => [.. all.Where(m => positions.Contains(roll[m.Code]))];
        var participants = all.Where(m => roll[m.Code] != Position.NotParticipating).ToList();
        var favour = Of(Position.For);
        var rest = participants.Except(favour).ToList();
        BigInteger n = participants.Count;
        BigInteger total = Sum(participants);
        if (n == 0)
        {
            return false;
        }
        var everyone = participants.Count == all.Length;
        var members55 = favour.Count * 100 >= 55 * n && (!everyone || all.Length < 15 || favour.Count >= 15);
        var members72 = favour.Count * 100 >= 72 * n;
        var population65 = Sum(favour) * 100 >= 65 * total;
        switch (rule)
        {
            case Rule.SimpleMajority:
                return favour.Count * 2 > n;
            case Rule.ReinforcedQualifiedMajority:
                return members72 && population65;
            case Rule.QualifiedMajority:
                var blocking = everyone ? 4 : SmallestAbove35(participants, total) + 1;
                return members55 && (population65 || rest.Count < blocking);
            default:
                var declared = Of(Position.ConstructiveAbstention);
                var blocked = declared.Count > 0 && declared.Count * 3 >= n && Sum(declared) * 3 >= total;
                return Of(Position.Against, Position.Absent).Count == 0 && !blocked;
        }
    }

    /// <summary>Tries every set: the size of the smallest one above 35 %.</summary>
    private static int SmallestAbove35(List<Member> members, BigInteger total) =>
        Subsets(members.Count).Where(set => Sum(set.Select(i => members[i])) * 100 > 35 * total).Select(set => set.Count).DefaultIfEmpty(0).Min();

    /// <summary>The smallest sets that turn the vote by moving to a position, in the order the product promises.</summary>
    public static List<string> Turning(Rule rule, Roll roll, Position to, Func<Position, bool> mayMove)
    {
        var members = roll.Electorate.Members
            .Where(m => mayMove(roll[m.Code]))
            .Select((m, order) => (m.Code, m.Population, order))
            .OrderByDescending(m => m.Population).ThenBy(m => m.order)
            .ToList();
        var before = Adopted(rule, roll);
        var turning = Subsets(members.Count)
            .Where(set => Adopted(rule, set.Aggregate(roll, (r, i) => r.With(members[i].Code, to))) != before)
            .ToList();
        var smallest = turning.Count == 0 ? 0 : turning.Min(set => set.Count);
        return [.. turning.Where(set => set.Count == smallest)
            .OrderByDescending(set => set.Sum(i => members[i].Population))
            .ThenBy(set => string.Join(',', set))
            .Take(10)
            .Select(set => string.Join(' ', set.Select(i => members[i].Code).Order(StringComparer.Ordinal)))];
    }

    public static IEnumerable<List<int>> Subsets(int count) =>
        Enumerable.Range(0, 1 << count).Select(mask => Enumerable.Range(0, count).Where(i => (mask >> i & 1) != 0).ToList());

    public static IEnumerable<List<int>> Orders(int count) => count == 0
        ? [[]]
        : Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at => { List<int> longer = [.. order]; longer.Insert(at, count - 1); return longer; }));

    private static BigInteger Sum(IEnumerable<Member> members) => members.Aggregate(BigInteger.Zero, (sum, m) => sum + m.Population);
}
