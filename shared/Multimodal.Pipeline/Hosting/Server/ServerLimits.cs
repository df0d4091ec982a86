using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Hosting.Server;

/// <summary>Registers the limits of the web server: connections, timeouts, data rates, sizes.</summary>
internal static class ServerLimits
{
    /// <summary>A body may start this much later than its header, and stop for as long, before its rate counts.</summary>
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    /// <summary>Adds the limits.</summary>
    public static void AddServerLimits(this IServiceCollection services)
    {
        services.AddSingleton(OpenFiles.OfThisProcess());

        // It reports what clients do wrong, for example many resets, as critical. The server closes their connections.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None));
        services.AddSingleton<ConnectionLimit>().AddSingleton<PriorKnowledge>();
        services.AddOptions<KestrelServerOptions>().Configure<HttpOptions, ConnectionLimit, PriorKnowledge>((kestrel, options, connections, protocols) =>
        {
            kestrel.AddServerHeader = false;

            // Beyond this limit the server closes the connection while the client still sends, so the client sees a broken pipe instead of
            // the refusal.
            // Below it the gateway sends the refusal, and the server reads and discards the rest of the body for a while.
            kestrel.Limits.MaxRequestBodySize = 2L * options.MaxBodyBytes;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.IdleSeconds);
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeaderSeconds);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinUploadBytesPerSecond, RateGrace);
            kestrel.AllowAlternateSchemes = true;
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                endpoint.Use(next => connection => connections.RunAsync(connection, next));
                endpoint.Use(next => connection => protocols.RunAsync(connection, next));
            });
        });
    }
}
