namespace ExternalAction.Gateway;

/// <summary>What <c>/</c> answers: where to go from here.</summary>
/// <param name="Name">What this is.</param>
/// <param name="OpenApi">The API as an OpenAPI 3.1 document.</param>
/// <param name="Docs">The API as a page.</param>
/// <param name="Errors">All error codes.</param>
/// <param name="Health">The health of all services.</param>
/// <param name="Keys">Public keys of receipts and journal heads.</param>
/// <param name="DevTokens">Where a development token is had; in Development only.</param>
internal sealed record Links(string Name, string OpenApi, string Docs, string Errors, string Health, string Keys, string? DevTokens)
{
    public static Links Of(IHostEnvironment environment) =>
        new("External Action", "/openapi/v1.json", "/docs", "/errors", "/health", "/.well-known/jwks.json", environment.IsDevelopment() ? "POST /dev/tokens" : null);
}
