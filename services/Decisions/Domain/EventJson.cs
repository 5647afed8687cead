using System.Text.Json.Serialization;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// The JSON of the events: the storage format of journals that live for years. A record here never changes its meaning;
/// something new gets a record of its own.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FileOpened))]
[JsonSerializable(typeof(FileAdvanced))]
[JsonSerializable(typeof(FileWithdrawn))]
[JsonSerializable(typeof(VoteOpened))]
[JsonSerializable(typeof(DeadlineExtended))]
[JsonSerializable(typeof(VoteCast))]
[JsonSerializable(typeof(LateObjectionStated))]
[JsonSerializable(typeof(SilenceBroken))]
[JsonSerializable(typeof(VoteClosed))]
[JsonSerializable(typeof(BrakeInvoked))]
[JsonSerializable(typeof(MediationEnded))]
[JsonSerializable(typeof(ReferralOpened))]
[JsonSerializable(typeof(ReferralDecided))]
[JsonSerializable(typeof(ActPublished))]
[JsonSerializable(typeof(ActEnteredIntoForce))]
[JsonSerializable(typeof(ActAmended))]
[JsonSerializable(typeof(ActRenewed))]
[JsonSerializable(typeof(ActExpired))]
[JsonSerializable(typeof(ActRepealed))]
[JsonSerializable(typeof(MemberStatesImported))]
[JsonSerializable(typeof(PopulationsImported))]
[JsonSerializable(typeof(LegalBasesImported))]
[JsonSerializable(typeof(OptOutsImported))]
public sealed partial class EventJson : JsonSerializerContext;
