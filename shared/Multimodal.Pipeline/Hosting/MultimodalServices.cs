using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Requests;
using Multimodal.Pipeline.Results;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Hosting;

/// <summary>What a host adds to become a Multimodal service.</summary>
public static class MultimodalServices
{
    private static readonly string[] StandardAddressKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Adds the whole system in one process: gateway, combiner and experts on the in-memory transport.</summary>
    /// <param name="builder">The host, whose configuration has the section <c>Multimodal</c>.</param>
    public static WebApplicationBuilder AddMultimodal(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        AddOptions(builder);
        if (!SaysWhereToListen(builder.Configuration))
        {
            builder.WebHost.UseUrls(builder.Configuration["Multimodal:Http:Listen"] ?? new HttpOptions().Listen);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddTransport();
        AddStores(services);
        AddExperts(services);
        services.AddSingleton<OpenRequests>().AddSingleton<FuseConsumer>().AddSingleton<OpinionConsumer>().AddSingleton<CombinerRole>();
        services.AddSingleton<ResultWaiters>().AddSingleton<ResultRecorder>().AddSingleton<ResultConsumer>();
        AddGateway(services);
        services.AddSingleton<Readiness>();
        services.AddHostedService<PipelineStart>();
        services.AddHostedService<Watchdog>();
        return builder;
    }

    /// <summary>Adds the HTTP API, the probes and the OpenAPI document.</summary>
    public static WebApplication MapMultimodal(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        RequestEndpoints.Map(app);
        FeedbackEndpoint.Map(app);
        CatalogEndpoints.Map(app);
        HealthEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(MultimodalOptions.Section);
        builder.Services.AddOptions<MultimodalOptions>().ValidateOnStart();
        builder.Services.AddSingleton<IOptionsFactory<MultimodalOptions>>(_ => new StrictOptionsFactory(section));
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<MultimodalOptions>>().Value);
        builder.Services.AddOptions<HostOptions>().Configure<MultimodalOptions>(
            (host, options) => host.ShutdownTimeout = TimeSpan.FromSeconds(options.Hosting.DrainSeconds + 5));
    }

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<MultimodalOptions>();
            return new RequestDatabase(Path.Combine(Path.GetFullPath(options.DataFolder), "requests.db"), options.Store.SurvivePowerLoss);
        });
        services.AddSingleton(provider => new GroupedWriter(
            provider.GetRequiredService<RequestDatabase>(), provider.GetRequiredService<MultimodalOptions>().Store.CommitGroup));
        services.AddSingleton(provider => new BlobFolder(
            Path.Combine(Path.GetFullPath(provider.GetRequiredService<MultimodalOptions>().DataFolder), "blobs")));
        services.AddSingleton<RequestStore>().AddSingleton<Resender>().AddSingleton<Recovery>();
    }

    private static void AddExperts(IServiceCollection services)
    {
        services.AddSingleton<ExpertLoader>();
        services.TryAddSingleton<IEnsembleSource, ModelsFolder>();
        services.AddSingleton<EnsembleCatalog>().AddSingleton<HostedExperts>().AddSingleton<ExpertRole>();
    }

    private static void AddGateway(IServiceCollection services)
    {
        services.AddSingleton(provider => new Admission(provider.GetRequiredService<MultimodalOptions>().Gateway.MaxInFlight));
        services.AddSingleton<PartReader>().AddSingleton<Planner>().AddSingleton<SubmissionReader>().AddSingleton<Intake>();
        services.AddSingleton<RequestEndpoints>().AddSingleton<FeedbackEndpoint>().AddSingleton<GatewayRole>();
        services.ConfigureHttpJsonOptions(http => JsonFormat.Apply(http.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddMultimodalOpenApi();
        services.AddOptions<KestrelServerOptions>().Configure<MultimodalOptions>((kestrel, options) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Http.MaxBodyBytes;
        });
    }

    /// <summary>The standard settings win over ours.</summary>
    private static bool SaysWhereToListen(ConfigurationManager configuration) =>
        StandardAddressKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists();
}
