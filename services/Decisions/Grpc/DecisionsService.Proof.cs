using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>What anybody needs to check this service's journal without trusting it: the signed head and the public keys.</summary>
internal sealed partial class DecisionsService
{
    /// <inheritdoc/>
    public override Task<Proto.JournalHead> GetJournalHead(Proto.GetJournalHeadRequest request, ServerCallContext context) => Task.FromResult(Head());

    /// <inheritdoc/>
    public override Task<HttpBody> GetSigningKeys(Proto.GetSigningKeysRequest request, ServerCallContext context) =>
        Task.FromResult(new HttpBody { ContentType = "application/json", Data = ByteString.CopyFromUtf8(journal.Jwks) });

    /// <inheritdoc/>
    public override async Task<Proto.JournalHead> RotateSigningKeys(Proto.RotateSigningKeysRequest request, ServerCallContext context)
    {
        foreach (var purpose in System.Enum.GetValues<KeyPurpose>())
        {
            await journal.RotateSigningKeyAsync(purpose, context.Caller().Subject, context.CancellationToken);
        }
        return Head();
    }

    private Proto.JournalHead Head()
    {
        var jws = journal.SignedHead ?? throw RpcErrors.Create(PlatformError.Types.Code.Unavailable, "The journal is not open yet.");
        var head = SignedStatements.VerifyHead(jws, journal.SigningKeys);
        return new Proto.JournalHead { Service = head.Service, Position = head.Position, Hash = head.Hash.ToString(), SignedAt = Timestamp.FromDateTimeOffset(head.SignedAt), Jws = jws };
    }
}
