using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// A file becomes part of a list: 1. read, outside the executor; 2. compared with the list as it stands; 3. submitted with the
/// version it was compared with, in one transaction or, when it is large, in several that become visible at the last. If the list moved
/// meanwhile (a decision was published), it is compared again.
/// </summary>
internal sealed partial class ListsService
{
    private const int ComparisonsMax = 3;
    private const int RejectionsShown = 1_000;

    /// <inheritdoc/>
    public override Task<Proto.ImportReport> ImportList(Proto.ImportListRequest request, ServerCallContext context) => ImportAsync(request, context, null);

    /// <inheritdoc/>
    public override async Task ImportListWithProgress(Proto.ImportListRequest request, IServerStreamWriter<Proto.ImportProgress> responseStream, ServerCallContext context)
    {
        // The import does not wait for a slow listener: only the newest progress is kept for it.
        var progress = Channel.CreateBounded<Proto.ImportProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var importing = Task.Run(
            async () =>
            {
                try
                {
                    return await ImportAsync(request, context, p => progress.Writer.TryWrite(p));
                }
                finally
                {
                    progress.Writer.Complete();
                }
            },
            context.CancellationToken);
        await foreach (var step in progress.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(step, context.CancellationToken);
        }
        var report = await importing;
        await responseStream.WriteAsync(new Proto.ImportProgress { Phase = Proto.ImportProgress.Types.Phase.Done, Report = report }, context.CancellationToken);
    }

    private async Task<Proto.ImportReport> ImportAsync(Proto.ImportListRequest request, ServerCallContext context, Action<Proto.ImportProgress>? tell)
    {
        var list = ListOf(request.List);
        if (request.File.IsEmpty)
        {
            throw FormErrors.Required("file");
        }
        using var slot = slots.Take(list)
            ?? throw Errors.Of(new Refusal(RefusalCode.ImportInProgress, $"Another import of the list {list} is under way; repeat this one when it has ended."));

        Rehearsal.End();

        // 1.
        var state = (await commands.ReadAsync(context)).State;
        var file = await Task.Run(() => Read(request.File, list, state, tell, context.CancellationToken), context.CancellationToken);
        var header = new ListImported(
            list, file.Header.GeneratedAt.ToUniversalTime(), file.Header.Format is ListFormat.FsfCsv, Convert.ToHexStringLower(SHA256.HashData(request.File.Span)), 0, 0, 0, 0, file.Rejected.Length);

        for (var comparison = 1; ; comparison++)
        {
            // 2.
            tell?.Invoke(new Proto.ImportProgress { Phase = Proto.ImportProgress.Types.Phase.Comparing, RowsDone = file.Entries.Length, RowsTotal = file.Entries.Length });
            var import = Comparing.Compare(state, header, current => file.CompletedFrom(current).Entries, file.Rejected, request.Force);
            if (request.DryRun)
            {
                return Report(state, import, file, dryRun: true);
            }

            // 3.
            try
            {
                var decide = Importing.FitsAtOnce(import) ? now => Importing.Import(now, import) : await StageAsync(import, context, tell);
                tell?.Invoke(new Proto.ImportProgress { Phase = Proto.ImportProgress.Types.Phase.Writing, RowsDone = file.Entries.Length, RowsTotal = file.Entries.Length });
                return await commands.ExecuteAsync(context, request, (now, _) => decide(now), (now, _) => Report(now, import, file, dryRun: false));
            }
            catch (RpcException moved) when (moved.StatusCode == StatusCode.Aborted && comparison < ComparisonsMax && journal.Current.State.Lists[list].Position != import.Version)
            {
                state = journal.Current.State;
            }
        }
    }

