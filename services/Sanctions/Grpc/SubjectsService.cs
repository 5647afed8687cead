using System.Collections.Immutable;
using ExternalAction.Journal;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Records;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// Subjects that a client leaves to be screened again. Encrypting and screening need keys and lists and are done here, before the
/// domain decides; what the journal keeps of request and reply, too, says nothing of who the subject is.
/// </summary>
internal sealed partial class SubjectsService(Journal<SanctionsState, SanctionsEvent> journal, Commands commands, ScreeningLists lists, SealedSubjects subjects, Recorder recorder, TimeProvider clock) : Proto.Subjects.SubjectsBase
{
    private const int AttemptsMost = 8;

    /// <inheritdoc/>
    public override async Task<Proto.StoredSubject> StoreSubject(Proto.StoreSubjectRequest request, ServerCallContext context)
    {
        var client = context.Caller().Subject;
        var sent = request.Subject?.Clone() ?? throw FormErrors.Required("subject");
        sent.Id = Form.Text(sent.Id, "subject.id", 128, required: true);
        var query = ScreeningsService.SubjectOf(sent, "subject");
        var options = ScreeningsService.OptionsOf(request.Profile.Length == 0 ? ScreeningProfile.Onboarding.Name : request.Profile, request.Threshold, limit: 0, exhaustive: false) with { Limit = ScreeningResult.EveryHit };
        var wanted = ListsOf(request.Lists);
        await commands.ReadAsync(context);
        var referenceHash = subjects.ReferenceHash(client, sent.Id);
        var asWanted = new SubjectStored(
            "", client, referenceHash, subjects.ContentHash(client, sent), "", Recorder.NameOf(options.Profile), options.EffectiveThreshold, [.. wanted.Select(list => new ListVersion(list, 0))]);
        for (var attempt = 1; ; attempt++)
        {
            // 1. The id: the one this subject has, else a new one. What is stored already as it is sent is not screened again.
            var state = journal.Current.State;
            var known = state.Subjects.By(referenceHash);
            var id = known?.Id ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
            var isForeseen = Subjects.Foresee(state, asWanted) is not null;
            try
            {
                // 2. Screened on the lists as they are, and encrypted; record and key are on the disk before the row is.
                var command = isForeseen ? null : await ScreenAsync(state, asWanted with { Id = id }, sent, query, options, context.CancellationToken);

                // 3. Stored, with its first alerts. The reply under the idempotency key does not say who it is; the caller knows.
                var stored = await commands.ExecuteAsync(
                    context, subjects.InputOf(request), (s, _) => command is null ? Subjects.Foresee(s, asWanted) ?? Subjects.Again("The subject was stored or deleted by another request at the same time") : Subjects.Store(s, command),
                    (s, _) => SubjectHits.View(s, s.Subjects.By(referenceHash)!));
                await ForgetUnusedAsync(id, stored.Id);
                stored.Subject = sent;
                return stored;
            }
            catch (RpcException refused) when (refused.StatusCode is StatusCode.Aborted or StatusCode.FailedPrecondition)
            {
                // 4. A list, an exclusion or the subject changed meanwhile: once more.
                await ForgetUnusedAsync(id, journal.Current.State.Subjects.By(referenceHash)?.Id);
                if (refused.StatusCode != StatusCode.Aborted || attempt == AttemptsMost)
                {
                    throw;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<Proto.DeleteSubjectReply> DeleteSubject(Proto.DeleteSubjectRequest request, ServerCallContext context)
    {
        var client = context.Caller().Subject;
        var id = Form.Id(request.Id);
        var reply = await commands.ExecuteAsync(context, request, (s, _) => Subjects.Delete(s, client, id), (s, _) => new Proto.DeleteSubjectReply
        {
            Id = id,
            DeletedAt = Timestamp.FromDateTimeOffset(s.Subjects.Deleted[id].DeletedAt),
        });
        try
        {
            await subjects.DestroyAsync(id, CancellationToken.None);
        }
        catch (JournalException)
        {
            // The row is there: KeyShredder destroys the key as soon as it can be reached.
        }
        return reply;
    }

    /// <summary>
    /// Screens what is to be stored, leaves the record of that, and encrypts. Whoever is killed between the record and the row leaves a record
    /// of a screening that was not answered, as a client does that goes away.
    /// </summary>
    private async Task<StoreSubject> ScreenAsync(SanctionsState state, SubjectStored wanted, Proto.ScreeningSubject sent, ScreeningQuery query, MatchOptions options, CancellationToken cancellation)
    {
        var against = await Task.WhenAll(wanted.Screened.Items.Select(s => lists.AtLeastAsync(state, s.List, cancellation)));
        var result = ScreeningResult.Of(query, options, against, new ClientExclusions(state, subjects, wanted.Client).For(sent.Id));
        var record = recorder.Record(wanted.Client, query, options, against, result, keepQuery: false);
        await recorder.AppendAsync([record], patient: false, cancellation);
        var key = await subjects.KeyAsync(wanted.Id, cancellation);
        var stored = wanted with
        {
            Ciphertext = OpenSubject.Seal(key, wanted.Id, sent),
            Screened = [.. against.Select(list => new ListVersion(list.List, list.Position))],
            ScreeningId = record.Record.Id,
        };
        return new StoreSubject(stored, SubjectHits.Of(wanted.Id, key, result.Hits), result.Excluded);
    }

    /// <summary>The lists asked for, in their order, without repetitions.</summary>
    private static ImmutableArray<string> ListsOf(RepeatedField<string> names)
    {
        if (names.FirstOrDefault(name => name is not (SanctionsState.Eu or SanctionsState.Un)) is { } unknown)
        {
            throw Errors.NoSuchList(unknown, "lists");
        }
        return names.Count == 0 ? [SanctionsState.Eu, SanctionsState.Un] : [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>A key that was made for an id under which nothing was stored opens nothing; it need not stay.</summary>
    private async Task ForgetUnusedAsync(string id, string? used)
    {
        if (id == used)
        {
            return;
        }
        try
        {
            await subjects.DestroyAsync(id, CancellationToken.None);
        }
        catch (JournalException)
        {
            // It stays, and opens nothing.
        }
    }
}
