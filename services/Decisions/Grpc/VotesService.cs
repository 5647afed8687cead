using System.Collections.Immutable;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Decisions.Domain;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Collections;
using Grpc.Core;
using PopulationTable = ExternalAction.Decisions.Domain.Reference.PopulationTable;
using ReferenceState = ExternalAction.Decisions.Domain.Reference.ReferenceState;
using Voting = ExternalAction.Decisions.Domain.Voting;

namespace ExternalAction.Decisions.Grpc;

/// <summary>What-if: counts votes nobody has taken and measures voting power. Reads reference data, stores nothing.</summary>
internal sealed class VotesService(Journal<DecisionsState, DecisionsEvent> journal, AnalysisSlots slots, TimeProvider clock) : Votes.VotesBase
{
    private const int CodeLimit = 16;

    /// <inheritdoc/>
    public override Task<SimulateVoteReply> SimulateVote(SimulateVoteRequest request, ServerCallContext context)
    {
        var current = journal.Current;
        context.Facts().SetPosition(current.Position);
        var rule = Names.Read<Rule.Types.Value, Voting.Rule>(request.Rule, "rule");
        var (electorate, table) = Electorate(current.State.Reference, request.Date, request.Members, Voting.Electorate.MaxMembers);
        var roll = electorate.Everyone(request.HasDefault ? Names.Read<Position.Types.Value, Voting.Position>(request.Default, "default") : Voting.Position.For);
        foreach (var (member, position) in request.Votes)
        {
            var code = request.Members.Count > 0 ? member : Form.MemberState(member, "votes");
            if (electorate.IndexOf(code) < 0)
            {
                throw Errors.Of(new Refusal(RefusalCode.UnknownMemberState, $"'{member}' is not among the members that are counted.", $"votes.{member}"));
            }
            roll = roll.With(code, Names.Read<Position.Types.Value, Voting.Position>(position, $"votes.{member}"));
        }
        var count = Count.Of(Voting.Tally.Count(rule, roll), table);
        return Task.FromResult(Tallies.Simulated(count, Voting.WhatIf.ToAdopt(rule, roll), Voting.WhatIf.ToBlock(rule, roll)));
    }

    /// <inheritdoc/>
    public override async Task<AnalyseVoteReply> AnalyseVote(AnalyseVoteRequest request, ServerCallContext context)
    {
        var current = journal.Current;
        context.Facts().SetPosition(current.Position);
        var rule = Names.Read<Rule.Types.Value, Voting.Rule>(request.Rule, "rule");
        var (electorate, table) = Electorate(current.State.Reference, request.Date, request.Members, Voting.PowerAnalysis.MaxMembers);
        using var slot = slots.Enter();
        var analysis = await Task.Run(() => Voting.PowerAnalysis.Of(rule, electorate, context.CancellationToken), context.CancellationToken);
        var reply = new AnalyseVoteReply
        {
            Coalitions = analysis.Coalitions,
            Winning = analysis.Winning,
            Probability = analysis.Probability,
            AddedByFourMemberClause = analysis.AddedByFourMemberClause,
            MinimalWinning = analysis.MinimalWinning,
            PopulationTable = table is null ? null : Tallies.Of(TableUsed.Of(table)),
        };
        reply.Indices.Add(analysis.Indices.Select(i => new PowerIndex
        {
            MemberState = i.Code,
            Swings = i.Swings,
            Banzhaf = i.Banzhaf,
            BanzhafNormalised = i.BanzhafNormalised,
            ShapleyShubik = i.ShapleyShubik,
        }));
        return reply;
    }

    private (Voting.Electorate Electorate, PopulationTable? Table) Electorate(ReferenceState reference, string date, RepeatedField<SimulatedMember> members, int most)
    {
        if (members.Count > most)
        {
            throw Errors.Of(new Refusal(RefusalCode.TooManyMembers, $"{members.Count} members are given; the limit is {most}.", "members"));
        }
        if (members.Count == 0)
        {
            var day = Form.Day(date, "date", DueDates.DayOf(clock.GetUtcNow()));
            return reference.ElectorateOn(day) is { } known ? (known, reference.TableOn(day)) : throw Errors.Of(Preparing.NoTable(day));
        }
        var given = ImmutableArray.CreateBuilder<Voting.Member>(members.Count);
        for (var i = 0; i < members.Count; i++)
        {
            var code = Form.Text(members[i].Code, $"members[{i}].code", CodeLimit, required: true);
            if (code.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            {
                throw FormErrors.Invalid($"members[{i}].code", "letters, digits and dashes only.");
            }
            if (given.Any(m => m.Code == code))
            {
                throw Errors.Of(new Refusal(RefusalCode.DuplicateRecord, $"'{code}' appears twice.", $"members[{i}].code"));
            }
            if (members[i].Population is < 0 or > Voting.Electorate.MaxPopulation)
            {
                throw FormErrors.Invalid($"members[{i}].population", $"a whole number between 0 and {Voting.Electorate.MaxPopulation}.");
            }
            given.Add(new Voting.Member(code, members[i].Population));
        }
        return (new Voting.Electorate(given), null);
    }
}

/// <summary>Two analyses at a time, so that the enumeration of one caller does not starve the votes of another.</summary>
internal sealed class AnalysisSlots : IDisposable
{
    private readonly SemaphoreSlim _slots = new(2, 2);

    /// <summary>Takes a slot until disposed; refuses at once when both are taken.</summary>
    public IDisposable Enter() => _slots.Wait(0)
        ? new Slot(_slots)
        : throw RpcErrors.Create(DecisionsError.Types.Code.AnalysisBusy, "Two analyses are running; try again in a moment.");

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }
}
