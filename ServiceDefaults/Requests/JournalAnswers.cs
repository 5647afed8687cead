using System.Text;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExternalAction.ServiceDefaults;

/// <summary>What every service answers about its journal, in the same form: the signed head, the public keys, the rows of a stream.</summary>
public static class JournalAnswers
{
    private const int UsualPage = 100;
    private const int LargestPage = 500;

    /// <summary>The latest signed head.</summary>
    /// <exception cref="Grpc.Core.RpcException">UNAVAILABLE: the journal is not open yet.</exception>
    public static Contracts.Platform.V1.JournalHead Head(ServiceJournal journal)
    {
        var jws = journal.SignedHead ?? throw RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The journal is not open yet.");
        var head = SignedStatements.VerifyHead(jws, journal.SigningKeys);
        return new() { Service = head.Service, Position = head.Position, Hash = head.Hash.ToString(), SignedAt = Timestamp.FromDateTimeOffset(head.SignedAt), Jws = jws };
    }

    /// <summary>The public keys that sign for the journal, retired ones included (RFC 7517).</summary>
    public static HttpBody Keys(ServiceJournal journal) => new() { ContentType = "application/json", Data = ByteString.CopyFromUtf8(journal.Jwks) };

    /// <summary>
    /// A page of the rows of a stream, oldest first, and the token of the next; the token is empty after the last. Rows that never
    /// took effect may be left out by <paramref name="isShown"/>.
    /// </summary>
    /// <exception cref="Grpc.Core.RpcException">The page size is not between 1 and 500, or the token is of another list.</exception>
    public static async Task<(List<HistoryEntry> Entries, string NextPageToken)> HistoryAsync<TState, TEvent>(
        Journal<TState, TEvent> journal, string stream, int pageSize, string pageToken, CancellationToken cancellation, Func<JournalRow, bool>? isShown = null)
        where TState : class
        where TEvent : class
    {
        var size = Form.PageSize(pageSize, UsualPage, LargestPage);
        var filter = $"history|{stream}";
        var after = PageTokens.Read(pageToken, filter) ?? 0;
        var entries = new List<HistoryEntry>();
        await foreach (var row in journal.ReadStreamRowsAsync(stream, after, cancellation))
        {
            if (isShown?.Invoke(row) == false)
            {
                continue;
            }
            if (entries.Count == size)
            {
                return (entries, PageTokens.Write(entries[^1].Position, filter));
            }
            entries.Add(EntryOf(row));
        }
        return (entries, "");
    }

    /// <summary>A row as it is told.</summary>
    public static HistoryEntry EntryOf(JournalRow row) => new()
    {
        Position = row.Position,
        Type = row.Type,
        Payload = Encoding.UTF8.GetString(row.Payload.Span),
        Actor = row.Actor,
        OccurredAt = Timestamp.FromDateTimeOffset(JournalTime.FromMicroseconds(row.OccurredAt)),
        RecordedAt = Timestamp.FromDateTimeOffset(JournalTime.FromMicroseconds(row.RecordedAt)),
        Hash = row.Hash.ToString(),
        PreviousHash = row.PreviousHash?.ToString() ?? "",
    };
}
