using System.Collections.Frozen;
using System.Collections.Immutable;
using ExternalAction.Sanctions.Domain.Screening.Attributes;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>A set of entities, their names by kind, and their numbers.</summary>
internal sealed record Segments(ImmutableArray<ScreenedEntity> Entities, NameSegment[] Kinds, FrozenDictionary<string, int> ById, FrozenDictionary<string, (int Entity, Identifier Identifier)[]> ByIdentifier)
{
    internal static Segments Of(ImmutableArray<ScreenedEntity> entities)
    {
        var byIdentifier = new Dictionary<string, List<(int, Identifier)>>();
        var byId = new Dictionary<string, int>(entities.Length);
        for (int e = 0; e < entities.Length; e++)
        {
            byId[entities[e].Id] = e;
            foreach (Identifier identifier in entities[e].Identifiers.IsDefault ? [] : entities[e].Identifiers)
            {
                string value = IdentifierChecks.Normalise(identifier.Type, identifier.Value), key = IdentifierChecks.Key(value);
                if (value.Length >= IdentifierEvidence.LeastLength && key.Length > 0)
                {
                    if (!byIdentifier.TryGetValue(key, out List<(int, Identifier)>? list))
                    {
                        byIdentifier[key] = list = [];
                    }

                    list.Add((e, identifier));
                }
            }
        }

        NameSegment persons = null!, others = null!;
        Parallel.Invoke(() => persons = new NameSegment(entities, person: true), () => others = new NameSegment(entities, person: false));
        return new Segments(entities, [persons, others], byId.ToFrozenDictionary(), byIdentifier.ToFrozenDictionary(of => of.Key, of => of.Value.ToArray()));
    }
}
