using System.Globalization;
using System.Threading.Channels;
using ExternalAction.Sanctions.Domain.Screening;
using ExternalAction.Sanctions.Screening;
using ExternalAction.ServiceDefaults;
using Google.Rpc;
using Grpc.Core;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// A batch: subjects are read, matched side by side and answered in their order. What waits between reading and answering is
/// bounded, so a slow reader of the answers slows the reading of the subjects.
/// </summary>
internal sealed partial class ScreeningsService
{
    // So many records may share a commit; each commit waits for the disk once.
    private const int Waiting = 512;
    private const int ProgressEvery = 1_000;
    // As many matches side by side as there are cores, whatever the pool of threads thinks: more are not faster and want scratch memory each.
    private static readonly TaskFactory _matching = new(new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount).ConcurrentScheduler);
    private static readonly WriteOptions _followed = new(WriteFlags.BufferHint);

    /// <inheritdoc/>
    public override async Task ScreenBatch(IAsyncStreamReader<Proto.BatchSubject> requestStream, IServerStreamWriter<Proto.BatchReply> responseStream, ServerCallContext context)
    {
        // 1. One version of each list and of the exclusions for the whole batch; the first subject says which lists.
        var begun = clock.GetTimestamp();
        var client = context.Caller().Subject;
        var versions = new Dictionary<string, IReadOnlyList<ScreeningList>>(StringComparer.Ordinal);
        var exclusions = ExclusionsOf(context);
        var answers = Channel.CreateBounded<Task<Proto.BatchReply>>(Waiting);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        // 2. Read and match.
        var total = 0;
        var reading = Task.Run(
            async () =>
            {
                try
                {
                    while (await requestStream.MoveNext(ending.Token))
                    {
                        var line = requestStream.Current;
                        total = Math.Max(total, line.Total);
                        var names = string.Join(',', line.Lists);
                        if (!versions.TryGetValue(names, out var against))
                        {
                            try
                            {
                                against = versions[names] = await ListsAsync(line.Lists, "", context);
                            }
                            catch (RpcException refused)
                            {
                                await answers.Writer.WriteAsync(Task.FromResult(Refused(line.Id, refused)), ending.Token);
                                continue;
                            }
                        }
                        await answers.Writer.WriteAsync(_matching.StartNew(() => AnswerAsync(client, line, against, exclusions, ending.Token), ending.Token).Unwrap(), ending.Token);
                    }
                }
                finally
                {
                    answers.Writer.Complete();
                }
            },
            CancellationToken.None);

        // 3. Answer in order.
        try
        {
            var done = 0;
            await foreach (var answer in answers.Reader.ReadAllAsync(ending.Token))
            {
                // Answers that are there together leave together.
                responseStream.WriteOptions = answers.Reader.TryPeek(out var next) && answer.IsCompleted && next.IsCompleted ? _followed : null;
                await responseStream.WriteAsync(await answer, ending.Token);
                if (++done % ProgressEvery == 0)
                {
                    await responseStream.WriteAsync(new Proto.BatchReply { Progress = ProgressOf(done, total, clock.GetElapsedTime(begun)) }, ending.Token);
                }
            }
            await reading;
        }
        finally
        {
            await ending.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Proto.BatchReply> AnswerAsync(string client, Proto.BatchSubject line, IReadOnlyList<ScreeningList> against, ClientExclusions exclusions, CancellationToken cancellation)
    {
        try
        {
            var subject = new Proto.ScreeningSubject
            {
                Id = line.Id,
                Names = { line.Names },
                Type = line.Type,
                BirthDate = line.BirthDate,
                Citizenships = { line.Citizenships },
                Country = line.Country,
                Identifiers = { line.Identifiers },
                Address = line.Address,
                Gender = line.Gender,
            };
            var (query, options) = (SubjectOf(subject, ""), OptionsOf(line.Profile, line.Threshold, line.Limit, exhaustive: false));
            var result = ScreeningResult.Of(query, options, against, exclusions.For(line.Id));
            var record = recorder.Record(client, query, options, against, result, line.KeepQuery);
            await recorder.AppendAsync([record], patient: true, cancellation);
            return new Proto.BatchReply { Id = line.Id, Result = ResultOf(line.Id, record.Record.Id, against, result) };
        }
        catch (RpcException refused)
        {
            return Refused(line.Id, refused);
        }
    }

    private static Proto.BatchReply Refused(string id, RpcException refused)
    {
        var details = RpcErrors.DetailsOf(refused)?.Details;
        var code = details?.FirstOrDefault(d => d.Is(ErrorInfo.Descriptor))?.Unpack<ErrorInfo>().Reason ?? refused.StatusCode.ToString();
        var field = details?.FirstOrDefault(d => d.Is(BadRequest.Descriptor))?.Unpack<BadRequest>().FieldViolations.FirstOrDefault()?.Field ?? "";
        return new Proto.BatchReply { Id = id, Error = new Proto.BatchError { Code = code, Detail = refused.Status.Detail, Field = field.TrimStart('.') } };
    }

    private static Proto.BatchProgress ProgressOf(int done, int total, TimeSpan elapsed) => new()
    {
        Done = done,
        Total = total,
        SecondsLeft = total > done ? (elapsed.TotalSeconds * (total - done) / done).ToString("0.0", CultureInfo.InvariantCulture) : "",
    };
}
