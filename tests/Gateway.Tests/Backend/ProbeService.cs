using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>The service behind the gateway's tests.</summary>
public sealed class ProbeService(ProbeState state) : Probe.ProbeBase
{
    public override Task<Everything> Echo(Everything request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<Thing> GetThing(GetThingRequest request, ServerCallContext context)
    {
        state.Calls.AddOrUpdate(nameof(GetThing), 1, (_, n) => n + 1);
        var thing = new Thing { Id = request.Id, Title = state.Titles.GetValueOrDefault(request.Id, "untitled"), Name = request.Detail, Position = state.Position };
        if (state.HoldReads is { } hold)
        {
            state.Held!.TrySetResult();
            await hold.Task;
        }

        context.Facts().SetPosition(thing.Position);
        return thing;
    }

    public override Task<ListThingsReply> ListThings(ListThingsRequest request, ServerCallContext context) => Task.FromResult(new ListThingsReply
    {
        Things = { Enumerable.Range(1, request.PageSize).Select(n => new Thing { Id = n.ToString(CultureInfo.InvariantCulture), Title = request.Filter?.Text ?? "" }) },
    });

    public override Task<Thing> RenameThing(RenameThingRequest request, ServerCallContext context)
    {
        state.Titles[request.Id] = request.Title;
        state.Position++;
        context.Facts().SetPosition(state.Position);
        return Task.FromResult(new Thing { Id = request.Id, Title = request.Title, Position = state.Position });
    }

    public override Task<Thing> UpdateThing(UpdateThingRequest request, ServerCallContext context) => Task.FromResult(request.Thing);

    public override Task<Thing> GetFile(GetFileRequest request, ServerCallContext context) => Task.FromResult(new Thing { Name = request.Path });

    public override Task<Thing> GetReport(GetReportRequest request, ServerCallContext context) => Task.FromResult(new Thing { Id = request.Id });

    public override Task<HttpBody> GetReportFile(GetReportRequest request, ServerCallContext context) =>
        Task.FromResult(new HttpBody { ContentType = "text/csv; charset=utf-8", Data = ByteString.CopyFromUtf8($"id\r\n{request.Id}\r\n") });

    public override Task<ImportThingsReply> ImportThings(ImportThingsRequest request, ServerCallContext context) => Task.FromResult(new ImportThingsReply
    {
        Imported = request.Csv.IsEmpty ? request.Things.Count : request.Csv.ToString(Encoding.UTF8).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length,
        Source = request.Source,
        Bytes = request.Csv.Length,
    });

    public override Task<Thing> Fail(FailRequest request, ServerCallContext context) => throw Fault(request.Code, request.Status);

    public override async Task<Thing> Wait(WaitRequest request, ServerCallContext context)
    {
        ProbeState.Signal(state.Begun, request.Id).TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            throw new UnreachableException();
        }
        finally
        {
            ProbeState.Signal(state.Cancelled, request.Id).TrySetResult();
        }
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<Update> responseStream, ServerCallContext context)
    {
        if (request.Count == 0)
        {
            throw RpcErrors.Create(PlatformError.Types.Code.InvalidField, "Count must be at least 1.", "count");
        }

        var first = Math.Max(context.Facts().LastEventId ?? 0, request.AfterPosition) + 1;
        for (var position = first; position < first + request.Count; position++)
        {
            if (request.Heartbeats)
            {
                await responseStream.WriteAsync(new Update { Position = position - 1, Heartbeat = true });
            }

            await responseStream.WriteAsync(new Update { Position = position, Text = $"{request.Id}\n{position}" });
        }

        if (request.Id == "endless")
        {
            ProbeState.Signal(state.Begun, request.Id).TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                ProbeState.Signal(state.Cancelled, request.Id).TrySetResult();
            }
        }

