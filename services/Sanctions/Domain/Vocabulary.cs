namespace ExternalAction.Sanctions.Domain;

// The names of these enums' values are those of the contract (types.proto), where each is explained; a test holds the two
// together.

/// <summary>Where a listing is in its life.</summary>
public enum ListingState
{
    Proposed,
    Adopted,
    Published,
    InForce,
    Delisted,
    Annulled,
    Lapsed,
    NotAdopted,
}

/// <summary>What applies to a listed subject.</summary>
public enum Measure
{
    AssetFreeze,
    FundsProhibition,
    TravelBan,
    Sectoral,
    VesselBan,
    AircraftBan,
}

/// <summary>What of a listing an amendment may empty: names, reasons and measures it cannot do without.</summary>
public enum ContentPart
{
    BirthDates,
    Citizenships,
    Addresses,
    Identifications,
    Remarks,
    Evidence,
}

/// <summary>How a subject is notified.</summary>
public enum NotificationMethod
{
    Direct,
    Notice,
}

/// <summary>What a review came to.</summary>
public enum ReviewOutcome
{
    Maintain,
    Amend,
    Delist,
}

/// <summary>Why a subject is no longer listed.</summary>
public enum DelistingReason
{
    Death,
    ChangedFacts,
    Annulment,
    CriteriaNoLongerMet,
    RemovedFromList,
}

/// <summary>Why funds may be released all the same.</summary>
public enum DerogationGround
{
    BasicNeeds,
    LegalFees,
    ExtraordinaryExpenses,
    PriorContract,
    Humanitarian,
}

/// <summary>What a decision knows of time: now, and when the request was received.</summary>
public readonly record struct Moment(DateTimeOffset Now, DateTimeOffset ReceivedAt);

/// <summary>When, where and by whom a row was recorded.</summary>
public readonly record struct Stamp(long Position, string Actor, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt);
