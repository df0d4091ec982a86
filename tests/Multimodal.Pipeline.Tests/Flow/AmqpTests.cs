using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>Requests over AMQP, from clients that use only AMQP.</summary>
[Collection(BrokerFixture.Name)]
public sealed class AmqpTests(BrokerFixture broker) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    /// <summary>The C# example of docs/clients.md; a test checks that the lines are the same.</summary>
    [Fact]
    public async Task Request_WithReplyTo_IsAnsweredThere()
    {
        await using var host = await StartAsync();
        var factory = await PlainConsumer.FactoryAsync(_transport);

        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var replies = await channel.QueueDeclareAsync();
        var answered = new TaskCompletionSource<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            if (message.BasicProperties.CorrelationId == "my-7")
            {
                answered.SetResult(Encoding.UTF8.GetString(message.Body.Span));
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(replies.QueueName, autoAck: true, consumer);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { text = "seven", options = new { deadlineMs = 5000 } });
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            MessageId = Guid.NewGuid().ToString(),
            ReplyTo = replies.QueueName,
            CorrelationId = "my-7",
            Persistent = true,
        };
        await channel.BasicPublishAsync("", "requests", mandatory: true, properties, body);
        var result = await answered.Task;

        Assert.Equal((await host.Http.ReadAsync($"v1/requests/{properties.MessageId}")).Body, result);
    }

    [Fact]
    public async Task Request_WithoutReplyTo_IsAnsweredToItsSubscription()
    {
        await using var host = await StartAsync();
        await host.Http.SubscribeAsync(new { name = "alarms", kind = "queue" });
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("client.default.alarms");

        await PublishAsync(client, """{"text": "seven", "options": {"subscription": "alarms"}}""");
        var result = await client.ReadAsync();

        Assert.Equal("default.alarms.completed", result.RoutingKey);
        Assert.Equal((await host.Http.ReadAsync($"v1/requests/{result.Properties.MessageId}", wait: 30)).Body, result.Body);
    }

    [Fact]
    public async Task Request_ByTheQueueForLowPriority_IsAnsweredToo()
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);

        var properties = new BasicProperties { ContentType = "application/json", ReplyTo = "amq.rabbitmq.reply-to" };
        await client.Channel.BasicPublishAsync("", "requests.low", mandatory: true, properties, """{"text": "seven"}"""u8.ToArray());

        Assert.Equal("multimodal.answer", (await client.ReadAsync()).Properties.Type);
    }

    [Fact]
    public async Task Request_ThatMayWaitInTheOtherQueue_IsAnsweredByTheQueueForLowPriority()
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);

        await PublishAsync(client, """{"text": "seven", "options": {"priority": "low"}}""", "m-low", "amq.rabbitmq.reply-to");

        var reply = await client.ReadAsync();
        Assert.Equal(("multimodal.answer", "c"), (reply.Properties.Type, reply.Properties.CorrelationId));
    }

    [Fact]
    public async Task Request_DirectReplyTo_Works()
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);

        await PublishAsync(client, """{"text": "seven"}""", reply: "amq.rabbitmq.reply-to");

        var reply = await client.ReadAsync();
        Assert.Equal(("multimodal.answer", "application/json", "c"), (reply.Properties.Type, reply.Properties.ContentType, reply.Properties.CorrelationId));
        Assert.Equal((await host.Http.ReadAsync($"v1/requests/{reply.Properties.MessageId}")).Body, reply.Body);
    }

    public static TheoryData<string?, string, byte[]> Encoded() => new()
    {
        { null, "application/json", [0xEF, 0xBB, 0xBF, .. """{"text": "seven"}"""u8] },
        { null, "application/json", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("""{"text": "seven"}""")] },
        { "utf-8", "application/json; charset=utf-8", """{"text": "seven"}"""u8.ToArray() },
        { "gzip", "application/json", Gzip("""{"text": "seven"}"""u8.ToArray()) },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public async Task Request_EncodedAsLibrariesDo_IsRead(string? encoding, string type, byte[] body)
    {
        var expert = Expert();
        await using var host = await StartAsync(expert);
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);

        var properties = new BasicProperties { ContentType = type, ContentEncoding = encoding, ReplyTo = "amq.rabbitmq.reply-to" };
        await client.Channel.BasicPublishAsync("", "requests", mandatory: true, properties, body);

        Assert.Equal("multimodal.answer", (await client.ReadAsync()).Properties.Type);
        Assert.Equal("seven", Encoding.UTF8.GetString(Assert.Single(expert.Media)));
    }

    [Theory]
    [InlineData("lzma", 415, "unsupported-encoding")]
    [InlineData("gzip", 400, "malformed")]
    public async Task Request_EncodingThatCannotBeRead_IsRefused(string encoding, int status, string code)
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("amq.rabbitmq.reply-to", autoAck: true);

        var properties = new BasicProperties { ContentEncoding = encoding, ReplyTo = "amq.rabbitmq.reply-to" };
        await client.Channel.BasicPublishAsync("", "requests", mandatory: true, properties, """{"text": "seven"}"""u8.ToArray());

        var problem = JsonDocument.Parse((await client.ReadAsync()).Body).RootElement;
        Assert.Equal((status, code), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("{", "m", "application/json", "malformed")]
    [InlineData("""{"video": "a"}""", "m", "application/json", "unknown-part")]
    [InlineData("""{"text": "a", "options": {"k": 0}}""", "m", "application/json", "invalid-options")]
    [InlineData("""{"image": "aGVsbG8gd29ybGQ="}""", "m", "application/json", "unsupported-type")]
    [InlineData("""{"text": "a"}""", "two words", "application/json", "invalid-message-id")]
    [InlineData("""{"text": "a"}""", "m", "text/plain", "unsupported-content-type")]
    public async Task Request_Bad_IsAnsweredWithItsProblemAndElseADeadLetter(string body, string messageId, string contentType, string code)
    {
        var expert = Expert();
        await using var host = await StartAsync(expert);
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);
        await client.ConsumeAsync("dead-letters");

        await PublishAsync(client, body, messageId, replies.QueueName, contentType);
        var refusal = await client.ReadAsync();
        await PublishAsync(client, body, messageId, null, contentType);
        var letter = await client.ReadAsync();

        Assert.Equal(("multimodal.problem", "application/problem+json", "c"), (refusal.Properties.Type, refusal.Properties.ContentType, refusal.Properties.CorrelationId));
        Assert.Equal(code, JsonDocument.Parse(refusal.Body).RootElement.GetProperty("code").GetString());
        Assert.Equal((body, messageId), (letter.Body, letter.Properties.MessageId));
        Assert.Equal((0, 0), (expert.Asked, host.Get<AdmissionControl>().InFlight));
    }

    [Fact]
    public async Task Request_ReplyToOwnQueue_IsADeadLetter()
    {
        await using var host = await StartAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync("dead-letters");

        foreach (var queue in new[] { "results", "requests", "fuse", "client.default.alarms", "expert.digits.a" })
        {
            await PublishAsync(client, """{"text": "seven"}""", reply: queue);
            Assert.Equal(queue, (await client.ReadAsync()).Properties.ReplyTo);
        }
    }

    [Fact]
    public async Task Request_SentAgain_IsAcceptedOnceAndAnsweredAgain()
    {
        var expert = Expert();
        await using var host = await StartAsync(expert);
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);
        var id = Guid.NewGuid().ToString();

        await PublishAsync(client, """{"text": "seven"}""", id, replies.QueueName);
        var first = await client.ReadAsync();
        await PublishAsync(client, """{"text": "seven"}""", id, replies.QueueName);
        var again = await client.ReadAsync();
        await PublishAsync(client, """{"text": "eight"}""", id, replies.QueueName);
        var other = await client.ReadAsync();
        var byHttp = await host.Http.PostAsync("nine");
        await PublishAsync(client, """{"text": "nine"}""", byHttp.Id, replies.QueueName);
        var taken = await client.ReadAsync();

        Assert.Equal((first.Body, first.Properties.MessageId), (again.Body, again.Properties.MessageId));
        Assert.Equal("idempotency-key-reused", JsonDocument.Parse(other.Body).RootElement.GetProperty("code").GetString());
        Assert.Equal("idempotency-key-reused", JsonDocument.Parse(taken.Body).RootElement.GetProperty("code").GetString());
        Assert.Equal((2, 0), (expert.Asked, host.Get<AdmissionControl>().InFlight));
    }

    [Fact]
    public async Task Request_ServiceFull_WaitsInTheQueueAndIsAnsweredLater()
    {
        var release = new TaskCompletionSource();
        await using var host = await StartAsync(
            ScriptedExpert.Waits("a", Modality.Text, release.Task, 0.8, 0.1, 0.1),
            ("Multimodal:Gateway:MaxInFlight", "2"), ("Multimodal:Gateway:RequestPrefetch", "1"));
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);

        for (var i = 0; i < 8; i++)
        {
            await PublishAsync(client, """{"text": "seven"}""", $"m-{i}", replies.QueueName);
        }

        // Two are in flight, the gateway holds one, and the broker holds the others.
        while ((await client.Channel.QueueDeclarePassiveAsync("requests")).MessageCount != 5 || host.Get<AdmissionControl>().InFlight != 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        release.SetResult();
        var types = new List<string?>();
        while (types.Count < 8)
        {
            types.Add((await client.ReadAsync()).Properties.Type);
        }

        Assert.All(types, type => Assert.Equal("multimodal.answer", type));
        Assert.Equal(0u, (await client.Channel.QueueDeclarePassiveAsync("requests")).MessageCount);
    }

    [Fact]
    public async Task Request_GatewayEndsInBetween_TheNextOneReplies()
    {
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var replies = await client.Channel.QueueDeclareAsync();
        await client.ConsumeAsync(replies.QueueName);
        await using (var host = await StartAsync(ScriptedExpert.Waits("a", Modality.Text, new TaskCompletionSource().Task, 0.8, 0.1, 0.1)))
        {
            await PublishAsync(client, """{"text": "seven", "options": {"deadlineMs": 3000}}""", "m-1", replies.QueueName);
            while (host.Get<AdmissionControl>().InFlight == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        await using var next = await StartAsync();
        var reply = await client.ReadAsync();

        Assert.Equal(("multimodal.answer", "c"), (reply.Properties.Type, reply.Properties.CorrelationId));
        Assert.Equal("completed", JsonDocument.Parse(reply.Body).RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mm_key-of-the-example")]
    public async Task PythonExample_AsksAndReadsItsQueue(string? key)
    {
        await using var host = await StartAsync(null, key is null ? [] : [("Multimodal:Keys:python:Sha256", ApiKey.Sha256(key))]);
        var settings = (await _transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        var amqp = string.Create(
            CultureInfo.InvariantCulture,
            $"amqp://guest:guest@127.0.0.1:{settings["Multimodal:Transport:Broker:Port"]}/{settings["Multimodal:Transport:Broker:VirtualHost"]}");
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MULTIMODAL_API_KEY"] = key;
        var script = RepositoryFiles.At("examples", "python", "ask.py");
        foreach (var argument in new[] { script, "--amqp", amqp, "--http", host.Http.BaseAddress!.ToString().TrimEnd('/'), "--text", "seven" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

        Assert.True(process.ExitCode == 0, await errors);
        Assert.Matches("^[0-9a-f-]{36} completed 0 0.8\n$", await output);
    }

    private static ScriptedExpert Expert() => ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionMode.Compress))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static async Task PublishAsync(
        PlainConsumer client, string body, string? messageId = null, string? reply = null, string contentType = "application/json")
    {
        var properties = new BasicProperties { ContentType = contentType, CorrelationId = "c" };
        if (messageId is not null)
        {
            properties.MessageId = messageId;
        }

        if (reply is not null)
        {
            properties.ReplyTo = reply;
        }

        await client.Channel.BasicPublishAsync("", "requests", mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private async Task<PipelineHost> StartAsync(ScriptedExpert? expert = null, params (string Key, string Value)[] settings) => await PipelineHost.StartAsync(
        _folder.Path,
        [expert ?? Expert(), ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1)],
        [.. await _transport.SettingsAsync(), ("Multimodal:Store:GraceSeconds", "0.1"), ("Multimodal:Store:WatchdogSeconds", "0.2"), .. settings]);
}
