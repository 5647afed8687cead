// ASP.NET Core's hook for bearer tokens: takes the Authorization header, asks TokenValidator, and writes refusals as
// problem documents. Services validate the token themselves; no header but this one says who calls.
using System.Text.Encodings.Web;
using ExternalAction.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExternalAction.ServiceDefaults
{
    /// <summary>Why the token of a request was not accepted.</summary>
    internal sealed record TokenRefusal(Exception Reason);

    /// <summary>The scheme <c>Bearer</c>.</summary>
    internal sealed class BearerHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenValidator validator)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        private const string Prefix = "Bearer ";

        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var result = await JudgeAsync();
            if (result.Failure is { } reason)
            {
                Context.Features.Set(new TokenRefusal(reason)); // the middleware drops the reason; the refusal needs it
            }

            return result;
        }

        private async Task<AuthenticateResult> JudgeAsync()
        {
            var header = Request.Headers.Authorization;
            if (header.Count == 0)
            {
                return AuthenticateResult.NoResult();
            }

            if (header.Count > 1 || header[0] is not { } value || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return AuthenticateResult.Fail("The Authorization header must be Bearer and one token.");
            }

            try
            {
                var verdict = await validator.ValidateAsync(value[Prefix.Length..].Trim(), Context.RequestAborted);
                return verdict.Principal is { } principal
                    ? AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name))
                    : AuthenticateResult.Fail(verdict.Refusal!);
            }
            catch (OperationCanceledException) when (Context.RequestAborted.IsCancellationRequested)
            {
                return AuthenticateResult.NoResult(); // the caller has gone
            }
            catch (AuthorityUnreachableException fault)
            {
                return AuthenticateResult.Fail(fault);
            }
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
            Problem.From(AccessRule.Unauthenticated(Context)).WriteAsync(Context);
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Registers bearer authentication.</summary>
    public static class BearerAuthenticationExtensions
    {
        /// <summary>Accepts bearer tokens of the authority in the section <c>Authentication</c>. Part of AddServiceDefaults; a second call does nothing.</summary>
        public static TBuilder AddBearerAuthentication<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
        {
            if (builder.Services.Any(service => service.ServiceType == typeof(TokenValidator)))
            {
                return builder;
            }

            builder.Services.AddOptions<BearerOptions>().Bind(builder.Configuration.GetSection(BearerOptions.Section)).ValidateOnStart();
            builder.Services.AddSingleton<IValidateOptions<BearerOptions>, BearerOptionsCheck>();
            builder.Services.TryAddSingleton(TimeProvider.System);
            builder.Services.AddSingleton<SigningKeys>();
            builder.Services.AddSingleton<TokenValidator>();

            // What AddAuthentication adds beside this is Data Protection: it would write a key that nothing here uses, and read it back as XML at every start.
            builder.Services.AddAuthenticationCore(options => options.DefaultScheme = BearerOptions.Scheme);
            builder.Services.AddWebEncoders();
            new AuthenticationBuilder(builder.Services).AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerOptions.Scheme, null);
            return builder;
        }
    }
}
