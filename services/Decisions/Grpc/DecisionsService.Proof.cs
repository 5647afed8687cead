using ExternalAction.Contracts.Platform.V1;
using ExternalAction.Journal;
using ExternalAction.ServiceDefaults;
using Google.Api;
using Grpc.Core;
using JournalHead = ExternalAction.Contracts.Platform.V1.JournalHead;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Grpc;

/// <summary>What anybody needs to check this service's journal without trusting it: the signed head and the public keys.</summary>
internal sealed partial class DecisionsService
{
    /// <inheritdoc/>
    public override Task<JournalHead> GetJournalHead(GetJournalHeadRequest request, ServerCallContext context) => Task.FromResult(JournalAnswers.Head(journal));

    /// <inheritdoc/>
    public override Task<HttpBody> GetSigningKeys(GetSigningKeysRequest request, ServerCallContext context) => Task.FromResult(JournalAnswers.Keys(journal));

    /// <inheritdoc/>
    public override async Task<JournalHead> RotateSigningKeys(Proto.RotateSigningKeysRequest request, ServerCallContext context)
    {
        foreach (var purpose in Enum.GetValues<KeyPurpose>())
        {
            await journal.RotateSigningKeyAsync(purpose, context.Caller().Subject, context.CancellationToken);
        }
        return JournalAnswers.Head(journal);
    }
}
