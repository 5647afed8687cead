using Microsoft.Extensions.Hosting;
namespace Aspire.Hosting.Page;
internal sealed class ResourcePage : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
