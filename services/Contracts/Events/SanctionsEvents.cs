namespace ExternalAction.Contracts.Events;

// What other services learn from Sanctions. Codes are those of the API (docs of the enums in types.proto); dates are
// YYYY-MM-DD. A change of meaning gets a new version of the type's name, never a changed record.

/// <summary>A listing changed: proposed, adopted, published, in force, amended, delisted.</summary>
/// <param name="ListingId">The listing.</param>
/// <param name="List">The list it stands on: <c>eu</c> or <c>un</c>.</param>
/// <param name="Regime">Programme code.</param>
/// <param name="State">The state it came to; null when the change left it where it was (amended, renewed, notified, heard, reviewed).</param>
/// <param name="DecisionId">The decision that did it; null when none did.</param>
public sealed record ListingChanged(string ListingId, string List, string Regime, string? State, string? DecisionId);

/// <summary>A file was imported: what changed is told by the list's changes.</summary>
/// <param name="List">The list.</param>
/// <param name="ListVersion">Its version after the import, or a later one when it changed again before this was told.</param>
/// <param name="Added">New subjects.</param>
/// <param name="Amended">Subjects told otherwise.</param>
/// <param name="Removed">Subjects no longer named.</param>
public sealed record ListImported(string List, string ListVersion, int Added, int Amended, int Removed);

/// <summary>A regime's expiry comes near; told once for each threshold.</summary>
/// <param name="Regime">Programme code.</param>
/// <param name="ExpiryDate">The last day it applies.</param>
/// <param name="DaysBefore">90, 30 or 7; 0 when it passed without a renewal.</param>
public sealed record RegimeExpiryApproached(string Regime, DateOnly ExpiryDate, int DaysBefore);

/// <summary>A regime's record changed, or it was renewed.</summary>
/// <param name="Regime">Programme code; null for an import of several.</param>
public sealed record RegimeChanged(string? Regime);

/// <summary>Something new came near a subject that a client has stored. Who the subject is, the event does not say.</summary>
/// <param name="SubjectId">The subject, by the service's id.</param>
/// <param name="Client">Whose it is: the subject of that client's token.</param>
/// <param name="ListingId">The listing.</param>
/// <param name="ListVersion">The version of the list it was compared with, for example eu-10451.</param>
/// <param name="Score">Decimal text with four places.</param>
/// <param name="Band">ALERT, REVIEW or NONE.</param>
public sealed record SubjectMatched(string SubjectId, string Client, string ListingId, string ListVersion, string Score, string Band);
