using System.Collections.Frozen;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ExternalAction.Decisions.Domain;

/// <summary>
/// The storage format: the versioned name of every event and its JSON. What stands here is written in journals that live for
/// years. A name is never reused and its record never changes meaning; something new gets a new name.
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

/// <summary>The stored names. A name is never reused.</summary>
public static class EventNames
{
    /// <summary>Every event by its stored name.</summary>
    public static FrozenDictionary<string, JsonTypeInfo> ByName { get; } = new Dictionary<string, JsonTypeInfo>
    {
        ["decisions.file-opened.v1"] = EventJson.Default.FileOpened,
        ["decisions.file-advanced.v1"] = EventJson.Default.FileAdvanced,
        ["decisions.file-withdrawn.v1"] = EventJson.Default.FileWithdrawn,
        ["decisions.vote-opened.v1"] = EventJson.Default.VoteOpened,
        ["decisions.deadline-extended.v1"] = EventJson.Default.DeadlineExtended,
        ["decisions.vote-cast.v1"] = EventJson.Default.VoteCast,
        ["decisions.late-objection-stated.v1"] = EventJson.Default.LateObjectionStated,
        ["decisions.silence-broken.v1"] = EventJson.Default.SilenceBroken,
        ["decisions.vote-closed.v1"] = EventJson.Default.VoteClosed,
        ["decisions.brake-invoked.v1"] = EventJson.Default.BrakeInvoked,
        ["decisions.mediation-ended.v1"] = EventJson.Default.MediationEnded,
        ["decisions.referral-opened.v1"] = EventJson.Default.ReferralOpened,
        ["decisions.referral-decided.v1"] = EventJson.Default.ReferralDecided,
        ["decisions.act-published.v1"] = EventJson.Default.ActPublished,
        ["decisions.act-entered-into-force.v1"] = EventJson.Default.ActEnteredIntoForce,
        ["decisions.act-amended.v1"] = EventJson.Default.ActAmended,
        ["decisions.act-renewed.v1"] = EventJson.Default.ActRenewed,
        ["decisions.act-expired.v1"] = EventJson.Default.ActExpired,
        ["decisions.act-repealed.v1"] = EventJson.Default.ActRepealed,
        ["decisions.member-states-imported.v1"] = EventJson.Default.MemberStatesImported,
        ["decisions.populations-imported.v1"] = EventJson.Default.PopulationsImported,
        ["decisions.legal-bases-imported.v1"] = EventJson.Default.LegalBasesImported,
        ["decisions.opt-outs-imported.v1"] = EventJson.Default.OptOutsImported,
    }.ToFrozenDictionary();
}
