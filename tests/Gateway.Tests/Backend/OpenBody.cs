using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ExternalAction.Gateway.Tests.Backend;

/// <summary>A body that a test writes bit by bit while it reads the reply. HttpClient does both at once over HTTP/2 only.</summary>
public sealed class OpenBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpenBody(string mediaType) => Headers.ContentType = new MediaTypeHeaderValue(mediaType);

    public async Task WriteAsync(string text)
    {
        var stream = await _stream.Task;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await stream.FlushAsync();
    }

    public void End() => _end.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        _stream.TrySetResult(stream);
        await _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
