using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.MassTransit;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>The changes that an application's MassTransit makes on the broker that it shares with the service.</summary>
[Collection(BrokerFixture.Name)]
public sealed class MassTransitTopologyTests(BrokerFixture broker) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_EndpointsAndARequest_DeclareTheirOwnQueuesOnly()
    {
        using var api = await ManagementApi.ConnectAsync(broker, _transport);
        await using var host = await StartAsync();
        var before = await api.DeclaredAsync();
        await using var application = await MassTransitApplication.StartAsync(_transport, AddBoth);

        await application.Bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = "zero", Options = new() { Subscription = "shop" } });
        await application.ReadAsync();
        await application.Bus.SendMultimodalRequestAsync(new MultimodalRequest(), "my-app-replies");
        await application.ReadAsync();

        Assert.Contains("quorum queue requests", before);
        Assert.Contains("topic exchange multimodal.results", before);
        Assert.Equal(
            ["fanout exchange my-app-replies", "fanout exchange my-app-results", "quorum queue my-app-replies", "quorum queue my-app-results"],
            (await api.DeclaredAsync()).Except(before).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_BeforeTheService_NeitherIsInTheOthersWay()
    {
        await using var application = await MassTransitApplication.StartAsync(_transport, AddBoth);
        await using var host = await StartAsync();

        var id = await application.Bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = "zero", Options = new() { Subscription = "shop" } });

        Assert.Equal(id, (await application.ReadAsync()).Answer.Id);
    }

    [Fact]
    public async Task Send_NoServiceEverStarted_FailsInsteadOfLosingTheRequest()
    {
        await using var application = await MassTransitApplication.StartAsync(_transport, AddBoth);

        await Assert.ThrowsAsync<MessageReturnedException>(() => application.Bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = "zero" }));
    }

    [Fact]
    public async Task Send_ServiceAway_WaitsInTheQueueOfItsPriority()
    {
        await (await StartAsync()).DisposeAsync();
        await using var application = await MassTransitApplication.StartAsync(_transport, AddBoth);
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        var request = new MultimodalRequest { Text = "zero" };

        await application.Bus.SendMultimodalRequestAsync(request);
        await application.Bus.SendMultimodalRequestAsync(request with { Options = new() { Priority = Priority.Low } }, timeToLive: TimeSpan.FromHours(1));
        var normal = (await reader.Channel.BasicGetAsync("requests", autoAck: false))!;
        var low = (await reader.Channel.BasicGetAsync("requests.low", autoAck: false))!;

        Assert.Equal("""{"text":"zero"}"""u8.ToArray(), normal.Body.ToArray());
        Assert.Equal("""{"text":"zero","options":{"priority":"low"}}"""u8.ToArray(), low.Body.ToArray());
        Assert.Equal(("application/json", true, false), (normal.BasicProperties.ContentType, normal.BasicProperties.Persistent, normal.BasicProperties.IsExpirationPresent()));
        Assert.Equal("3600000", low.BasicProperties.Expiration);
        Assert.False(normal.BasicProperties.IsReplyToPresent());
    }

    /// <summary>MassTransit uses the same address to answer its own requests, and then sends to the requester.</summary>
    [Fact]
    public async Task Send_FromAConsumerOfTheApplicationsOwnRequest_GoesToTheService()
    {
        await using var host = await StartAsync();
        await using var application = await MassTransitApplication.StartAsync(
            _transport,
            (context, bus) =>
            {
                AddBoth(context, bus);
                bus.ReceiveEndpoint("orders", endpoint => endpoint.ConfigureConsumer<OrderConsumer>(context));
            },
            registration =>
            {
                registration.AddConsumer<OrderConsumer>();
                registration.AddRequestClient<Order>(new Uri("queue:orders"));
                registration.SetRabbitMqReplyToRequestClientFactory();
            });

        var reply = await application.RequestAsync<Order, OrderTaken>(new Order("zero"));

        Assert.Equal(reply.Request, (await application.ReadAsync()).Answer.Id);
    }

    [Fact]
    public async Task Consume_Fails_ResultIsKeptInTheErrorQueueAsItCame()
    {
        using var api = await ManagementApi.ConnectAsync(broker, _transport);
        await using var host = await StartAsync();
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        await using var application = await MassTransitApplication.StartAsync(
            _transport,
            (context, bus) => bus.MultimodalResults("my-app-results", "default", "shop", endpoint => endpoint.ConfigureConsumer<FailingConsumer>(context)),
            registration => registration.AddConsumer<FailingConsumer>());
        await reader.Channel.QueueDeclareAsync("other", durable: false, exclusive: false, autoDelete: true);
        var before = await api.DeclaredAsync();

        var reply = await host.Http.PostAsync("zero", options: """{"subscription": "shop"}""");
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(60);
        while (!(await api.DeclaredAsync()).Contains("quorum queue my-app-results_error"))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "MassTransit declared no error queue within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await reader.ConsumeAsync("my-app-results_error");
        var failed = await reader.ReadAsync();

        Assert.Equal((reply.Id, reply.Body), (failed.Properties.MessageId, failed.Body));
        Assert.Equal(
            ["fanout exchange my-app-results_error", "quorum queue my-app-results_error"],
            (await api.DeclaredAsync()).Except(before).Order(StringComparer.Ordinal));
    }

    /// <summary>The permissions listed in docs/clients.md.</summary>
    [Fact]
    public async Task Account_WithTheDocumentedRights_SendsAndReads()
    {
        using var api = await ManagementApi.ConnectAsync(broker, _transport);
        await using var host = await StartAsync();
        await api.AddAccountAsync("my-app", "^(my-app-.*|multimodal\\.results)$", "^(my-app-.*|amq\\.default)$", "^(my-app-.*|multimodal\\.results)$");
        await using var application = await MassTransitApplication.StartAsync(_transport, AddBoth, user: "my-app");

        var id = await application.Bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = "zero", Options = new() { Subscription = "shop" } });

        Assert.Equal(id, (await application.ReadAsync()).Answer.Id);
    }

    [Theory]
    [InlineData("acme.*", "shop")]
    [InlineData("acme", "#")]
    [InlineData("", "shop")]
    public async Task Results_NameThatIsNoWord_IsRefused(string tenant, string subscription)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => MassTransitApplication.StartAsync(
            _transport, (_, bus) => bus.MultimodalResults("my-app-results", tenant, subscription, _ => { })));

        Assert.IsAssignableFrom<ArgumentException>(refused.GetBaseException());
    }

    private static void AddBoth(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator bus)
    {
        bus.MultimodalResults("my-app-results", "default", "shop", endpoint => endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context));
        bus.MultimodalReplies("my-app-replies", endpoint =>
        {
            endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context);
            endpoint.ConfigureConsumer<MassTransitApplication.RefusalConsumer>(context);
        });
    }

    private async Task<PipelineHost> StartAsync() =>
        await PipelineHost.StartAsync(
            _folder.Path, [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], [.. await _transport.SettingsAsync()]);

    internal sealed record Order(string Text);

    internal sealed record OrderTaken(Guid Request);

    internal sealed class OrderConsumer : IConsumer<Order>
    {
        public async Task Consume(ConsumeContext<Order> context)
        {
            var request = new MultimodalRequest { Text = context.Message.Text, Options = new() { Subscription = "shop" } };
            var id = await context.SendMultimodalRequestAsync(request, cancellationToken: context.CancellationToken);
            await context.RespondAsync(new OrderTaken(id));
        }
    }

    internal sealed class FailingConsumer : IConsumer<FusedAnswer>
    {
        public Task Consume(ConsumeContext<FusedAnswer> context) => throw new InvalidOperationException("A bug in the application.");
    }
}
