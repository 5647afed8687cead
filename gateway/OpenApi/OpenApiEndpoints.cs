using System.Text;

namespace ExternalAction.Gateway.OpenApi;

/// <summary>The document at <c>/openapi/v1.json</c> and its page at <c>/docs</c>, whose scripts and styles come from here too.</summary>
internal static class OpenApiEndpoints
{
    public const string Document = "/openapi/v1.json";

    public static void MapOpenApiDocument(this WebApplication app)
    {
        // Written when first asked for: most processes never are.
        var services = app.Services.GetRequiredService<IReadOnlyList<GatewayService>>();
        var document = new Lazy<byte[]>(() => Encoding.UTF8.GetBytes(OpenApiDocument.Write(services)));
        app.MapGet(Document, async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = "public, max-age=60";
            await context.Response.Body.WriteAsync(document.Value, context.RequestAborted);
        }).AllowAnonymous();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "External Action API";
            page.SwaggerEndpoint(Document, "v1");
            page.EnablePersistAuthorization();
        });
    }
}
