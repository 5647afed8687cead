using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ExternalAction.ServiceDefaults;

/// <summary>What a service in a process of its own is built on.</summary>
public static class ServiceHost
{
    /// <summary>
    /// The slim builder: 2 MB less than the full one, which has static files, IIS and the event log besides. HTTPS endpoints from
    /// <c>Kestrel:Endpoints</c> are added to it, for services on several machines talk through them.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseKestrelHttpsConfiguration();
        return builder;
    }
}
