// Bearer tokens of a real local authority: what is accepted, what is refused and with which words, what a rolled key and a
// flood of forged ones do, and which settings stop a start.
using System.Diagnostics.Metrics;
using System.Security.Claims;
using ExternalAction.House.Tests.Probe.V1;
using ExternalAction.ServiceDefaults;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ExternalAction.House.Tests.Defaults;

public sealed class AuthenticationTests : TrustingProbe
{
    [Fact]
    public async Task A_valid_token_tells_who_calls()
    {
        var reply = await DescribeAsync(Issuer.Token(["delegation", "reader"], subject: "council|fr-7", memberState: "fr"));
        Assert.Equal(("council|fr-7", "Alice Example", "FR"), (reply.Subject, reply.Name, reply.MemberState));
        Assert.Equal(["delegation", "reader"], reply.Roles);
    }

    [Fact]
    public async Task Greece_is_EL_whatever_the_token_says() =>
        Assert.Equal("EL", (await DescribeAsync(Issuer.Token(memberState: "GR"))).MemberState);

    [Fact]
    public async Task An_access_token_type_is_accepted() =>
        Assert.Equal("alice", (await DescribeAsync(Issuer.Token(type: "at+jwt"))).Subject);

    [Fact]
    public Task An_expired_token_is_refused() =>
        RefusedAsync(Issuer.Token(expiresIn: TimeSpan.FromMinutes(-2)), "The token expired at ");

    [Fact]
    public Task A_token_that_is_not_valid_yet_is_refused() =>
        RefusedAsync(Issuer.Token(expiresIn: TimeSpan.FromHours(3)), "The token is not valid yet.");

    [Fact]
    public Task A_token_for_another_audience_is_refused() =>
        RefusedAsync(Issuer.Token(audience: "another-suite"), "The token is meant for another audience.");

    [Fact]
    public Task A_token_without_audience_is_refused() =>
        RefusedAsync(Issuer.Token(audience: null), "The token is meant for another audience.");

    [Fact]
    public async Task A_token_of_anotherIssuer_is_refused_without_a_look_up_of_keys()
    {
        await RefusedAsync(Issuer.Token(issuer: "https://elsewhere.example", key: Issuer.NewKey()), "The token has another issuer than the one trusted here.");
        Assert.Equal(1, Issuer.KeyReads);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")]
    public async Task Something_that_is_no_token_is_refused(string token)
    {
        await RefusedAsync(token, "The token is malformed");
        Assert.Equal(0, Issuer.KeyReads);
    }

    [Fact]
    public Task A_huge_token_is_refused_unread() => RefusedAsync(new string('a', 17_000), "The token is malformed");

    [Fact]
    public async Task A_changed_payload_breaks_the_signature()
    {
        var parts = Issuer.Token(["reader"]).Split('.');
        var other = Issuer.Token(["secretariat"]).Split('.');
        await RefusedAsync($"{parts[0]}.{other[1]}.{parts[2]}", "The token's signature is not valid.");
    }

    [Fact]
    public async Task A_public_key_is_no_secret_for_an_hmac()
    {
        await DescribeAsync(Issuer.Token());
        var key = new SymmetricSecurityKey(new byte[64]);
        var token = new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer.Authority,
            Audience = Issuer.Audience,
            Subject = new ClaimsIdentity([new Claim("sub", "mallory")]),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        await RefusedAsync(token, "The token's signature is not valid.", "The token is signed with an algorithm");
    }

    [Theory]
    [InlineData("ea-receipt+jwt")]
    [InlineData("ea-head+jwt")]
    public Task What_the_suite_signs_for_other_ends_is_no_access_token(string type) =>
        RefusedAsync(Issuer.Token(type: type), $"The token is of type {type}");

    [Theory]
    [InlineData("")]
    [InlineData("system:decisions")]
    [InlineData("SYSTEM:x")]
    public Task A_subject_that_belongs_to_nobody_or_to_the_suite_is_refused(string subject) =>
        RefusedAsync(Issuer.Token(subject: subject), "subject");

    [Fact]
    public async Task A_key_rolled_in_the_middle_works_with_the_next_request()
    {
        var before = Issuer.Token(subject: "before");
        Assert.Equal("before", (await DescribeAsync(before)).Subject);
        Issuer.Roll();
        Assert.Equal("after", (await DescribeAsync(Issuer.Token(subject: "after"))).Subject);
        Assert.Equal(2, Issuer.KeyReads);

        Host.Clock.Forward(TimeSpan.FromSeconds(6));
        Issuer.Roll();
        Assert.Equal("later", (await DescribeAsync(Issuer.Token(subject: "later"))).Subject);
        Assert.Equal(3, Issuer.KeyReads);
    }

    [Fact]
    public async Task Unknown_keys_are_refused_and_do_not_hammer_the_authority()
    {
        Host.Clock.Stop(); // however slow the machine, all of this is one instant
        await DescribeAsync(Issuer.Token());
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            RefusedAsync(Issuer.Token(key: Issuer.NewKey()), "The token is signed with a key that its issuer does not publish.")));
        Assert.Equal(2, Issuer.KeyReads);

