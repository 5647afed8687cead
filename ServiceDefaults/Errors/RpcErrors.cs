// The one way a service refuses: a code of its error enum becomes a complete RpcException. The status says how to react,
// the detail what is at fault, and grpc-status-details-bin carries the code, the field and the article for machines.
using ExternalAction.Contracts.Platform.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Enum = System.Enum;
using RpcStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace ExternalAction.ServiceDefaults;

/// <summary>Makes the exceptions by which services refuse calls.</summary>
public static class RpcErrors
{
    /// <summary>The trailer of gRPC's rich error model.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The trailer by which a server says when a call may be repeated; -1: not by the library itself (gRPC proposal A6).</summary>
    private const string PushbackTrailer = "grpc-retry-pushback-ms";

    /// <summary>The sentence every unforeseen fault is answered with: what happened is in the log, never on the wire.</summary>
    public const string InternalSentence = "The service met an unforeseen fault. It has been logged; quote the trace id when you report it.";

    /// <summary>Longest detail in characters. It travels twice in the trailers, and clients bound those to 8 to 64 KB.</summary>
    public const int MaxDetailLength = 1_000;

    /// <summary>A refusal, ready to throw.</summary>
    /// <param name="code">A value of a proto enum whose values carry the <c>error</c> option.</param>
    /// <param name="detail">What is at fault, with the values, for the person who made the request. Cut after <see cref="MaxDetailLength"/> characters.</param>
    /// <param name="field">Path of the field at fault in lowerCamelCase (<c>notParticipating[0].memberState</c>), where there is one.</param>
    /// <param name="article">The rule that was applied, for example <c>TEU 31(4)</c>, where there is one.</param>
    public static RpcException Create<TCode>(TCode code, string detail, string? field = null, string? article = null)
        where TCode : struct, Enum
    {
        var facts = ErrorCatalog.Of(code);
        var text = Cut(detail);

        var info = new ErrorInfo { Reason = facts.Code, Domain = facts.Domain };
        if (!string.IsNullOrEmpty(article))
        {
            info.Metadata.Add("article", article);
        }

        var status = new RpcStatus { Code = (int)facts.Status, Message = text, Details = { Any.Pack(info) } };
        if (!string.IsNullOrEmpty(field))
        {
            var violation = new BadRequest.Types.FieldViolation { Field = field, Description = text };
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        }

        var trailers = new Metadata { { DetailsTrailer, status.ToByteArray() } };
        if (code is PlatformError.Types.Code.PositionNotReached)
        {
            // The service has waited already. A library that repeats UNAVAILABLE by itself would wait as long again, each time.
            trailers.Add(PushbackTrailer, "-1");
        }

        return new RpcException(new Status(facts.Status, text), trailers);
    }

    /// <summary>The answer to a fault nobody foresaw.</summary>
    public static RpcException Internal() => Create(PlatformError.Types.Code.Unspecified, InternalSentence);

    /// <summary>The rich status of an exception, or null when it carries none (or one that cannot be read).</summary>
    public static RpcStatus? DetailsOf(RpcException exception)
    {
        if (exception.Trailers.GetValueBytes(DetailsTrailer) is not { } bytes)
        {
            return null;
        }

        try
        {
            return RpcStatus.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxDetailLength)
        {
            return text;
        }

        var length = char.IsHighSurrogate(text[MaxDetailLength - 2]) ? MaxDetailLength - 2 : MaxDetailLength - 1;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
