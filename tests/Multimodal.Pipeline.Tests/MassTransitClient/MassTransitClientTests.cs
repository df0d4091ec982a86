using System.Text.Json;
using MassTransit;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.MassTransit;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>Requests and results of an application that uses MassTransit, against the service over a real broker.</summary>
[Collection(BrokerFixture.Name)]
public sealed class MassTransitClientTests(BrokerFixture broker) : IDisposable
{
    private const string Results = "my-app-results";
    private const string Replies = "my-app-replies";
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Send_TextAndImage_BundledModelsAnswerInEveryFieldOfTheResult()
    {
        await using var host = await PipelineHost.StartAsync(_folder.Path, [.. await _transport.SettingsAsync()]);
        await using var application = await StartWithResultsAsync();
        var image = await File.ReadAllBytesAsync(RepositoryFiles.At("models", "digits", "samples", "handwritten-seven.jpg"));

        foreach (var request in new[] { new MultimodalRequest { Text = "seven" }, new MultimodalRequest { Image = image }, new MultimodalRequest { Audio = SampleMedia.Wav(8000) } })
        {
            var id = await application.Bus.SendMultimodalRequestAsync(request with { Options = new() { Subscription = "shop", DeadlineMs = 20_000 } });
            var received = await application.ReadAsync();

            Assert.Equal((id, (Guid?)id), (received.Answer.Id, received.MessageId));
            Assert.Equal(request.Audio is null ? "7" : received.Answer.Label, received.Answer.Label);

            // The typed answer contains every member that the service writes.
            Assert.Equal((await host.Http.ReadAsync($"v1/requests/{id}", wait: 30)).Body, JsonSerializer.Serialize(received.Answer, JsonFormat.Options));
        }
    }

    [Fact]
    public async Task Results_OfHttpRequests_ComeFromTheNamedTenantAndSubscriptionOnly()
    {
        await using var host = await StartAsync([Expert()], ("Multimodal:Keys:shop:Sha256", ApiKey.Sha256("mm_key")), ("Multimodal:Keys:shop:Tenant", "acme"));
        using var http = host.Client("mm_key");
        await using var application = await MassTransitApplication.StartAsync(
            _transport, (context, bus) => bus.MultimodalResults(Results, "acme", "shop", endpoint => endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context)));

        await http.PostAsync("zero");
        await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"));
        var subscribed = await http.PostAsync("zero", options: """{"subscription": "shop"}""");

