using System.Collections.Immutable;
using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Reference;
using ExternalAction.Decisions.Tests.Voting;

namespace ExternalAction.Decisions.Tests.Reference;

/// <summary>
/// The reference data the service starts with, taken in by its own seed: the 27, their 2025 populations, the legal bases, Denmark's
/// opt-out. Tests of files start from it.
/// </summary>
internal static class Seeded
{
    private static readonly (DecisionsState State, ImmutableArray<DecisionsEvent> Events) Start = Import();

    public static readonly MemberStatesImported MemberStates = Start.Events.OfType<MemberStatesImported>().Single();

    /// <summary>2025, derived from percentages; holds from 1 January 2025.</summary>
    public static readonly PopulationTable Populations2025 = Start.Events.OfType<PopulationsImported>().Single().Table;

    /// <summary>Eurostat's figures of 1 January 2018 as if they were a table of 2020: it makes votes before 2025 countable in a test.</summary>
    public static readonly PopulationTable Populations2020 = new(2020, new DateOnly(2020, 1, 1), Derived: false, "Eurostat, 1 January 2018", null, MemberTables.People2018.Members);

    public static readonly LegalBasesImported LegalBases = Start.Events.OfType<LegalBasesImported>().Single();

    public static readonly OptOutsImported OptOuts = Start.Events.OfType<OptOutsImported>().Single();

    /// <summary>A journal into which all of it was imported, and nothing else.</summary>
    public static readonly DecisionsState State = Start.State;

    /// <summary>Codes in protocol order.</summary>
    public static readonly ImmutableArray<string> Codes = [.. State.Reference.MembersOn(Populations2025.ValidFrom).Select(m => m.Code)];

    private static (DecisionsState, ImmutableArray<DecisionsEvent>) Import()
    {
        var (state, events) = (DecisionsState.Empty, ImmutableArray.CreateBuilder<DecisionsEvent>());
        foreach (var (_, decide) in Seed.Imports())
        {
            events.Add(Assert.Single(decide(state).Events));
            state = state.Evolve(events[^1], default);
        }
        return (state, events.ToImmutable());
    }
}
