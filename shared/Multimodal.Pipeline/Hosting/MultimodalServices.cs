using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Sessions;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Hosting.Server;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.InMemory;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Adds the services of Multimodal to a host.</summary>
public static class MultimodalServices
{
    private static readonly string[] StandardAddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Adds all roles in one process: gateway, combiner and experts.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodal(this WebApplicationBuilder builder) => Add(builder, ServiceRoles.All);

    /// <summary>Adds a gateway, which accepts requests and tracks them until their result is stored.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodalGateway(this WebApplicationBuilder builder) =>
        Add(builder, new ServiceRoles(IsGateway: true, IsCombiner: false, []));

    /// <summary>Adds a combiner, which asks the experts and fuses their opinions.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodalCombiner(this WebApplicationBuilder builder) =>
        Add(builder, new ServiceRoles(IsGateway: false, IsCombiner: true, []));

    /// <summary>
    /// Adds an expert worker, which serves the experts named in <c>Multimodal:Experts:Serve</c>, else all experts of the modality.
    /// </summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    /// <param name="modality">The modality of the experts.</param>
    public static WebApplicationBuilder AddMultimodalExperts(this WebApplicationBuilder builder, Modality modality) =>
        Add(builder, new ServiceRoles(IsGateway: false, IsCombiner: false, [modality]));

    /// <summary>Maps the health probes and metrics, and in a gateway also the HTTP API and its OpenAPI document.</summary>
    public static WebApplication MapMultimodal(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        HealthEndpoints.Map(app);
        app.Services.GetRequiredService<PipelineGauges>();
        app.MapMetrics();
        if (!app.Services.GetRequiredService<ServiceRoles>().IsGateway)
        {
            return app;
        }

        app.UseConfiguredCors();
        app.UseMiddleware<KeyMiddleware>();
        app.UseMiddleware<BodyDecoding>();
        app.MapGateway();
        OpenApiPage.Map(app);
        return app;
    }

    private static WebApplicationBuilder Add(WebApplicationBuilder builder, ServiceRoles roles)
    {
        var isShared = builder.Configuration["Multimodal:Transport:Kind"] == TransportOptions.RabbitMq;
        if (roles != ServiceRoles.All && !isShared)
        {
            throw new InvalidOperationException("A service with a single role requires Multimodal:Transport:Kind=rabbitmq. Use all-in-one for the in-memory transport.");
        }

        // ASP.NET Core's own address settings take precedence over Multimodal:Http:Listen.
        if (!IsAddressSet(builder.Configuration))
        {
            builder.WebHost.UseUrls(builder.Configuration["Multimodal:Http:Listen"] ?? new HttpOptions().Listen);
        }

        ContentCodings.RefuseIncompleteBodies();
        var services = builder.Services;
        services.AddMultimodalOptions(builder.Configuration);
        services.AddSingleton(roles);
        services.AddServiceClock(isFollower: isShared && !roles.IsGateway);
        services.ConfigureHttpJsonOptions(http => JsonFormat.Apply(http.SerializerOptions));
        AddMessaging(services, isShared);
        services.AddBlobs();
        services.AddServerLimits();
        builder.AddTelemetry(roles);
        services.AddLifetime();
        AddRoles(services, roles, isShared);
        return builder;
    }

    private static void AddMessaging(IServiceCollection services, bool isShared)
    {
        if (isShared)
        {
            services.AddRabbitMqMessaging();
        }
        else
        {
            services.AddInMemoryMessaging();
        }
    }

    private static void AddRoles(IServiceCollection services, ServiceRoles roles, bool isShared)
    {
        services.AddSingleton<HostedExperts>();
        if (roles.IsGateway)
        {
            services.AddGateway(isShared);
        }

        if (roles.IsCombiner)
        {
            services.AddCombiner();
        }

        if (roles.Modalities.Count > 0)
        {
            OnnxLibrary.Preload();
            services.AddExperts(isShared);
        }
    }

    private static bool IsAddressSet(ConfigurationManager configuration) =>
        StandardAddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
