using System.Collections.Immutable;
using System.Text.Json;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>What holds for every life of a file, whatever commands come in whatever order.</summary>
[Properties(Arbitrary = [typeof(RandomLives)], MaxTest = 100)]
public sealed class WhateverHappens
{
    [Property]
    public void No_command_fails_as_a_fault_and_no_file_gets_into_a_state_that_contradicts_itself(Life life) =>
        Live(life, (_, after, _) =>
        {
            Assert.All(after.Files.Values, file => Consistent(after, file));
            Assert.Equal(after.Files.Keys.Order(StringComparer.Ordinal), after.ByAge.Order(StringComparer.Ordinal));
            Assert.Equal(after.Files.Values.Where(f => DueDates.Next(f) is not null).Select(f => f.Id).ToHashSet(), after.Timed);
            Assert.Equal(after.Files.Values.Where(f => f.Act is not null).ToDictionary(f => Publishing.NumberOf(f.Act!.Number), f => f.Id), after.ActNumbers.ToDictionary());
        });

    [Property]
    public void A_command_that_is_repeated_finds_nothing_to_do_or_is_refused_and_a_vote_says_the_same_again(Life life) =>
        Live(life, (step, after, moment) =>
        {
            foreach (var happened in step.Decide(after, moment).Events)
            {
                Assert.True(happened is VoteCast or LateObjectionStated, Spec.Stored(happened));
                if (happened is VoteCast vote)
                {
                    var before = after.Files[vote.Id].Votes[vote.MemberState];
                    var again = after.Evolve(happened, default).Files[vote.Id].Votes[vote.MemberState];
                    Assert.Equal((before.Position, before.Declaration, before.Changes), (again.Position, again.Declaration, again.Changes));
                }
            }
        });

    [Property]
    public void What_is_decided_stays_decided(Life life)
    {
        var before = RandomLives.Beginning;
        Live(life, (_, after, _) =>
        {
            foreach (var was in before.Files.Values)
            {
                var now = after.Files[was.Id];
                Assert.Same(was.Opened, now.Opened);
                if (was.Outcome is not null && !was.LackedQuorum && was.State != FileState.Withdrawn)
                {
                    Assert.Same(was.Outcome, now.Outcome);
                    Assert.Equal(was.WasAdopted, now.WasAdopted);
                }
                if (was.State is FileState.Withdrawn or FileState.Referred or FileState.Repealed || (was.State == FileState.NotAdopted && !was.LackedQuorum))
                {
                    Assert.Equal((was.State, was.Reason), (now.State, now.Reason));
                }
                // An expired act has a later last day only by a renewal.
                Assert.True(was.State != FileState.Expired || now.State == FileState.Expired || now.State is FileState.Renewed or FileState.Repealed or FileState.Amended && now.Act!.RenewedBy.Length > was.Act!.RenewedBy.Length);
                // Forward only: an adopted file becomes published, an act ends, nothing comes back.
                Assert.False(was.Act is not null && now.Act is null);
                Assert.False(now.InPreparation && was.WasAdopted);
            }
            before = after;
        });
    }

    [Property]
    public void Events_read_back_from_storage_lead_to_the_same_state(Life life)
    {
        var (original, stored, position) = (RandomLives.Beginning, RandomLives.Beginning, 10L);
        Live(life, (_, _, _) => { }, (happened, stamp) =>
        {
            var (type, payload) = DecisionsJournal.Definition.Codec.Encode(happened);
            original = original.Evolve(happened, stamp with { Position = ++position });
            stored = stored.Evolve(DecisionsJournal.Definition.Codec.Decode(type, payload), stamp with { Position = position });
        });
        Assert.Equal(Everything(original), Everything(stored));
    }