        if (request.FailWith.Length > 0)
        {
            throw Fault(request.FailWith, 0);
        }
    }

    public override Task<HeadersReply> Headers(HeadersRequest request, ServerCallContext context)
    {
        var reply = new HeadersReply { TraceId = Activity.Current?.TraceId.ToHexString() ?? "" };
        foreach (var header in context.RequestHeaders.Where(header => !header.IsBinary))
        {
            reply.Headers[header.Key] = header.Value;
        }

        if (context.Deadline != DateTime.MaxValue)
        {
            reply.DeadlineMs = (long)(context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime).TotalMilliseconds;
        }

        return Task.FromResult(reply);
    }

    public override Task<HttpBody> GetSigningKeys(HeadersRequest request, ServerCallContext context) => Task.FromResult(new HttpBody
    {
        ContentType = "application/json",
        Data = ByteString.CopyFromUtf8("""{"keys":[{"kty":"EC","crv":"P-256","kid":"probe-1","x":"AA","y":"AA"}]}"""),
    });

    public override async Task<ImportThingsReply> Upload(IAsyncStreamReader<Thing> requestStream, ServerCallContext context)
    {
        var reply = new ImportThingsReply();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            reply.Imported++;
        }

        context.ResponseTrailers.Add("probe-trailer", "seen");
        context.ResponseTrailers.Add("probe-trailer-bin", [1, 2, 3]);
        return reply;
    }

    public override async Task Chat(IAsyncStreamReader<Thing> requestStream, IServerStreamWriter<Thing> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(new Thing { Title = requestStream.Current.Title.ToUpperInvariant() });
        }
    }

    public override Task<FileReport> ImportFile(ImportFileRequest request, ServerCallContext context)
    {
        state.Calls.AddOrUpdate(nameof(ImportFile), 1, (_, n) => n + 1);
        return Task.FromResult(ReportOf(request));
    }

    public override async Task ImportFileWatched(ImportFileRequest request, IServerStreamWriter<FileProgress> responseStream, ServerCallContext context)
    {
        if (request.FailWith == "at once")
        {
            throw RpcErrors.Create(PlatformError.Types.Code.InvalidField, "The file is no list.", "file");
        }

        for (var done = 1; done <= 3; done++)
        {
            await responseStream.WriteAsync(new FileProgress { Done = done, Total = 3 });
        }

        if (request.List == "endless")
        {
            await UntilCancelledAsync("import", context);
        }

        if (request.FailWith.Length > 0)
        {
            throw Fault(request.FailWith, 0);
        }

        await responseStream.WriteAsync(new FileProgress { Done = 3, Total = 3, Report = ReportOf(request) });
    }

    public override Task<FileReport> PutBlob(PutBlobRequest request, ServerCallContext context) => Task.FromResult(new FileReport { List = request.Id, Bytes = request.Data.Length });

    public override Task<Thing> GetExport(ExportRequest request, ServerCallContext context) => Task.FromResult(new Thing { Id = request.Id });

    public override async Task Export(ExportRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        context.Facts().SetPosition(state.Position);
        var chunk = ByteString.CopyFrom(Enumerable.Repeat((byte)'x', request.ChunkBytes).ToArray());
        for (var i = 0; i < request.Chunks; i++)
        {
            await responseStream.WriteAsync(new HttpBody { ContentType = i == 0 ? $"{context.RequestHeaders.GetValue("accept")}; charset=utf-8" : "", Data = chunk }, context.CancellationToken);
            state.Calls.AddOrUpdate($"chunks of {request.Id}", 1, (_, n) => n + 1);
        }

        if (request.Id == "endless")
        {
            await UntilCancelledAsync("export", context);
        }

        if (request.FailWith.Length > 0)
        {
            throw Fault(request.FailWith, 0);
        }
    }

    public override Task<HttpBody> Match(MatchRequest request, ServerCallContext context) => Task.FromResult(new HttpBody
    {
        ContentType = "application/json",
        Data = request.Body.ToStringUtf8().StartsWith('{')
            ? ByteString.CopyFromUtf8($$"""{"dataset_name":"{{request.Dataset}}","limit":{{request.Limit}},"score":0.97,"query":{{request.Body.ToStringUtf8()}}}""")
            : throw RpcErrors.Create(PlatformError.Types.Code.MalformedBody, "The body is not a query."),
    });

    public override async Task Screen(IAsyncStreamReader<Subject> requestStream, IServerStreamWriter<Screening> responseStream, ServerCallContext context)
    {
        var (seen, list) = (false, "");
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                var subject = requestStream.Current;
                list = subject.List;
                state.Calls.AddOrUpdate($"subjects of {subject.List}", 1, (_, n) => n + 1);
                switch (subject.Name)
                {
                    case "begin":
                        ProbeState.Signal(state.Begun, subject.List).TrySetResult();
                        break;
                    case "fail":
                        throw Fault(subject.Id, 0);
                    case "enough":
                        return;
                }

                seen = true;
                var padding = int.TryParse(subject.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? new string('x', length) : "";
                await responseStream.WriteAsync(new Screening { Id = subject.Id, Text = $"{subject.List}/{subject.Profile}/{subject.Name}{padding}" }, context.CancellationToken);
            }
        }
        catch (Exception fault) when (fault is IOException || context.CancellationToken.IsCancellationRequested)
        {
            // A broken stream is noticed by whoever reads it before the call is cancelled.
            ProbeState.Signal(state.Cancelled, list).TrySetResult();
            throw;
        }

        if (!seen)
        {
            throw RpcErrors.Create(PlatformError.Types.Code.FieldRequired, "There is nobody to screen.");
        }
    }

    private static FileReport ReportOf(ImportFileRequest request) => new()
    {
        List = request.List,
        DryRun = request.DryRun,
        ContentType = request.File?.ContentType ?? "",
        Bytes = request.File?.Data.Length ?? 0,
        Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData((request.File?.Data ?? ByteString.Empty).Span)),
    };

    private async Task UntilCancelledAsync(string id, ServerCallContext context)
    {
        ProbeState.Signal(state.Begun, id).TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            ProbeState.Signal(state.Cancelled, id).TrySetResult();
        }
    }

    private static Exception Fault(string code, int status) => (code, status) switch
    {
        (_, > 0) => new RpcException(new Status((StatusCode)status, "a bare status with secrets: 10.0.0.7")),
        ("", _) => new InvalidOperationException("a fault nobody foresaw, with a secret"),
        _ => RpcErrors.Create(PlatformError.Descriptor.EnumTypes[0].FindValueByName(code) is { } value ? (PlatformError.Types.Code)value.Number : default, $"It was asked to fail with {code}.", "code", "TEU 31(4)"),
    };
}