        // Valid tokens go on working meanwhile.
        Assert.Equal("bob", (await DescribeAsync(Issuer.Token(subject: "bob"))).Subject);

        Host.Clock.Forward(TimeSpan.FromSeconds(6));
        await RefusedAsync(Issuer.Token(key: Issuer.NewKey()), "The token is signed with a key that its issuer does not publish.");
        Assert.Equal(3, Issuer.KeyReads);
    }

    [Fact]
    public async Task Keys_are_read_again_when_they_have_grown_old_so_a_withdrawn_key_ends()
    {
        await DescribeAsync(Issuer.Token(subject: "one"));
        var unused = Issuer.Token(subject: "two", expiresIn: TimeSpan.FromMinutes(40));
        Issuer.Roll();
        Host.Clock.Forward(TimeSpan.FromMinutes(11));
        await RefusedAsync(unused, "The token is signed with a key that its issuer does not publish.");
    }

    [Fact]
    public async Task A_token_is_validated_once_and_then_known_until_it_expires()
    {
        var results = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name == "ExternalAction.Authentication" && instrument.Meter.Scope is IMeterFactory factory
                    && ReferenceEquals(factory, Host.App.Services.GetService(typeof(IMeterFactory))))
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (results)
            {
                results.Add((string)tags[0].Value!);
            }
        });
        listener.Start();

        var token = Issuer.Token(expiresIn: TimeSpan.FromMinutes(5));
        for (var call = 0; call < 4; call++)
        {
            await DescribeAsync(token);
        }

        Host.Clock.Forward(TimeSpan.FromMinutes(6));
        await RefusedAsync(token, "The token expired at ");
        Assert.Equal(["valid", "cached", "cached", "cached", "refused"], results);
        Assert.Equal(1, Issuer.KeyReads);
    }

    [Fact]
    public void The_cache_forgets_the_tokens_not_used_and_keeps_those_in_use()
    {
        var cache = new TokenCache(100);
        var now = TimeProvider.System.GetUtcNow();
        var used = TokenCache.Digest.Of("used");
        cache.Add(used, Principal("used", now.AddHours(1)));
        for (var index = 0; index < 1_000; index++)
        {
            cache.Add(TokenCache.Digest.Of($"token {index}"), Principal($"{index}", now.AddHours(1)));
            Assert.NotNull(cache.Find(used, now));
        }

        var kept = Enumerable.Range(0, 1_000).Count(index => cache.Find(TokenCache.Digest.Of($"token {index}"), now) is not null);
        Assert.InRange(kept, 1, 100);
        Assert.Null(cache.Find(used, now.AddHours(2)));
    }

    [Fact]
    public async Task While_the_authority_is_away_known_tokens_work_and_a_service_without_keys_says_unavailable()
    {
        var known = Issuer.Token();
        await DescribeAsync(known);
        var settings = ProbeHost.Trusting(Issuer);
        await Issuer.DisposeAsync();
        Host.Clock.Forward(TimeSpan.FromMinutes(11));
        await RefusedAsync(known, "expired"); // ten minutes were its life
        var young = await Assert.ThrowsAsync<RpcException>(() => DescribeAsync(Issuer.Token(now: Host.Clock.GetUtcNow(), key: Issuer.NewKey())));
        Assert.Equal(StatusCode.Unauthenticated, young.StatusCode);
        Assert.Equal("alice", (await DescribeAsync(Issuer.Token(now: Host.Clock.GetUtcNow()))).Subject);

        await using var fresh = await ProbeHost.StartAsync(settings);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await fresh.Client.DescribeAsync(new ProbeRequest(), ProbeHost.Bearer(Issuer.Token())));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task Names_of_claims_are_settings()
    {
        var settings = ProbeHost.Trusting(Issuer);
        settings["Authentication:RoleClaim"] = "groups";
        settings["Authentication:MemberStateClaim"] = "country";
        settings["Authentication:NameClaim"] = "display";
        await using var host = await ProbeHost.StartAsync(settings);
        var token = Issuer.Token(more: [new Claim("groups", "auditor"), new Claim("country", "IE"), new Claim("display", "Auditor")]);
        var reply = await host.Client.DescribeAsync(new ProbeRequest(), ProbeHost.Bearer(token));
        Assert.Equal(("auditor", "IE", "Auditor"), (Assert.Single(reply.Roles), reply.MemberState, reply.Name));
    }

    [Fact]
    public async Task A_development_token_is_accepted_in_Development()
    {
        var settings = ProbeHost.Trusting(Issuer);
        settings["Authentication:Audience"] = BearerOptions.DevelopmentAudience;
        await using var host = await ProbeHost.StartAsync(settings);
        var token = Issuer.Token(["reader"], audience: BearerOptions.DevelopmentAudience, type: BearerOptions.DevelopmentTokenType);
        Assert.Equal("alice", (await host.Client.DescribeAsync(new ProbeRequest(), ProbeHost.Bearer(token))).Subject);
    }

    [Theory]
    [InlineData(null, "external-action", "Authentication:Authority is not set")]
    [InlineData("https://login.example", null, "Authentication:Audience is not set")]
    [InlineData("http://login.example", "external-action", "must be https")]
    [InlineData("not an address", "external-action", "not an http or https address")]
    [InlineData("https://login.example", BearerOptions.DevelopmentAudience, "development tokens")]
    public async Task Production_does_not_start_with_settings_that_let_the_wrong_people_in(string? authority, string? audience, string reason)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => ProbeHost.StartAsync(
            new() { ["Authentication:Authority"] = authority, ["Authentication:Audience"] = audience }, "Production"));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_refuses_development_tokens_whoever_signed_them()
    {
        await using var host = await ProbeHost.StartAsync(
            new() { ["Authentication:Authority"] = "https://login.example", ["Authentication:Audience"] = Issuer.Audience }, "Production");
        foreach (var token in new[]
        {
            Issuer.Token(type: BearerOptions.DevelopmentTokenType), Issuer.Token(audience: BearerOptions.DevelopmentAudience),
        })
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.DescribeAsync(new ProbeRequest(), ProbeHost.Bearer(token)));
            Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
            Assert.StartsWith("This is a development token", refusal.Status.Detail, StringComparison.Ordinal);
        }
    }

    private static CallerPrincipal Principal(string subject, DateTimeOffset expires) =>
        new(new ClaimsIdentity(), new Caller(subject, subject, new HashSet<string>(), null, expires));

    private async Task<ProbeReply> DescribeAsync(string token) => await Host.Client.DescribeAsync(new ProbeRequest(), ProbeHost.Bearer(token));

    private async Task RefusedAsync(string token, params string[] reasons)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => DescribeAsync(token));
        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.True(reasons.Any(reason => refusal.Status.Detail.Contains(reason, StringComparison.Ordinal)), refusal.Status.Detail);
    }
}