        Assert.Equal(subscribed.Id, (await application.ReadAsync()).Answer.Id.ToString());
        Assert.True(application.IsEmpty);
    }

    [Fact]
    public async Task Send_EveryOption_IsUnderstood()
    {
        await using var host = await StartAsync([Expert()]);
        await using var application = await StartWithRepliesAsync();
        var options = new MultimodalRequestOptions
        {
            Ensemble = "digits",
            GateVersion = host.Get<Pipeline.Ensembles.EnsembleCatalog>()["digits"].Gate.Version,
            Strategy = "budget",
            K = 3,
            Price = 0.1,
            Budget = 5,
            Experts = ["a"],
            Fusion = "linear",
            DeadlineMs = 5000,
            Priority = Priority.Low,
            Subscription = "shop",
        };
        Assert.DoesNotContain(typeof(MultimodalRequestOptions).GetProperties(), property => property.GetValue(options) is null);

        await application.Bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = "zero", Options = options }, Replies);
        var answer = (await application.ReadAsync()).Answer;

        Assert.Equal((AnswerStatus.Completed, "budget", "linear"), (answer.Status, answer.Gate.Strategy, answer.Fusion.Rule));
    }

    [Theory]
    [InlineData("invalid-options", 400, "options.k")]
    [InlineData("unsupported-type", 415, "image")]
    [InlineData("empty-request", 400, null)]
    public async Task Send_RequestThatCannotBeUsed_IsRefusedToTheReplyQueueAndElseADeadLetter(string code, int status, string? field)
    {
        var expert = Expert();
        await using var host = await StartAsync([expert]);
        await using var application = await StartWithRepliesAsync();
        await using var letters = await PlainConsumer.ConnectAsync(_transport);
        await letters.ConsumeAsync("dead-letters");
        var request = field switch
        {
            "options.k" => new MultimodalRequest { Text = "zero", Options = new() { K = 0 } },
            "image" => new MultimodalRequest { Image = "hello world"u8.ToArray() },
            _ => new MultimodalRequest(),
        };

        var id = await application.Bus.SendMultimodalRequestAsync(request, Replies);
        var received = await application.ReadAsync();
        var silent = await application.Bus.SendMultimodalRequestAsync(request);

        Assert.Equal((id, code, status), (received.CorrelationId!.Value, received.Refusal.Code, received.Refusal.Status));
        Assert.Equal(field, received.Refusal.Errors?.Keys.Single());
        Assert.NotEmpty(received.Refusal.Detail!);
        Assert.Equal(silent.ToString(), (await letters.ReadAsync()).Properties.MessageId);
        Assert.Equal(0, expert.Asked);
    }

    [Fact]
    public async Task Send_NoExpertHasAnOpinion_ResultIsFailedWithReasons()
    {
        await using var host = await StartAsync([ScriptedExpert.Declines("a", Modality.Text, DeclineReason.OutOfMemory)]);
        await using var application = await StartWithResultsAsync();

        await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"));
        var answer = (await application.ReadAsync()).Answer;

        var report = Assert.Single(answer.Experts);
        Assert.Equal((AnswerStatus.Failed, null, 0), (answer.Status, answer.Label, answer.Scores.Count));
        Assert.Equal(("a", ExpertState.Declined, "out-of-memory"), (report.Name, report.State, report.Reason));
    }

    [Fact]
    public async Task Send_SameIdTwice_IsAcceptedOnceAndRepliesCarryTheSameId()
    {
        var expert = Expert();
        await using var host = await StartAsync([expert]);
        await using var application = await StartWithRepliesAsync();

        var id = await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"), Replies);
        var first = await application.ReadAsync();
        await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"), Replies, id);
        var second = await application.ReadAsync();
        await application.Bus.SendMultimodalRequestAsync(Text("one", "shop"), Replies, id);
        var other = await application.ReadAsync();

        Assert.Equal(((Guid?)id, (Guid?)id), (first.MessageId, second.MessageId));
        Assert.Equal((id, id), (first.Answer.Id, second.Answer.Id));
        Assert.Equal(("idempotency-key-reused", (Guid?)id), (other.Refusal.Code, other.CorrelationId));
        Assert.Equal(1, expert.Asked);
    }

    [Fact]
    public async Task Results_SameResultTwice_MassTransitsInboxConsumesItOnce()
    {
        await using var host = await StartAsync([Expert()]);
        await using var application = await MassTransitApplication.StartAsync(
            _transport,
            (context, bus) => bus.MultimodalReplies(Replies, endpoint =>
            {
                endpoint.UseInMemoryInboxOutbox(context);
                endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context);
            }),
            registration => registration.AddInMemoryInboxOutbox());
        var deliveries = new DeliveryCount();
        application.Bus.ConnectReceiveObserver(deliveries);

        var id = await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"), Replies);
        await deliveries.ReachAsync(1);
        await application.Bus.SendMultimodalRequestAsync(Text("zero", "shop"), Replies, id);
        await deliveries.ReachAsync(2);

        Assert.Equal(id, (await application.ReadAsync()).Answer.Id);
        Assert.True(application.IsEmpty);
    }

    [Fact]
    public async Task Results_ApplicationAway_WaitForItsReturn()
    {
        await using var host = await StartAsync([Expert()]);
        await using (await StartWithResultsAsync())
        {
            // Its queue exists from here on.
        }

        var answered = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            answered.Add((await host.Http.PostAsync($"zero {i}", options: """{"subscription": "shop"}""")).Id);
        }

        await using var application = await StartWithResultsAsync();
        var received = new HashSet<string>();
        while (received.Count < answered.Count)
        {
            received.Add((await application.ReadAsync()).Answer.Id.ToString());
        }

        Assert.Equal(answered, received);
    }

    private static ScriptedExpert Expert() => ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);

    private static MultimodalRequest Text(string text, string subscription) => new() { Text = text, Options = new() { Subscription = subscription } };

    private Task<MassTransitApplication> StartWithResultsAsync() => MassTransitApplication.StartAsync(
        _transport, (context, bus) => bus.MultimodalResults(Results, "default", "shop", endpoint => endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context)));

    private Task<MassTransitApplication> StartWithRepliesAsync() => MassTransitApplication.StartAsync(
        _transport,
        (context, bus) => bus.MultimodalReplies(Replies, endpoint =>
        {
            endpoint.ConfigureConsumer<MassTransitApplication.AnswerConsumer>(context);
            endpoint.ConfigureConsumer<MassTransitApplication.RefusalConsumer>(context);
        }));

    private async Task<PipelineHost> StartAsync(IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await PipelineHost.StartAsync(_folder.Path, experts, [.. await _transport.SettingsAsync(), .. settings]);
}
