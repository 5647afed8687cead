namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// The life of a listing after its proposal, as far as people record it: notified, heard, reviewed, derogated from, ended.
/// How a decision carries it is in <see cref="Following"/>.
/// </summary>
public static class Living
{
    /// <summary>The subject was notified (directly where the address is known, otherwise by a notice in the Official Journal).</summary>
    public static Verdict Notify(SanctionsState state, ListingNotified notified, Moment moment)
    {
        if (!state.Listings.TryGetValue(notified.Id, out var listing))
        {
            return NotFound(notified.Id);
        }
        if (!listing.IsInForce)
        {
            return WrongState(listing, "A subject is notified of a listing in force.");
        }
        return DateFault(listing, notified.Date, "date", moment) is { } fault ? fault
            : notified.ObservationsUntil < notified.Date ? new Refusal(RefusalCode.InvalidDates, "The period for observations would end before the notification.", "observationsUntil")
            : listing.Notifications.Contains(new Notification(notified.Method, notified.Date, notified.Reference, notified.ObservationsUntil)) ? Verdict.Nothing
            : notified;
    }

    /// <summary>Observations came in. Late ones count too: they may be substantial new evidence.</summary>
    public static Verdict Observe(SanctionsState state, ObservationsReceived received, Moment moment)
    {
        if (!state.Listings.TryGetValue(received.Id, out var listing))
        {
            return NotFound(received.Id);
        }
        return !listing.IsInForce ? WrongState(listing, "Observations are made on a listing in force.")
            : DateFault(listing, received.ReceivedOn, "receivedOn", moment) is { } fault ? fault
            : listing.Observations.Contains(received) ? Verdict.Nothing
            : received;
    }

    /// <summary>The listing was reviewed.</summary>
    public static Verdict Review(SanctionsState state, ListingReviewed reviewed, Moment moment)
    {
        if (!state.Listings.TryGetValue(reviewed.Id, out var listing))
        {
            return NotFound(reviewed.Id);
        }
        return !listing.IsInForce ? WrongState(listing, "A listing in force is reviewed.")
            : DateFault(listing, reviewed.Date, "date", moment) is { } fault ? fault
            : listing.Reviews.Count > 0 && reviewed.Date < listing.Reviews[^1].Date
                ? new Refusal(RefusalCode.InvalidDates, $"The last review was on {listing.Reviews[^1].Date:yyyy-MM-dd}.", "date")
            : listing.Reviews.Contains(reviewed) ? Verdict.Nothing
            : reviewed;
    }

    /// <summary>
    /// A derogation, which a national authority grants, or the humanitarian exemption, which stands in the act itself; either with a sunset of its own.
    /// </summary>
    public static Verdict Derogate(SanctionsState state, DerogationRecorded recorded)
    {
        if (!state.Listings.TryGetValue(recorded.Id, out var listing))
        {
            return NotFound(recorded.Id);
        }
        return !listing.IsInForce ? WrongState(listing, "One derogates from a listing in force.")
            : recorded.Ground != DerogationGround.Humanitarian && recorded.Authority.Length == 0
                ? new Refusal(RefusalCode.DerogationIncomplete, "A competent national authority grants a derogation: name it.", "derogation.authority", "TFEU 215")
            : recorded.Until is null ? new Refusal(
                RefusalCode.DerogationIncomplete,
                recorded.Ground == DerogationGround.Humanitarian ? "The humanitarian exemption has a sunset of its own: give its last day." : "A derogation is granted for a time: give its last day.",
                "derogation.until",
                recorded.Ground == DerogationGround.Humanitarian ? "UNSCR 2664 (2022)" : "TFEU 215")
            : recorded.Until < recorded.From ? new Refusal(RefusalCode.InvalidDates, "It would end before it begins.", "derogation.until")
            : listing.Derogations.Contains(recorded) ? Verdict.Nothing
            : recorded;
    }

    /// <summary>Ends a listing in force under an act (an annulment: the judgment), or withdraws a proposal.</summary>
    public static Verdict Delist(SanctionsState state, ListingDelisted delisted, Moment moment)
    {
        if (!state.Listings.TryGetValue(delisted.Id, out var listing))
        {
            return NotFound(delisted.Id);
        }
        if (listing.State is ListingState.Proposed or ListingState.NotAdopted)
        {
            return listing.State == ListingState.NotAdopted ? Verdict.Nothing : new ListingNotAdopted(listing.Id, listing.DecisionId, delisted.Text.Length > 0 ? delisted.Text : "Withdrawn.");
        }
        if (listing.State is not (ListingState.InForce or ListingState.Published))
        {
            return listing.Delisting == delisted ? Verdict.Nothing : WrongState(listing, "A listing in force is delisted.");
        }
        return delisted.Act.Length == 0
                ? new Refusal(RefusalCode.ActRequired, delisted.Reason == DelistingReason.Annulment ? "Name the judgment that annuls it." : "Name the act that delists.", "act", "TEU 29")
            : DateFault(listing, delisted.Date, "date", moment) is { } fault ? fault
            : delisted;
    }

    internal static Refusal NotFound(string id) => new(RefusalCode.ListingNotFound, $"There is no listing '{id}'.", "id");

    internal static Refusal WrongState(Listing listing, string rule) => new(RefusalCode.WrongListingState, $"The listing is {listing.State}. {rule}");

    /// <summary>What is recorded of a listing did not happen ahead of today, nor before the subject was listed: by our act, or by what its list says.</summary>
    private static Refusal? DateFault(Listing listing, DateOnly date, string field, Moment moment) =>
        date > Days.Of(moment.Now) ? new Refusal(RefusalCode.InvalidDates, $"{date:yyyy-MM-dd} lies in the future.", field)
        : listing.Act is { } act && date < act.PublicationDate ? new Refusal(RefusalCode.InvalidDates, $"The act was published on {act.PublicationDate:yyyy-MM-dd}, after {date:yyyy-MM-dd}.", field)
        : listing.Act is null && date < listing.FirstDay ? new Refusal(RefusalCode.InvalidDates, $"The subject has been listed since {listing.FirstDay:yyyy-MM-dd}, after {date:yyyy-MM-dd}.", field)
        : null;
}
