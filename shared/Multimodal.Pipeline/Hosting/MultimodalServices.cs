using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Amqp;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Catalog;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Recovery;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting;

/// <summary>What a host adds to become a Multimodal service.</summary>
public static class MultimodalServices
{
    private static readonly string[] StandardAddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Adds the whole system in one process: gateway, combiner and experts.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodal(this WebApplicationBuilder builder) => Add(builder, ServiceRoles.All);

    /// <summary>Adds a gateway: takes requests, answers for all that are in its store.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodalGateway(this WebApplicationBuilder builder) =>
        Add(builder, new ServiceRoles(IsGateway: true, IsCombiner: false, []));

    /// <summary>Adds a combiner: asks the experts and fuses what they say.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodalCombiner(this WebApplicationBuilder builder) =>
        Add(builder, new ServiceRoles(IsGateway: false, IsCombiner: true, []));

    /// <summary>Adds expert workers: those that <c>Multimodal:Experts:Serve</c> names, else all of the modality.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    /// <param name="modality">What they judge.</param>
    public static WebApplicationBuilder AddMultimodalExperts(this WebApplicationBuilder builder, Modality modality) =>
        Add(builder, new ServiceRoles(IsGateway: false, IsCombiner: false, [modality]));

    private static WebApplicationBuilder Add(WebApplicationBuilder builder, ServiceRoles roles)
    {
        var services = builder.Services;
        var transport = builder.Configuration["Multimodal:Transport:Kind"] ?? TransportOptions.InMemory;
        var isShared = transport == TransportOptions.RabbitMq;
        if (roles != ServiceRoles.All && !isShared)
        {
            throw new InvalidOperationException("A service that is a part of the pipeline needs Multimodal:Transport:Kind=rabbitmq; in memory, use all-in-one.");
        }

        AddOptions(builder);
        services.AddSingleton(roles);
        if (!SaysWhereToListen(builder.Configuration))
        {
            builder.WebHost.UseUrls(builder.Configuration["Multimodal:Http:Listen"] ?? new HttpOptions().Listen);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEnsembleSource, ModelsFolder>();
        services.AddSingleton<ExpertLoader>().AddSingleton<EnsembleCatalog>().AddSingleton<HostedExperts>().AddSingleton<Readiness>();
        services.AddTransport(transport);
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<MultimodalOptions>() is { Blobs.Kind: BlobOptions.S3Kind } options
            ? new S3Blobs(options.Blobs.S3)
            : new BlobFolder(Path.Combine(Path.GetFullPath(provider.GetRequiredService<MultimodalOptions>().DataFolder), "blobs")));
        services.ConfigureHttpJsonOptions(http => JsonFormat.Apply(http.SerializerOptions));
        builder.AddTelemetry(roles);
        services.AddSingleton<EnsembleWatch>().AddHostedService(provider => provider.GetRequiredService<EnsembleWatch>());
        services.AddHostedService<PipelineStart>();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        if (roles.IsGateway)
        {
            AddStore(services);
            AddGateway(services, isShared);
            AddClients(services, isShared);
        }

        if (roles.IsCombiner)
        {
            services.AddSingleton<OpenRequests>().AddSingleton<LateShadows>().AddSingleton<ShadowQuestions>().AddSingleton<FuseConsumer>().AddSingleton<OpinionConsumer>().AddSingleton<CombinerRole>();
        }

        if (roles.Modalities.Count > 0)
        {
            AddExperts(services, isShared);
        }

        return builder;
    }

