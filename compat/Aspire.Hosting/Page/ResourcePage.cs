// A small web page on 127.0.0.1 that shows every resource and starts, stops and restarts it; the same as JSON for scripts.
// It shows no environment and no connection string, so no secret.

using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Aspire.Hosting.Run;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Page;

/// <summary>
/// <c>page</c> in the configuration: a port, or <c>off</c>. Without it port 18888, or any free one if that is taken.
/// <code>
/// GET  /                         the page
/// GET  /resources.json           what it shows
/// GET  /resources/{id}/log       the last lines of output
/// POST /resources/{id}/restart   and /start, /stop
/// </code>
/// </summary>
internal sealed class ResourcePage(DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService lines,
    ResourceCommandService commands, IConfiguration configuration, LogSink sink) : IHostedService
{
    private const int UsualPort = 18888;

    private Task<WebApplication?> _web = Task.FromResult<WebApplication?>(null);

    /// <summary>Finds the port; the server comes up beside the resources, which do not wait for it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var wish = configuration["page"];
        if (string.Equals(wish, "off", StringComparison.OrdinalIgnoreCase))
            return Task.CompletedTask;
        var port = UsualPort;
        if (wish is not null && !(int.TryParse(wish, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue))
            throw new DistributedApplicationException($"--page takes a port (1 to 65535) or 'off', not '{wish}'.");
        if (!Ports.IsFree(port))
        {
            port = wish is null ? Ports.Free() : throw new DistributedApplicationException(
                $"Port {port}, which the resource page wants, is in use on 127.0.0.1. Choose another with --page PORT, or --page off.");
        }
        _web = Task.Run(() => StartAsync(port), cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (await _web is { } web)
            await web.DisposeAsync();
    }

    private async Task<WebApplication?> StartAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore().ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, PageJson.Default));
        var web = builder.Build();
        web.Use(RefuseStrangersAsync);
        web.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
            await using var html = typeof(ResourcePage).Assembly.GetManifestResourceStream("resources.html")!;
            await html.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        web.MapGet("/resources.json", () => TypedResults.Ok(Rows()));
        web.MapGet("/resources/{id}/log", (string id) => TypedResults.Text(string.Join('\n', lines.GetAll(id).Select(l => l.Content)) + "\n"));
        web.MapPost("/resources/{id}/{command}", CommandAsync);
        try
        {
            await web.StartAsync();
        }
        catch (IOException e)
        {
            sink.Say("apphost", $"no resource page: {e.Message}", isError: true);
            await web.DisposeAsync();
            return null;
        }
        sink.Say("apphost", $"resources at http://127.0.0.1:{port}");
        return web;
    }

    private async Task<Results<NoContent, NotFound, ProblemHttpResult>> CommandAsync(string id, string command, CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(id, out _) || command is not ("start" or "stop" or "restart"))
            return TypedResults.NotFound();
        var result = await commands.ExecuteCommandAsync(id, $"resource-{command}", cancellationToken);
        return result.Success ? TypedResults.NoContent() : TypedResults.Problem(result.ErrorMessage, statusCode: StatusCodes.Status409Conflict);
    }

    /// <summary>Another web site open in the same browser must neither read this page (by a name it points here) nor press its buttons.</summary>
    private static Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var host = request.Host.Host is "127.0.0.1" or "localhost";
        var origin = request.Headers.Origin.ToString();
        var own = origin.Length == 0 || origin == $"http://{request.Host}";
        if (host && own)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private ResourceRow[] Rows()
    {
        var order = model.Resources.Select((r, i) => (r.Name, i)).ToDictionary(x => x.Name, x => x.i);
        return [.. notifications.All()
            .OrderBy(e => order.GetValueOrDefault(e.Resource.Name)).ThenBy(e => e.ResourceId, StringComparer.Ordinal)
            .Select(e => new ResourceRow(e.ResourceId, e.Snapshot.ResourceType, e.Snapshot.State?.Text, e.Snapshot.HealthStatus?.ToString(),
                e.Snapshot.Property<string>(KnownProperties.Error) ?? string.Join("; ", e.Snapshot.HealthReports.Where(r => r.Description is not null).Select(r => $"{r.Name}: {r.Description}")),
                e.Snapshot.Property<int>(KnownProperties.Pid) is var pid and not 0 ? pid : null,
                e.Snapshot.StartTimeStamp, e.Snapshot.ExitCode, [.. e.Snapshot.Urls.Select(u => u.Url)],
                e.Resource is ProjectResource or ExecutableResource or ContainerResource))];
    }
}

/// <summary>One row of the page.</summary>
internal sealed record ResourceRow(string Id, string Kind, string? State, string? Health, string Remark, int? Pid, DateTime? Started, int? ExitCode, string[] Urls, bool IsProcess);

[JsonSerializable(typeof(ResourceRow[]))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PageJson : JsonSerializerContext;
