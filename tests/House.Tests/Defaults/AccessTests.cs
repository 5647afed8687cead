// Who may call: the contract's option decides, in all four kinds of rpc and for own endpoints, and silence stops the start.
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ExternalAction.Contracts.Options.V1;
using ExternalAction.House.Tests.Probe.V1;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ExternalAction.House.Tests.Defaults;

public sealed class AccessTests : TrustingProbe
{
    [Theory]
    [InlineData("secretariat", true)]
    [InlineData("high-representative", true)]
    [InlineData("delegation", false)]
    [InlineData("auditor", false)]
    [InlineData("reader", false)]
    [InlineData("Secretariat", false)]
    [InlineData(null, false)]
    public async Task An_rpc_lets_in_the_roles_its_contract_names_and_no_other(string? role, bool allowed)
    {
        var headers = ProbeHost.Bearer(Issuer.Token(role is null ? [] : [role]));
        if (allowed)
        {
            Assert.Equal("in", (await Host.Client.ForSecretariatAsync(new ProbeRequest(), headers)).Text);
            return;
        }

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Host.Client.ForSecretariatAsync(new ProbeRequest(), headers));
        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Equal("ROLE_MISSING", Problem.From(refusal).Code);
        Assert.Equal($"This takes one of the roles secretariat, high-representative; the token has {role ?? "none"}.", refusal.Status.Detail);
    }

    [Fact]
    public async Task One_of_several_roles_suffices() =>
        Assert.Equal("in", (await Host.Client.ForSecretariatAsync(new ProbeRequest(), ProbeHost.Bearer(Issuer.Token(["reader", "secretariat"])))).Text);

    [Fact]
    public async Task Without_a_token_only_anonymous_rpcs_answer()
    {
        Assert.Equal("in", (await Host.Client.ForEveryoneAsync(new ProbeRequest())).Text);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Host.Client.DescribeAsync(new ProbeRequest()));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        var problem = Problem.From(refusal);
        Assert.Equal(("UNAUTHENTICATED", 401), (problem.Code, problem.Status));
    }

    [Fact]
    public async Task An_identity_header_is_not_an_identity()
    {
        var headers = new Metadata { { "x-user", "admin" }, { "x-roles", "secretariat" }, { "role", "secretariat" } };
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Host.Client.ForSecretariatAsync(new ProbeRequest(), headers));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
    }

    [Fact]
    public async Task Streams_are_judged_before_their_first_message()
    {
        var reader = ProbeHost.Bearer(Issuer.Token(["reader"]));
        using var upload = Host.Client.Upload(reader);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(async () => await upload)).StatusCode);
        using var converse = Host.Client.Converse(reader);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => converse.ResponseStream.MoveNext(default))).StatusCode);
        using var watch = Host.Client.Watch(new ProbeRequest());
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(default))).StatusCode);
    }

    [Fact]
    public async Task Streams_let_in_whom_the_contract_names()
    {
        var headers = ProbeHost.Bearer(Issuer.Token(["secretariat"]));
        using var upload = Host.Client.Upload(headers);
        await upload.RequestStream.WriteAsync(new ProbeRequest());
        await upload.RequestStream.WriteAsync(new ProbeRequest());
        await upload.RequestStream.CompleteAsync();
        Assert.Equal(2, (await upload).Attempt);

        using var converse = Host.Client.Converse(headers);
        await converse.RequestStream.WriteAsync(new ProbeRequest { Text = "hello" });
        Assert.True(await converse.ResponseStream.MoveNext(default));
        Assert.Equal("hello", converse.ResponseStream.Current.Text);
        await converse.RequestStream.CompleteAsync();
        Assert.False(await converse.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task An_own_endpoint_answers_401_403_and_200_with_problem_documents()
    {
        using var nobody = await Host.Http.GetAsync("/own/secretariat");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", nobody.Content.Headers.ContentType?.MediaType);

        using var reader = await GetAsync(Issuer.Token(["reader"]));
        Assert.Equal(HttpStatusCode.Forbidden, reader.StatusCode);
        var problem = JsonDocument.Parse(await reader.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("ROLE_MISSING", problem.GetProperty("code").GetString());
        Assert.Contains("secretariat", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        using var secretariat = await GetAsync(Issuer.Token(["secretariat"], subject: "bob"));
        Assert.Equal("bob", await secretariat.Content.ReadAsStringAsync());

        using var forged = await GetAsync("nonsense");
        Assert.Equal("Bearer error=\"invalid_token\"", forged.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_rpc_that_does_not_say_who_may_call_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => ProbeHost.StartAsync(map: app => app.MapGrpcService<SilentService>()));
        Assert.Contains("/externalaction.probe.v1.Silent/Speak", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Probe/Describe", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_say_who_may_call_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => ProbeHost.StartAsync(map: app => app.MapGet("/forgotten", () => "")));
        Assert.Contains("/forgotten", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_only_forwards_may_leave_it_to_the_service_behind()
    {
        await using var host = await ProbeHost.StartAsync(map: app => app.MapGet("/forwarded", () => "there").AccessEnforcedBy("decisions"));
        Assert.Equal("there", await host.Http.GetStringAsync("/forwarded"));
    }

    [Fact]
    public void A_rule_with_an_unknown_role_or_two_meanings_is_refused_and_an_empty_one_is_none()
    {
        Assert.Throws<InvalidOperationException>(() => AccessRule.ForRoles(["secretariate"]));
        Assert.Throws<InvalidOperationException>(() => AccessRule.From(new Access { Roles = { "reader" }, Anonymous = true }));
        Assert.Null(AccessRule.From(new Access()));
        Assert.Null(AccessRule.From(null));
    }

    [Fact]
    public void Every_rpc_of_the_contracts_says_who_may_call()
    {
        var methods = ContractFiles.All.SelectMany(file => file.Services).SelectMany(service => service.Methods).ToArray();
        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.NotNull(AccessRule.From(method.GetOptions()?.GetExtension(OptionsExtensions.Access))));
    }

    private async Task<HttpResponseMessage> GetAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/own/secretariat");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Host.Http.SendAsync(request);
    }
}
