using System.Globalization;
using ExternalAction.Contracts.Sanctions.V1;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Files;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>A list as a file, streamed: a slow receiver slows the writing down, and nothing is held but a chunk.</summary>
internal sealed partial class ListsService
{
    /// <inheritdoc/>
    public override async Task ExportList(Proto.ExportListRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var list = ListOf(request.List);
        var (format, type) = FormatOf(request.Format, context.RequestHeaders.GetValue("accept"));
        var current = await commands.ReadAsync(context);
        var snapshot = commands.ReadAsOf(request.AsOf, current.Position) is { } asOf ? await pastStates.AtAsync(asOf, context.CancellationToken) : current;
        var entries = snapshot.State.InForce(list).Where(l => l.FreezesAssets).Select(l => l.Entry)
            .OrderBy(e => long.TryParse(e.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : long.MaxValue).ThenBy(e => e.Key, StringComparer.Ordinal);
        await using var body = new BodyStream(responseStream, type);
        await ListFileWriter.WriteAsync(body, new ListHeader(format, snapshot.State.FileDate(list) ?? snapshot.RecordedAt), entries, request.ExtendedCsv, context.CancellationToken);
    }

    private static (ListFormat Format, string Type) FormatOf(string format, string? accept) => format switch
    {
        "fsf-xml" => (ListFormat.FsfXml, "application/xml"),
        "fsf-csv" => (ListFormat.FsfCsv, "text/csv"),
        "jsonl" => (ListFormat.JsonLines, "application/x-ndjson"),
        "" => FormatOf(accept switch { "text/csv" => "fsf-csv", "application/x-ndjson" => "jsonl", _ => "fsf-xml" }, null),
        _ => throw RpcErrors.Create(SanctionsError.Types.Code.UnknownFormat, $"There is no format '{format}'; the formats are fsf-xml, fsf-csv and jsonl.", "format"),
    };

    /// <summary>What is written here goes out as the chunks of one body; the first names the content type.</summary>
    private sealed class BodyStream(IServerStreamWriter<HttpBody> messages, string contentType) : Stream
    {
        private string _type = contentType;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // The chunk's buffer is used again after this, so the message takes a copy.
            await messages.WriteAsync(new HttpBody { ContentType = _type, Data = ByteString.CopyFrom(buffer.Span) }, cancellationToken);
            _type = "";
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Written asynchronously only.");
    }
}
