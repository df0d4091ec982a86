using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Amqp;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Catalog;
using Multimodal.Pipeline.Gateway.Clock;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Recovery;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Registers a gateway and its routes.</summary>
internal static class GatewayServices
{
    /// <summary>Adds a gateway.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="isShared">Whether the service uses a broker and other processes.</param>
    public static void AddGateway(this IServiceCollection services, bool isShared)
    {
        services.AddStore();
        services.AddSingleton<KeyTable>().AddSingleton<SecretProtector>().AddSingleton<SecretMigration>().AddSingleton<StoreStart>();
        services.AddSingleton<GatewayRole>().AddSingleton<ExpertDirectory>().AddSingleton<ExpertLoads>().AddSingleton<Planner>();
        AddIntake(services);
        AddAnswers(services);
        services.AddSingleton<TrustStore>().AddSingleton<TrustCache>().AddSingleton<WeightsEndpoints>().AddSingleton<FeedbackEndpoint>();
        services.AddHostedService<TrustRefresh>();
        AddRecovery(services);
        services.AddSingleton<ClockReference>().AddHostedService(provider => provider.GetRequiredService<ClockReference>());
        if (isShared)
        {
            AddBroker(services);
        }

        AddSubscriptions(services);
        AddServer(services);
    }

    /// <summary>Maps the gateway's routes.</summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        RequestEndpoints.Map(routes);
        FeedbackEndpoint.Map(routes);
        CatalogEndpoints.Map(routes);
        WeightsEndpoints.Map(routes);
        SubscriptionEndpoints.Map(routes);
        DeliveryEndpoints.Map(routes);
        SubscriptionEvents.Map(routes);
        RequestEvents.Map(routes);
    }

    private static void AddIntake(IServiceCollection services)
    {
        services.AddSingleton<AdmissionControl>().AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<GatewayOptions>();
            return new InFlightLimit(Math.Min(options.MinInFlight, options.MaxInFlight), options.MaxInFlight);
        });
        services.AddSingleton<UploadLimit>().AddSingleton<PartReader>().AddSingleton<SubmissionChecker>().AddSingleton<RequestPlanner>();
        services.AddSingleton<FieldLimits>().AddSingleton<FormReader>().AddSingleton<JsonReader>().AddSingleton<RawBodyReader>().AddSingleton<SubmissionReader>();
        services.AddSingleton<PayloadWriter>().AddSingleton<RequestPersister>().AddSingleton<RequestIntake>().AddSingleton<WarmUp>();
        services.AddSingleton<AnswerKeys>().AddSingleton<EarlierAnswers>().AddSingleton<ResultReader>().AddSingleton<RequestEndpoints>();
    }

    private static void AddAnswers(IServiceCollection services) => services
        .AddSingleton<GatewayIdentity>().AddSingleton<AnswerCache>().AddSingleton<ResultWaiters>().AddSingleton<ResultSignals>().AddSingleton<CachedPublisher>().AddSingleton<ResultNotifier>()
        .AddSingleton<PayloadCleaner>().AddSingleton<ResultRecorder>().AddSingleton<ResultConsumer>();

    private static void AddRecovery(IServiceCollection services) => services
        .AddSingleton<AbandonedRequests>().AddSingleton<Resender>().AddSingleton<StuckRequests>().AddSingleton<Retention>()
        .AddSingleton<BlobCleanUp>().AddHostedService(provider => provider.GetRequiredService<BlobCleanUp>())
        .AddSingleton<StartupRecovery>().AddHostedService<Watchdog>();

    private static void AddBroker(IServiceCollection services)
    {
        services.AddSingleton<ClockChannel>().AddSingleton<GatewayQueue>().AddSingleton<GatewayListener>();
        services.AddSingleton<PlaceChannel>().AddHostedService<PlaceSender>();
        services.AddSingleton<ClientQueues>().AddSingleton<SubscriptionQueues>();
        services.AddSingleton<ReplyChannel>().AddSingleton<ReplySender>();
        services.AddSingleton(provider => new RequestQueues(
            provider.GetRequiredService<BrokerLink>(),
            provider.GetRequiredService<TransportOptions>(),
            provider.GetRequiredService<GatewayOptions>().RequestPrefetch));
        services.AddSingleton<AmqpRequestReader>().AddSingleton<AmqpIntake>().AddSingleton<AmqpReplies>().AddSingleton<AmqpRequestConsumer>();
    }

    private static void AddSubscriptions(IServiceCollection services) => services
        .AddSingleton<SubscriptionStore>().AddSingleton<SubscriptionReader>().AddSingleton<SubscriptionEndpoints>().AddHostedService<SubscriptionKeeper>()
        .AddSingleton<EventLog>().AddSingleton<EventStreams>().AddSingleton<SubscriptionEvents>().AddSingleton<RequestEvents>()
        .AddSingleton<SharedResults>().AddHostedService<SharedResultsPoll>()
        .AddSingleton<DeliveryStore>().AddSingleton<DeliveryEndpoints>().AddSingleton<WebhookClient>().AddHostedService<WebhookSender>();

    private static void AddServer(IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddMultimodalOpenApi();
        services.AddSingleton<OpenApiPage>();
        services.AddCors();
    }
}
