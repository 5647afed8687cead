using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Screening;
using ExternalAction.Sanctions.Tests.Listings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ExternalAction.Sanctions.Tests.Records;

/// <summary>What is left out of a result, and that a replay comes to the same result from the record alone.</summary>
public sealed class ResultsAndReplays
{
    private static readonly ScreeningQuery _query = new(["Ivan Petrovich Sidorov"]);
    private static readonly string[] _names =
    [
        "Ivan Petrovich Sidorov", "Ivan Petrovich Sidorow", "Ivan Petrovitch Sidorov", "Iwan Petrowitsch Sidorow", "Ivan Sidorov", "Petr Sidorov", "I. P. Sidorov", "Ivan Petrovich Sidorenko", "Иван Петрович Сидоров",
        "Ivana Sidorova", "Anna Example", "Sidorov Ivan", "Ivan P. Sidorov", "Ivan Petrovich", "Johannes Sidorov",
    ];

    private static readonly SanctionsState _before = Listed(SanctionsState.Empty, _names, 0);
    private static readonly ScreeningList _list = ScreeningList.Of(_before, SanctionsState.Eu);
    private static readonly MatchOptions _options = new(ScreeningProfile.Onboarding, Threshold: 0.3m);

    [Fact]
    public void Hits_that_are_left_out_make_room_for_others_and_are_named_in_order()
    {
        var all = Ids(Screen(_options, LeftOut.None));
        Assert.True(all.Count > 6);
        var result = Screen(_options with { Limit = 3 }, LeftOut.Ids(new HashSet<string> { all[0], all[2], all[5], "nobody" }));
        Assert.Equal([all[1], all[3], all[4]], Ids(result));
        Assert.Equal([all[0], all[2]], result.Excluded.ToArray());
    }

    [Property(MaxTest = 300)]
    public Property A_replay_from_what_the_record_names_is_the_same_whatever_else_the_client_had_excluded() => Prop.ForAll(
        Gen.SubListOf(_before.ByAge.ToArray()).SelectMany(_ => Gen.Choose(1, 8), (ids, limit) => (Ids: ids, Limit: limit)).ToArbitrary(),
        given =>
        {
            var options = _options with { Limit = given.Limit };
            var then = Screen(options, LeftOut.Ids(given.Ids.ToHashSet()));
            var now = Screen(options, LeftOut.Ids(then.Excluded.ToHashSet()));
            Assert.Equal(then.Hash(), now.Hash());
            Assert.Equal(Ids(then), Ids(now));
        });

    [Fact]
    public void A_list_that_grew_change_by_change_and_the_same_list_made_anew_give_the_same_results()
    {
        var (state, list) = (SanctionsState.Empty, ScreeningList.Of(SanctionsState.Empty, SanctionsState.Eu));
        for (var i = 0; i < _names.Length; i++)
        {
            state = Listed(state, _names[i..(i + 1)], i);
            list = list.Next(state);
        }
        var again = ScreeningList.Of(state, SanctionsState.Eu);
        foreach (var name in _names)
        {
            var query = new ScreeningQuery([name]);
            Assert.Equal(ScreeningResult.Of(query, _options, [again], LeftOut.None).Hash(), ScreeningResult.Of(query, _options, [list], LeftOut.None).Hash());
        }
    }

    [Fact]
    public void The_hash_of_a_result_changes_with_the_hits_their_names_and_what_was_left_out()
    {
        var result = Screen(_options, LeftOut.None);
        var renamed = Listed(_before, ["Ivan Petrovich Sidorov the Younger"], 0);
        byte[][] hashes =
        [
            result.Hash(), Screen(_options with { Limit = 2 }, LeftOut.None).Hash(), (result with { Excluded = ["x"] }).Hash(), (result with { Hits = [.. result.Hits.Reverse()] }).Hash(),
            ScreeningResult.Of(_query, _options, [ScreeningList.Of(renamed, SanctionsState.Eu)], LeftOut.None).Hash(),
        ];
        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }

    private static ScreeningResult Screen(MatchOptions options, LeftOut leftOut) => ScreeningResult.Of(_query, options, [_list], leftOut);

    private static List<string> Ids(ScreeningResult result) => [.. result.Hits.Select(h => h.Hit.EntityId)];

    /// <summary>The state after these names were listed (or listed anew) from a number on.</summary>
    private static SanctionsState Listed(SanctionsState state, string[] names, int from)
    {
        foreach (var (i, name) in names.Index())
        {
            var (key, at) = ((from + i).ToString(CultureInfo.InvariantCulture), state.Lists[SanctionsState.Eu].Position + 1);
            var id = $"eu-{key}";
            Entry entry = Steps.Entry(key, name);
            SanctionsEvent happened = state.Listings.ContainsKey(id) ? new EntryAmended(id, SanctionsState.Eu, "BLR", entry, ["names"]) : new EntryAdded(id, SanctionsState.Eu, "BLR", entry);
            state = state.Evolve(happened, new Stamp(at, "test", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        }
        return state;
    }
}
