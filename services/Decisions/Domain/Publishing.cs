using System.Text.RegularExpressions;

namespace ExternalAction.Decisions.Domain;

/// <summary>Record the published act.</summary>
public sealed record PublishAct(string Id, string Number, string OjReference, string Celex, string Eli, DateOnly PublicationDate, DateOnly EffectDate, DateOnly? ExpiryDate);

/// <summary>
/// The life of an adopted act: published with the numbers the Official Journal gave it, in force, amended, renewed, expired,
/// repealed. Numbers are given, never generated; three dates stay apart: adoption, publication, effect.
/// </summary>
public static partial class Publishing
{
    /// <summary>Records the publication. The number must have a form that occurs and belong to no other decision.</summary>
    public static Verdict Publish(DecisionsState state, PublishAct command, Moment moment)
    {
        if (!state.Files.TryGetValue(command.Id, out var file))
        {
            return Preparing.NotFound(command.Id);
        }
        if (file.State != FileState.Adopted)
        {
            return Preparing.WrongState(file, "An adopted decision is published, once.");
        }
        if (file.Opened.Origin is { ReferralVote: true })
        {
            return Preparing.WrongState(file, "A vote on referral is no act.");
        }
        if (!ActNumber().IsMatch(command.Number))
        {
            return new Refusal(RefusalCode.InvalidActNumber, $"'{command.Number}' is not the number of an act, such as (CFSP) 2024/890, (EU) 2021/1923 or 2014/145/CFSP.", "actNumber");
        }
        if (state.ActNumbers.TryGetValue(NumberOf(command.Number), out var other))
        {
            return new Refusal(RefusalCode.ActNumberTaken, $"{state.Files[other].Act!.Number} is the act of decision {other}.", "actNumber");
        }
        if (command.PublicationDate < file.Outcome!.Day)
        {
            return new Refusal(RefusalCode.InvalidDates, $"Publication on {command.PublicationDate:yyyy-MM-dd} would lie before adoption on {file.Outcome.Day:yyyy-MM-dd}.", "publicationDate");
        }
        if (command.EffectDate < file.Outcome.Day)
        {
            return new Refusal(RefusalCode.InvalidDates, $"Effect on {command.EffectDate:yyyy-MM-dd} would lie before adoption on {file.Outcome.Day:yyyy-MM-dd}.", "effectDate");
        }
        if (command.ExpiryDate is { } expiry && expiry < command.EffectDate)
        {
            return new Refusal(RefusalCode.InvalidDates, $"Expiry on {expiry:yyyy-MM-dd} would lie before effect on {command.EffectDate:yyyy-MM-dd}.", "expiryDate");
        }
        return new ActPublished(
            file.Id, command.Number, command.OjReference, command.Celex, command.Eli, command.PublicationDate, command.EffectDate, command.ExpiryDate,
            DueDates.StartOf(command.EffectDate) <= moment.Now);
    }

    /// <summary>A later adopted decision amends the act.</summary>
    public static Verdict Amend(DecisionsState state, string id, string by) =>
        Changed(state, id, by) is { } refusal ? refusal : state.Files[id].Act!.AmendedBy.Contains(by) ? Verdict.Nothing : new ActAmended(id, by);

    /// <summary>
    /// A later adopted decision prolongs the act to a later day. The record may come after the act has expired, if the renewing
    /// decision was adopted in time: then the act has never ceased to apply.
    /// </summary>
    public static Verdict Renew(DecisionsState state, string id, string by, DateOnly expiry)
    {
        if (Changed(state, id, by, orExpired: true) is { } refusal)
        {
            return refusal;
        }
        var act = state.Files[id].Act!;
        if (state.Files[id].State == FileState.Expired && state.Files[by].Outcome!.Day is var adopted && adopted > act.ExpiryDate)
        {
            return new Refusal(
                RefusalCode.InvalidAmendingAct,
                $"The act expired after {act.ExpiryDate:yyyy-MM-dd}, and '{by}' was adopted on {adopted:yyyy-MM-dd}: only a decision adopted by the last day renews it. One adopted later is an act of its own and is published as such.", "by");
        }
        return act.ExpiryDate is { } present && expiry <= present
            ? new Refusal(RefusalCode.InvalidDates, $"The act expires on {present:yyyy-MM-dd}; a renewal sets a later day.", "expiryDate")
            : expiry < act.EffectDate
                ? new Refusal(RefusalCode.InvalidDates, $"Expiry on {expiry:yyyy-MM-dd} would lie before effect on {act.EffectDate:yyyy-MM-dd}.", "expiryDate")
                : new ActRenewed(id, by, expiry);
    }

    /// <summary>A later adopted decision repeals the act.</summary>
    public static Verdict Repeal(DecisionsState state, string id, string by) =>
        Changed(state, id, by) is { } refusal ? refusal : new ActRepealed(id, by);

    /// <summary>What time does to a published act; due from the start of the day in Brussels on, and that is when it happened.</summary>
    public static Verdict Pass(DecisionsState state, string id, DateTimeOffset due, Moment moment)
    {
        if (!state.Files.TryGetValue(id, out var file) || DueDates.Next(file) is not { } next || next.At != due || next.Kind == DueKind.Deadline)
        {
            return Verdict.Nothing;
        }
        if (moment.Now < due)
        {
            return new Refusal(RefusalCode.DeadlineNotReached, $"That day begins at {due:O}.");
        }
        return next.Kind == DueKind.Effect ? new ActEnteredIntoForce(id) : new ActExpired(id);
    }

    private static Refusal? Changed(DecisionsState state, string id, string by, bool orExpired = false)
    {
        if (!state.Files.TryGetValue(id, out var file))
        {
            return Preparing.NotFound(id);
        }
        if (!file.ActIsLive && !(orExpired && file.State == FileState.Expired))
        {
            return Preparing.WrongState(file, "An act is changed while it is published and has not ended.");
        }
        return by != id && state.Files.TryGetValue(by, out var later) && later.WasAdopted
            ? null
            : new Refusal(RefusalCode.InvalidAmendingAct, $"'{by}' is not another adopted decision.", "by");
    }

    /// <summary>
    /// Year and number of an act, as <c>2023/2682</c>. Acts of all series share one sequence a year, so this alone tells them apart: the
    /// misprint <c>(CSFP) 2023/2682</c> is the act <c>(CFSP) 2023/2682</c>.
    /// </summary>
    internal static string NumberOf(string citation)
    {
        var parts = YearAndNumber().Match(citation);
        return parts.Success ? $"{parts.Groups["year"].Value}/{parts.Groups["number"].Value}" : citation;
    }

    [GeneratedRegex(@"(?<year>[0-9]{4})/0*(?<number>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex YearAndNumber();

    // "(CFSP) 2024/890", "(EU) 2021/1923" for a Peace Facility measure, "(EU, Euratom) …", the misprint "(CSFP) 2023/2682", old style "2014/145/CFSP".
    [GeneratedRegex(@"^(\((CFSP|CSFP|EU|EU, Euratom)\) (19|20)[0-9]{2}/[0-9]{1,5}|(19|20)[0-9]{2}/[0-9]{1,5}/(CFSP|EU))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ActNumber();
}
