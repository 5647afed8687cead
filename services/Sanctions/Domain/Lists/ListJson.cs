using System.Text.Json.Serialization;

namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>JSON metadata of an entry by itself: <c>ListJson.Default.Entry</c>. An entry inside other types needs nothing of this.</summary>
[JsonSerializable(typeof(Entry))]
internal sealed partial class ListJson : JsonSerializerContext;