    // The properties above would hold for lives in which nothing happens.
    [Fact]
    public void Random_lives_reach_every_state_and_every_event()
    {
        var (states, events) = (new HashSet<FileState>(), new HashSet<Type>());
        foreach (var life in RandomLives.Lives().Generator.Sample(1_000))
        {
            Live(life, (_, after, _) => states.UnionWith(after.Files.Values.Select(f => f.State)), (happened, _) => events.Add(happened.GetType()));
        }
        Assert.Empty(Enum.GetValues<FileState>().Except(states));
        Assert.Empty(typeof(DecisionsEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(DecisionsEvent)) && !t.IsAbstract).Except(events));
    }

    private static void Live(Life life, Action<Step, DecisionsState, Moment> afterEach, Action<DecisionsEvent, Stamp>? onEvent = null)
    {
        var (state, now, position) = (RandomLives.Beginning, Spec.Start.AddHours(1), 10L);
        foreach (var command in life.Commands)
        {
            now += command.Later;
            var moment = new Moment(now + command.DecidedAfter, now);
            var step = command.Choose(state, moment);
            foreach (var happened in step.Decide(state, moment).Events)
            {
                var stamp = new Stamp(++position, "test", step.OccurredAt ?? now, moment.Now);
                state = state.Evolve(happened, stamp);
                onEvent?.Invoke(happened, stamp);
            }
            afterEach(step, state, moment);
        }
    }

    private static void Consistent(DecisionsState state, Decision file)
    {
        var open = file.State == FileState.Voting;
        Assert.True(file.Round is null ? !open : open == file.Round.ClosedAt is null, $"{file.Id} is {file.State} and its round says otherwise.");
        Assert.Equal(open && file.Opened.Procedure != Procedure.Meeting, open && file.Round!.Deadline is not null);
        Assert.NotEmpty(file.ReasonText);

        // Who takes part: everybody of the day is either in or out.
        Assert.Empty(file.Opened.Participants.Intersect(file.Opened.NotParticipating.Select(o => o.MemberState)));
        Assert.False(file.Opened.MilitaryOrDefence && file.Opened.LegalBasis.StartsWith("TEU-31-2", StringComparison.Ordinal));

        // Proxies: one each, and only of who is away to who is there.
        foreach (var proxy in file.Round?.Proxies ?? [])
        {
            Assert.Contains(proxy.From, file.Round!.Absent);
            Assert.DoesNotContain(proxy.To, file.Round.Absent);
            Assert.Single(file.Round.Proxies, p => p.To == proxy.To || p.From == proxy.From);
        }

        // Votes: of participants, of a kind that can be cast, in person or by proxy.
        foreach (var vote in file.Votes.Values)
        {
            Assert.Contains(vote.MemberState, file.Opened.Participants);
            Assert.True(vote.Position is not (Position.Absent or Position.NotParticipating));
            Assert.False(vote.Position == Position.ConstructiveAbstention && (file.Opened.Rule != Rule.Unanimity || string.IsNullOrWhiteSpace(vote.Declaration)));
            Assert.Equal(vote.CastBy is not null, file.Round!.Absent.Contains(vote.MemberState));
        }

        // An outcome, a brake and an act are there when the state says so, and say the same.
        Assert.True(file.State != FileState.Adopted || file.Outcome!.Adopted);
        Assert.True(file.State != FileState.NotAdopted || file.Outcome is { Adopted: false } || file.Reason == FileReason.ReferralNotAdopted);
        Assert.Equal(file.State >= FileState.Published, file.Act is not null);
        Assert.True(file.Act is null || file.Outcome!.Adopted);
        Assert.True(file.State is not (FileState.BrakeInvoked or FileState.Referred) || (file.Brake is { Reasons.Length: > 0 } && file.Opened.Rule != Rule.Unanimity));
        if (file.Outcome is { } outcome)
        {
            Assert.Equal(file.Opened.Participants, outcome.Positions.Select(p => p.MemberState).ToImmutableArray(), (a, b) => a.SequenceEqual(b));
            Assert.Equal(outcome.Adopted, outcome.Count.Outcome == Outcome.Adopted);
            Assert.Equal(outcome.Adopted ? outcome.Positions.Length : 0, outcome.Count.BoundBy.Length + outcome.Count.NotObliged.Length);
        }

        // A referral: its vote is open only while its file waits for it.
        if (file.Opened.Origin is { ReferralVote: true } origin && (open || file.LackedQuorum))
        {
            Assert.Equal((FileState.BrakeInvoked, FileReason.ReferralOpen, file.Id), (state.Files[origin.Id].State, state.Files[origin.Id].Reason, state.Files[origin.Id].Referral!.VoteId));
        }
        Assert.Equal(file.State == FileState.Referred, file.Referral?.EuropeanCouncilId is not null);
    }

    private static string Everything(DecisionsState state) => JsonSerializer.Serialize(new
    {
        Files = state.ByAge.Select(id => state.Files[id]).Select(f => new { File = f with { Votes = ImmutableDictionary<string, Vote>.Empty }, Votes = f.Votes.Values.OrderBy(v => v.MemberState, StringComparer.Ordinal) }),
        Numbers = state.ActNumbers.OrderBy(n => n.Key, StringComparer.Ordinal),
        Timed = state.Timed.Order(StringComparer.Ordinal),
        state.Reference,
    });
}