    /// <summary>Adds the probes, and in a gateway the HTTP API and its OpenAPI document.</summary>
    public static WebApplication MapMultimodal(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        HealthEndpoints.Map(app);
        app.MapMetrics();
        if (!app.Services.GetRequiredService<ServiceRoles>().IsGateway)
        {
            return app;
        }

        app.UseMiddleware<KeyMiddleware>();
        RequestEndpoints.Map(app);
        FeedbackEndpoint.Map(app);
        CatalogEndpoints.Map(app);
        WeightsEndpoints.Map(app);
        SubscriptionEndpoints.Map(app);
        DeliveryEndpoints.Map(app);
        EventEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(MultimodalOptions.Section);
        builder.Services.AddOptions<MultimodalOptions>().ValidateOnStart();
        builder.Services.AddSingleton<IOptionsFactory<MultimodalOptions>>(_ => new StrictOptionsFactory(section));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<MultimodalOptions>>().Value);
        builder.Services.AddOptions<HostOptions>().Configure<MultimodalOptions>(
            (host, options) => host.ShutdownTimeout = TimeSpan.FromSeconds(options.Hosting.DrainSeconds + HostingOptions.EndSeconds));
    }

    private static void AddStore(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<MultimodalOptions>();
            return new RequestDatabase(
                Path.Combine(Path.GetFullPath(options.DataFolder), "requests.db"),
                options.Store,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RequestDatabase>>());
        });
        services.AddSingleton(provider => new GroupedWriter(
            provider.GetRequiredService<RequestDatabase>(), provider.GetRequiredService<MultimodalOptions>().Store.CommitGroup));
        services.AddSingleton<RequestStore>().AddSingleton<RolloutRecord>().AddSingleton<Resender>().AddSingleton<StartupRecovery>().AddSingleton<BlobCleanUp>();
        services.AddHostedService(provider => provider.GetRequiredService<BlobCleanUp>());
    }

    private static void AddExperts(IServiceCollection services, bool isShared)
    {
        services.AddSingleton<ExpertRole>();
        if (isShared)
        {
            // Registered last, so stopped first: the gateways hear that it leaves before its queues are left.
            services.AddHostedService<Heart>();
        }
    }

    private static void AddGateway(IServiceCollection services, bool isShared)
    {
        if (isShared)
        {
            services.AddSingleton<GatewayInbox>();
        }

        services.AddSingleton<GatewayIdentity>().AddSingleton<ExpertDirectory>().AddSingleton<Standings>().AddSingleton<ResultWaiters>().AddSingleton<ResultRecorder>();
        services.AddSingleton<AdmissionControl>().AddSingleton(provider =>
        {
            var gateway = provider.GetRequiredService<MultimodalOptions>().Gateway;
            return new InFlightLimit(Math.Min(gateway.MinInFlight, gateway.MaxInFlight), gateway.MaxInFlight);
        });
        services.AddSingleton<PartReader>().AddSingleton<Planner>().AddSingleton<SubmissionReader>().AddSingleton<Intake>();
        services.AddSingleton<KeyRing>().AddSingleton<RequestEndpoints>().AddSingleton<FeedbackEndpoint>().AddSingleton<GatewayRole>();
        services.AddSingleton<TrustStore>().AddSingleton<TrustBoard>().AddSingleton<WeightsEndpoints>().AddHostedService<TrustRefresh>();
        services.AddHostedService<Watchdog>();
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddMultimodalOpenApi();
        services.AddOptions<KestrelServerOptions>().Configure<MultimodalOptions>((kestrel, options) =>
        {
            kestrel.AddServerHeader = false;

            // Beyond this the server closes the connection under a client that still sends, which then sees a broken pipe instead of the refusal.
            // A body that is only somewhat too large is refused by us, and the server reads on for a while and throws it away.
            kestrel.Limits.MaxRequestBodySize = 2L * options.Http.MaxBodyBytes;
        });
    }

    private static void AddClients(IServiceCollection services, bool isShared)
    {
        if (isShared)
        {
            services.AddSingleton<SubscriptionQueues>().AddSingleton<ReplySender>().AddSingleton<RequestQueue>();
        }

        services.AddSingleton<SubscriptionStore>().AddSingleton<SubscriptionReader>().AddSingleton<SubscriptionEndpoints>();
        services.AddHostedService<SubscriptionKeeper>();
        services.AddSingleton<RecordedResults>().AddSingleton<EventLog>().AddSingleton<EventEndpoints>();
        services.AddSingleton<DeliveryStore>().AddSingleton<DeliveryEndpoints>();
        services.AddSingleton(provider => new WebhookClient(
            provider.GetRequiredService<MultimodalOptions>().Webhooks, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<WebhookSender>();
    }

    /// <summary>The standard settings win over ours.</summary>
    private static bool SaysWhereToListen(ConfigurationManager configuration) =>
        StandardAddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
