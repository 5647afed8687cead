using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Screening;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// What one client has excluded, as it stood at one moment: which listings are left out of the answer about which of its subjects.
/// A client that excluded nothing costs nothing.
/// </summary>
internal sealed class ClientExclusions
{
    /// <summary>Leaves nothing out: for screenings of the past.</summary>
    public static readonly ClientExclusions None = new();
    private readonly RecordedExclusions? _recorded;
    private readonly SealedSubjects? _subjects;
    private readonly string _client = "";

    /// <summary>The exclusions of a client in a state.</summary>
    public ClientExclusions(SanctionsState state, SealedSubjects subjects, string client)
    {
        if (state.Exclusions.ByClient.ContainsKey(client))
        {
            (_recorded, _subjects, _client) = (state.Exclusions, subjects, client);
        }
    }

    private ClientExclusions()
    {
    }

    /// <summary>What is left out for one subject: hits that were excluded under the names the listing has.</summary>
    /// <param name="reference">The client's own id of it.</param>
    public LeftOut For(string reference)
    {
        var id = reference.Trim();
        if (_recorded is null || id.Length == 0)
        {
            return LeftOut.None;
        }
        var hash = _subjects!.ReferenceHash(_client, id);
        return _recorded.ByReference.TryGetValue(hash, out var excluded) ? new LeftOut(excluded.Count, listing => _recorded.Holds(hash, listing.Id, listing.NamesPosition)) : LeftOut.None;
    }
}
