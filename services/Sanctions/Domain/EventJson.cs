using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain;

/// <summary>
/// The JSON of the events: the storage format of journals that live for years. A record here never changes its meaning;
/// something new gets a record of its own.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListingProposed))]
[JsonSerializable(typeof(ListingLinked))]
[JsonSerializable(typeof(ListingAdopted))]
[JsonSerializable(typeof(ListingNotAdopted))]
[JsonSerializable(typeof(VoteEnded))]
[JsonSerializable(typeof(ListingPublished))]
[JsonSerializable(typeof(ListingEnteredIntoForce))]
[JsonSerializable(typeof(ListingRenewed))]
[JsonSerializable(typeof(ListingLapsed))]
[JsonSerializable(typeof(ListingAmended))]
[JsonSerializable(typeof(EvidenceChanged))]
[JsonSerializable(typeof(ListingNotified))]
[JsonSerializable(typeof(ObservationsReceived))]
[JsonSerializable(typeof(ListingReviewed))]
[JsonSerializable(typeof(DerogationRecorded))]
[JsonSerializable(typeof(ListingDelisted))]
[JsonSerializable(typeof(EntryAdded))]
[JsonSerializable(typeof(EntryAmended))]
[JsonSerializable(typeof(EntryRemoved))]
[JsonSerializable(typeof(EntryStaged))]
[JsonSerializable(typeof(ImportCompleted))]
[JsonSerializable(typeof(ImportAbandoned))]
[JsonSerializable(typeof(ListImported))]
[JsonSerializable(typeof(RegimesImported))]
[JsonSerializable(typeof(RegimeRenewed))]
[JsonSerializable(typeof(ExpiryApproached))]
[JsonSerializable(typeof(ScreeningsSealed))]
[JsonSerializable(typeof(ScreeningsExpired))]
[JsonSerializable(typeof(SubjectStored))]
[JsonSerializable(typeof(SubjectDeleted))]
[JsonSerializable(typeof(SubjectMatched))]
[JsonSerializable(typeof(SubjectsRescreened))]
[JsonSerializable(typeof(ExclusionRecorded))]
[JsonSerializable(typeof(ExclusionWithdrawn))]
[JsonSerializable(typeof(ListVersion[]))]
[JsonSerializable(typeof(Measure[]))]
[JsonSerializable(typeof(string[]))]
public sealed partial class EventJson : JsonSerializerContext;