    /// <summary>Writes all of a large import but the row that completes it; gives the decision of that one.</summary>
    private async Task<Func<SanctionsState, Verdict>> StageAsync(ImportList import, ServerCallContext context, Action<Proto.ImportProgress>? tell)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        var rows = Importing.RowsOf(import);
        for (var staged = 0; staged < rows; staged += Staging.RowsAtOnce)
        {
            tell?.Invoke(new Proto.ImportProgress { Phase = Proto.ImportProgress.Types.Phase.Writing, RowsDone = staged, RowsTotal = rows });
            var from = staged;
            await commands.StageAsync(context, now => Staging.Stage(now, import, id, from));
        }
        return now => Staging.Complete(now, import, id);
    }

    private ListFile Read(ByteString bytes, string list, SanctionsState state, Action<Proto.ImportProgress>? tell, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        try
        {
            using var stream = new MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes.Memory, out var segment) ? segment.Array! : bytes.ToByteArray(), segment.Offset, bytes.Length, writable: false);
            var file = ListFileReader.Read(
                stream,
                ReadOptions.Default with { KnownProgramme = state.Regimes.ContainsKey, Progress = tell is null ? null : p => tell(Progress(p, clock.GetElapsedTime(begun))) },
                cancellation);
            return list == SanctionsState.Un == file.Header.Format is ListFormat.UnXml
                ? file
                : throw RpcErrors.Create(SanctionsError.Types.Code.NotAList, $"The file is {file.Header.Format}, which is not a file of the list {list}. Nothing was changed.", "file");
        }
        catch (ListFileException fault)
        {
            var where = fault.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"Line {line}: ") : "";
            throw RpcErrors.Create(
                fault.Fault == ListFileFault.TooLarge ? SanctionsError.Types.Code.ListTooLarge : SanctionsError.Types.Code.NotAList, $"{where}{fault.Message} Nothing was changed.", "file");
        }
    }

    private static Proto.ImportProgress Progress(ReadProgress read, TimeSpan elapsed)
    {
        var share = read.TotalBytes is > 0 ? (double)read.Bytes / read.TotalBytes.Value : 0;
        return new Proto.ImportProgress
        {
            Phase = Proto.ImportProgress.Types.Phase.Reading,
            RowsDone = read.Entities,
            RowsTotal = share > 0 ? Math.Max(read.Entities, (int)(read.Entities / share)) : 0,
            SecondsLeft = share > 0 ? ((1 - Math.Min(share, 1)) * elapsed.TotalSeconds / share).ToString("0.0", CultureInfo.InvariantCulture) : "",
        };
    }

    private static Proto.ImportReport Report(SanctionsState state, ImportList import, ListFile file, bool dryRun)
    {
        var report = new Proto.ImportReport
        {
            Added = import.Header.Added,
            Amended = import.Header.Amended,
            Removed = import.Header.Removed,
            Unchanged = import.Header.Unchanged,
            RejectedTotal = file.Rejected.Length,
            ListVersion = state.VersionOf(import.List),
            DryRun = dryRun,
            Refusal = dryRun && Importing.Refused(state, import) is { } refusal ? $"{Names.Printed(Names.Map<RefusalCode, SanctionsError.Types.Code>(refusal.Code))}: {refusal.Detail}" : "",
        };
        report.Notes.Add(file.Notes);
        report.Rejected.Add(file.Rejected.Take(RejectionsShown).Select(r => new Proto.ImportRejection { Line = r.Line, Entity = r.Entity, Field = r.Field, Reason = r.Reason }));
        return report;
    }
}

/// <summary>One import of a list at a time: a second one would only be compared with what the first is about to change.</summary>
internal sealed class ImportSlots
{
    private readonly HashSet<string> _taken = [];
    private readonly Lock _gate = new();

    /// <summary>The slot of a list until it is disposed; null when it is taken.</summary>
    public IDisposable? Take(string list)
    {
        lock (_gate)
        {
            return _taken.Add(list) ? new Slot(this, list) : null;
        }
    }

    private sealed class Slot(ImportSlots slots, string list) : IDisposable
    {
        public void Dispose()
        {
            lock (slots._gate)
            {
                slots._taken.Remove(list);
            }
        }
    }
}
