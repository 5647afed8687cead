// Lets a gRPC stream be read with await foreach.
using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Conveniences for stream readers.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>The messages of a stream, to its end or until cancelled.</summary>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return Read(streamReader, cancellationToken);
    }

    private static async IAsyncEnumerable<T> Read<T>(IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false)) yield return streamReader.Current;
    }
}
