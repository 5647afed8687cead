// Refusals as clients see them: over gRPC with details, over HTTP as problem documents, and never with the text of a fault.
using System.Net;
using System.Text.Json;
using ExternalAction.Contracts.Decisions.V1;
using ExternalAction.Contracts.Platform.V1;
using ExternalAction.House.Tests.Probe.V1;
using ExternalAction.ServiceDefaults;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Status = Grpc.Core.Status;

namespace ExternalAction.House.Tests.Defaults;

public sealed class ErrorTests : IAsyncLifetime
{
    private ProbeHost _host = null!;

    public async Task InitializeAsync() => _host = await ProbeHost.StartAsync(configure: builder =>
    {
        builder.Services.MapExceptions(fault => fault is FormatException ? RpcErrors.Create(PlatformError.Types.Code.InvalidField, "never") : null);
        builder.Services.MapExceptions(fault => fault is TimeZoneNotFoundException ? RpcErrors.Create(PlatformError.Types.Code.Overloaded, "The queue is full.") : null);
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_refusal_reaches_a_client_with_status_code_field_article_and_detail()
    {
        var refusal = await RefusalOf("article");

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal("A decision with military implications – „Rüstung“ – takes unanimity.", refusal.Status.Detail);
        var details = RpcErrors.DetailsOf(refusal)!;
        Assert.Equal((int)StatusCode.FailedPrecondition, details.Code);
        var info = details.Details[0].Unpack<ErrorInfo>();
        Assert.Equal("QUALIFIED_MAJORITY_EXCLUDED", info.Reason);
        Assert.Equal("decisions.externalaction", info.Domain);
        Assert.Equal("TEU 31(4)", info.Metadata["article"]);
        Assert.Equal("legalBasis", details.Details[1].Unpack<BadRequest>().FieldViolations.Single().Field);

        var problem = Problem.From(refusal);
        Assert.Equal(("QUALIFIED_MAJORITY_EXCLUDED", 409, "Qualified majority excluded"), (problem.Code, problem.Status, problem.Title));
        Assert.Equal(("legalBasis", "TEU 31(4)", "/errors/decisions/QUALIFIED_MAJORITY_EXCLUDED"), (problem.Field, problem.Article, problem.Type));
        Assert.Equal(new FieldProblem("legalBasis", refusal.Status.Detail), Assert.Single(problem.Errors!));
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public async Task A_code_outside_the_contracts_carries_its_own_http_status()
    {
        var problem = Problem.From(await RefusalOf("own"));
        Assert.Equal(("TEAPOT", 418, "short and stout"), (problem.Code, problem.Status, problem.Detail));
        Assert.Null(problem.Field);
        Assert.Null(problem.Article);
    }

    [Fact]
    public async Task An_unforeseen_exception_is_logged_once_and_its_text_never_leaves()
    {
        var refusal = await RefusalOf("unforeseen");
        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
        Assert.Equal(RpcErrors.InternalSentence, refusal.Status.Detail);
        Assert.Equal("UNSPECIFIED", Problem.From(refusal).Code);
        Assert.DoesNotContain(refusal.Trailers, entry => !entry.IsBinary && entry.Value.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("password", Assert.Single(_host.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_a_library_is_answered_by_the_first_mapping_that_knows_it()
    {
        var problem = Problem.From(await RefusalOf("mapped"));
        Assert.Equal(("OVERLOADED", 429), (problem.Code, problem.Status));
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public async Task A_long_detail_is_cut_so_that_trailers_stay_within_what_clients_read()
    {
        var refusal = await RefusalOf("long");
        Assert.Equal(RpcErrors.MaxDetailLength, refusal.Status.Detail.Length);
        Assert.EndsWith("…", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_never_splits_a_character_of_two_code_units()
    {
        var refusal = RpcErrors.Create(ProbeError.Types.Code.Teapot, new string('x', RpcErrors.MaxDetailLength - 2) + "😀😀😀");
        Assert.All(refusal.Status.Detail, letter => Assert.False(char.IsSurrogate(letter)));
    }

    [Fact]
    public async Task A_call_past_its_deadline_is_DEADLINE_EXCEEDED_and_no_error_in_the_log()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await _host.Client.FailAsync(new ProbeRequest { Text = "wait" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        Assert.Equal("DEADLINE_EXCEEDED", Problem.From(refusal).Code);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public async Task A_stream_that_breaks_a_moment_before_the_call_is_told_why_is_no_error_in_the_log()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await _host.Client.FailAsync(new ProbeRequest { Text = "broken" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200)));
        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        Assert.Empty(_host.Errors);

        // A fault of a file or a socket while the caller still waits is one.
        Assert.Equal(StatusCode.Internal, (await RefusalOf("broken")).StatusCode);
        Assert.Contains("the stream broke", Assert.Single(_host.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_BODY_TOO_LARGE()
    {
        var refusal = await RefusalOf(new string('x', 5 * 1024 * 1024));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        var problem = Problem.From(refusal);
        Assert.Equal(("BODY_TOO_LARGE", 413), (problem.Code, problem.Status));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "UNAVAILABLE", 503)]
    [InlineData(StatusCode.Unknown, "UNSPECIFIED", 500)]
    [InlineData(StatusCode.Internal, "UNSPECIFIED", 500)]
    [InlineData(StatusCode.DataLoss, "UNSPECIFIED", 500)]
    [InlineData(StatusCode.Unimplemented, "NO_SUCH_PATH", 404)]
    [InlineData(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", 504)]
    public void A_status_of_the_transport_becomes_a_code_of_the_platform_and_its_text_stays_inside(StatusCode status, string code, int http)
    {
        var problem = Problem.From(new RpcException(new Status(status, "connection refused: 10.0.0.7:5001")));
        Assert.Equal((code, http), (problem.Code, problem.Status));
        Assert.DoesNotContain("10.0.0.7", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_without_a_code_of_its_own_is_named_after_itself()
    {
        var problem = Problem.From(new RpcException(new Status(StatusCode.FailedPrecondition, "no")));
        Assert.Equal(("FAILED_PRECONDITION", 409, "Failed precondition"), (problem.Code, problem.Status, problem.Title));
    }

    [Fact]
    public void A_code_of_a_newer_service_is_passed_on()
    {
        var info = new ErrorInfo { Reason = "NEW_CODE", Domain = "later.externalaction" };
        var status = new Google.Rpc.Status { Code = 5, Message = "gone", Details = { Google.Protobuf.WellKnownTypes.Any.Pack(info) } };
        var problem = Problem.From(new RpcException(
            new Status(StatusCode.NotFound, "gone"),
            new Metadata { { RpcErrors.DetailsTrailer, Google.Protobuf.MessageExtensions.ToByteArray(status) } }));
        Assert.Equal(("NEW_CODE", 404, "gone"), (problem.Code, problem.Status, problem.Detail));
    }

    [Fact]
    public void Details_that_cannot_be_read_count_as_none()
    {
        var problem = Problem.From(new RpcException(new Status(StatusCode.NotFound, "gone"), new Metadata { { RpcErrors.DetailsTrailer, new byte[] { 1, 2, 3 } } }));
        Assert.Equal("NOT_FOUND", problem.Code);
    }

    [Fact]
    public void The_catalog_holds_every_code_of_every_error_enum_with_a_title_and_no_doubles()
    {
        foreach (var code in Enum.GetValues<DecisionsError.Types.Code>())
        {
            Assert.Contains(ErrorCatalog.Of(code), ErrorCatalog.All);
        }

        foreach (var code in Enum.GetValues<PlatformError.Types.Code>())
        {
            Assert.Contains(ErrorCatalog.Of(code), ErrorCatalog.All);
        }

        Assert.Equal(ErrorCatalog.All.Length, ErrorCatalog.All.DistinctBy(code => (code.Domain, code.Code)).Count());
        Assert.All(ErrorCatalog.All, code =>
        {
            Assert.NotEmpty(code.Title);
            Assert.InRange(code.HttpStatus, 400, 599);
            Assert.Matches("^[A-Z][A-Z0-9_]*$", code.Code);
        });
    }

    [Fact]
    public async Task A_fault_of_an_http_endpoint_is_a_problem_document_with_the_fixed_sentence()
    {
        using var reply = await _host.Http.GetAsync("/own/fault");
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(RpcErrors.InternalSentence, body.GetProperty("detail").GetString());
        Assert.NotEmpty(body.GetProperty("traceId").GetString()!);
        Assert.Contains("password", Assert.Single(_host.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "NO_SUCH_PATH")]
    [InlineData("DELETE", "/own/open", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/errors/decisions/NOT_A_CODE", 404, "NO_SUCH_PATH")]
    public async Task An_empty_refusal_of_routing_gets_a_problem_document(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var reply = await _host.Http.SendAsync(request);
        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_its_code()
    {
        var type = ErrorCatalog.Of(DecisionsError.Types.Code.VotesMissing).Type;
        var code = JsonDocument.Parse(await _host.Http.GetStringAsync(type)).RootElement[0];
        Assert.Equal("VOTES_MISSING", code.GetProperty("code").GetString());
        Assert.Equal("FailedPrecondition", code.GetProperty("status").GetString());
        Assert.Equal(409, code.GetProperty("httpStatus").GetInt32());
    }

    [Fact]
    public void The_documentation_names_every_code_with_its_status()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));
        var missing = ErrorCatalog.All.Where(code => code.Code != "UNSPECIFIED")
            .Select(code => $"| `{code.Code}` | {code.HttpStatus} | {Upper(code.Status)} |")
            .Where(row => !page.Contains(row, StringComparison.Ordinal));
        Assert.Empty(missing);
        Assert.Distinct(page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

        static string Upper(StatusCode status) =>
            string.Concat(status.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
    }

    private async Task<RpcException> RefusalOf(string text) =>
        await Assert.ThrowsAsync<RpcException>(async () => await _host.Client.FailAsync(new ProbeRequest { Text = text }));
}

internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "ExternalAction.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
