using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Tests.Compatibility;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Messaging.RabbitMq;

/// <summary>The contract of the broker's queues: no loss, retries, dead letters and the order of the shutdown.</summary>
[Collection(BrokerFixture.Name)]
public sealed partial class BrokerWorkTests(BrokerFixture broker) : IAsyncLifetime
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(60);
    private static readonly string Queue = Topology.ExpertQueue("digits", "a", Priority.Normal);
    private static readonly string Live = Topology.LiveQueue("digits", "a", Priority.Normal);
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly List<BrokerLink> _links = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
        {
            await link.StopAsync(default);
            link.Dispose();
        }
    }

    [Fact]
    public async Task Command_FailsTwice_IsTriedAgainInPlace()
    {
        var work = await ConnectAsync();
        var done = New<int>();
        var tries = 0;
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            4,
            _ =>
            {
                if (++tries < 3)
                {
                    throw new InvalidOperationException("Not yet.");
                }

                done.SetResult(tries);
                return Task.CompletedTask;
            },
            default);

        await work.SendAsync(Question(), Priority.Normal, default);

        Assert.Equal(3, await done.Task.WaitAsync(TestTimeout, TimeProvider.System));
        Assert.True(await work.StopCommandsAsync(default));
        Assert.Equal(0, await LeftAsync(Queue));
    }

    [Fact]
    public async Task Command_AlwaysFails_BecomesADeadLetterAtTheLimit()
    {
        var work = await ConnectAsync(deliveryLimit: 1);
        var tries = 0;
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            4,
            _ =>
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("Never.");
            },
            default);
        var question = Question();

        await work.SendAsync(question, Priority.Normal, default);
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        await reader.ConsumeAsync(Topology.DeadLetterQueue);
        var dead = await reader.ReadAsync();

        Assert.Equal(question.RequestId.ToString(), dead.Properties.MessageId);

        // Delivered once from the live queue and twice from the durable one, with four attempts each.
        Assert.Equal(12, tries);
    }

    [Theory]
    [InlineData("Analyze", "{")]
    [InlineData("Analyze", "{}")]
    [InlineData("Other", "{}")]
    [InlineData(null, "")]
    public async Task Command_Unreadable_BecomesADeadLetterAtOnce(string? type, string body)
    {
        var work = await ConnectAsync();
        await work.ServeCommandsAsync<Analyze>(Queue, 4, _ => throw new InvalidOperationException("It was read."), default);

        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var properties = new BasicProperties();
        if (type is not null)
        {
            properties.Type = type;
        }

        await client.Channel.BasicPublishAsync("", Queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
        await client.ConsumeAsync(Topology.DeadLetterQueue);

        Assert.Equal(body, (await client.ReadAsync()).Body);
    }

    [Fact]
    public async Task Command_NotTakenByItsDeadline_BecomesADeadLetter()
    {
        var work = await ConnectAsync();

        // The deadline of the first has passed, so it is not sent.
        await work.SendAsync(Question() with { Deadline = TimeProvider.System.GetUtcNow() }, Priority.Normal, default);
        var question = Question() with { Deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3) };
        await work.SendAsync(question, Priority.Normal, default);
        await using var reader = await PlainConsumer.ConnectAsync(_transport);
        await reader.ConsumeAsync(Topology.DeadLetterQueue);

        var dead = await reader.ReadAsync();
        Assert.Equal((nameof(Analyze), question.RequestId.ToString()), (dead.Properties.Type, dead.Properties.MessageId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queue_IsDeleted_IsMadeAndReadAgain(bool isLive)
    {
        var work = await ConnectAsync();
        var got = New<Guid>();
        await work.ServeCommandsAsync<Analyze>(Queue, 4, incoming => Task.FromResult(got.TrySetResult(incoming.Message.RequestId)), default);

        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.Channel.QueueDeleteAsync(isLive ? Live : Queue);

        // A message sent while the queue does not exist is lost.
        using var timeout = new CancellationTokenSource(TestTimeout);
        while (!got.Task.IsCompleted)
        {
            await work.SendAsync(Question(), Priority.Normal, timeout.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    [Fact]
    public async Task Connection_DiesWithItsBuffersFull_TheNextOnePublishes()
    {
        var work = await ConnectAsync();
        var got = 0;
        var done = New<bool>();
        await work.ServeCommandsAsync<Fuse>(Topology.FuseQueue(Priority.Normal), 4, _ => Task.FromResult(Interlocked.Increment(ref got) == 3 && done.TrySetResult(true)), default);
        Task[] sent;
        broker.Process.Freeze();
        try
        {
            // More than the sockets and the client's buffer hold, on the channel without confirms.
            var properties = new BasicProperties();
            var lost = Enumerable.Range(0, 400).Select(_ => _links[0].PublishTransientAsync(BrokerMessage.To("nowhere", properties, new byte[100_000]), default)).ToArray();
            sent = [.. Enumerable.Range(0, 3).Select(_ => work.SendAsync(Request(), default))];
            Assert.Contains(lost, message => !message.IsCompleted);
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(lost).WaitAsync(TestTimeout, TimeProvider.System));
            Assert.True(BrokerConnection.IsConnectionFailure(failure), failure.ToString());
        }
        finally
        {
            broker.Process.Thaw();
        }

        await Task.WhenAll(sent).WaitAsync(TestTimeout, TimeProvider.System);
        await done.Task.WaitAsync(TestTimeout, TimeProvider.System);
    }

    [Fact]
    public async Task Broker_DoesNotRead_NothingWaitsForItForEver()
    {
        var work = await ConnectAsync();
        await work.ServeCommandsAsync<Analyze>(Queue, 4, _ => Task.CompletedTask, default);
        var (later, got) = (await ConnectAsync(), New<Guid>());
        broker.Process.Freeze();
        try
        {
            var sending = work.SendAsync(Question() with { Deadline = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1) }, Priority.Normal, default);
            var serving = later.ServeCommandsAsync<Analyze>(
                Queue, 4, incoming => Task.FromResult(got.TrySetResult(incoming.Message.RequestId)), default);
            Assert.True(await work.StopCommandsAsync(default).WaitAsync(TestTimeout, TimeProvider.System));
            await sending.WaitAsync(TestTimeout, TimeProvider.System);
            await serving.WaitAsync(TestTimeout, TimeProvider.System);
        }
        finally
        {
            broker.Process.Thaw();
        }

        // A reader that could not start does so after the reconnect.
        await later.SendAsync(Question(), Priority.Normal, default).WaitAsync(TestTimeout, TimeProvider.System);
        await got.Task.WaitAsync(TestTimeout, TimeProvider.System);
    }

    [Fact]
    public async Task Stop_RequestInHand_ExpertsStillJudge()
    {
        var work = await ConnectAsync();
        var (taken, judged) = (New<bool>(), New<bool>());
        await work.ServeCommandsAsync<Analyze>(Queue, 1, _ => Task.FromResult(judged.TrySetResult(true)), default);
        await work.ServeCommandsAsync<Analyze>(
            Topology.FuseQueue(Priority.Normal),
            1,
            async _ =>
            {
                taken.SetResult(true);
                await judged.Task;
            },
            default);
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var request = new BasicProperties { Type = nameof(Analyze) };
        await client.Channel.BasicPublishAsync("", Topology.FuseQueue(Priority.Normal), mandatory: true, request, JsonSerializer.SerializeToUtf8Bytes(Question(), JsonFormat.Options));
        await taken.Task.WaitAsync(TestTimeout, TimeProvider.System);

        var stop = work.StopCommandsAsync(default);
        await work.SendAsync(Question(), Priority.Normal, default);

        Assert.True(await stop.WaitAsync(TestTimeout, TimeProvider.System));
    }

    [Fact]
    public async Task Stop_CommandInHand_IsWaitedForAndTheRestIsLeft()
    {
        var work = await ConnectAsync();
        var (taken, mayEnd) = (New<bool>(), New<bool>());
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            1,
            async _ =>
            {
                taken.TrySetResult(true);
                await mayEnd.Task;
            },
            default);
        await work.SendAsync(Question(), Priority.Normal, default);
        await taken.Task.WaitAsync(TestTimeout, TimeProvider.System);
        await work.SendAsync(Question(), Priority.Normal, default);

        var stop = work.StopCommandsAsync(default);
        Assert.False(stop.IsCompleted);
        mayEnd.SetResult(true);

        Assert.True(await stop.WaitAsync(TestTimeout, TimeProvider.System));

        // Moved there from the live queue, which no other worker reads.
        Assert.Equal(1, await LeftAsync(Queue));
    }

    [Fact]
    public async Task Stop_CommandNeverEnds_ReturnsFalseAtTheTimeLimitAndRequeuesIt()
    {
        var work = await ConnectAsync();
        var (taken, lost) = (New<bool>(), New<bool>());
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            1,
            async incoming =>
            {
                taken.SetResult(true);
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, incoming.CancellationToken);
                }
                finally
                {
                    lost.SetResult(incoming.CancellationToken.IsCancellationRequested);
                }
            },
            default);
        await work.SendAsync(Question(), Priority.Normal, default);
        await taken.Task.WaitAsync(TestTimeout, TimeProvider.System);

        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.False(await work.StopCommandsAsync(bound.Token));
        await _links[0].StopAsync(default);

        Assert.True(await lost.Task.WaitAsync(TestTimeout, TimeProvider.System));
        var (other, got) = (await ConnectAsync(), New<Guid>());
        await other.ServeCommandsAsync<Analyze>(Queue, 1, incoming => Task.FromResult(got.TrySetResult(incoming.Message.RequestId)), default);
        await got.Task.WaitAsync(TestTimeout, TimeProvider.System);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Opinion_ForAnInstance_ReachesItAlone(bool readsReplies)
    {
        var (asker, other) = (await ConnectAsync(), await ConnectAsync());
        var (answered, declined, stray) = (New<ExpertAnswered>(), New<ExpertDeclined>(), New<ExpertAnswered>());
        await asker.ServeOpinionsAsync("one", Take(answered), Take(declined), default);
        await other.ServeOpinionsAsync("two", Take(stray), Take(New<ExpertDeclined>()), default);
        var opinion = new ExpertAnswered
        {
            RequestId = Guid.NewGuid(),
            Expert = "a",
            Version = "1",
            Device = "cpu",
            LogProbabilities = [-0.1, -2.5],
            Timings = new StageTimings(0.1, 0.2, 0.3, 4),
        };

        await other.ReplyAsync(Question(), opinion, default);
        await other.ReplyAsync(Question() with { ReplyTo = "one", ReadsReplies = readsReplies }, opinion, default);
        await other.ReplyAsync(
            Question() with { ReplyTo = "one", ReadsReplies = readsReplies },
            new ExpertDeclined { RequestId = opinion.RequestId, Expert = "b", Reason = DeclineReason.Expired, Detail = "Late." },
            default);

        var got = await answered.Task.WaitAsync(TestTimeout, TimeProvider.System);
        Assert.Equal((opinion.RequestId, opinion.Timings), (got.RequestId, got.Timings));
        Assert.Equal(opinion.LogProbabilities, got.LogProbabilities);
        Assert.Equal(DeclineReason.Expired, (await declined.Task.WaitAsync(TestTimeout, TimeProvider.System)).Reason);
        Assert.False(stray.Task.IsCompleted);
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Func<Incoming<T>, Task> Take<T>(TaskCompletionSource<T> source) => incoming =>
    {
        source.SetResult(incoming.Message);
        return Task.CompletedTask;
    };

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TestTimeout);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    private static Fuse Request() => MessageSamples.Fuse with
    {
        RequestId = Guid.NewGuid(),
        Priority = Priority.Normal,
        Deadline = TimeProvider.System.GetUtcNow() + (2 * TestTimeout),
    };

    private static Analyze Question() => new()
    {
        RequestId = Guid.NewGuid(),
        Ensemble = "digits",
        Expert = "a",
        Part = new MediaPart { Modality = Modality.Text, MediaType = "text/plain", Length = 1, Sha256 = "", Inline = [65] },
        Deadline = TimeProvider.System.GetUtcNow() + TestTimeout,
        ReplyTo = "unknown",
    };

    private async Task<BrokerWork> ConnectAsync(int deliveryLimit = 10)
    {
        var settings = (await _transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        var options = new BrokerOptions
        {
            Host = settings["Multimodal:Transport:Broker:Host"],
            Port = int.Parse(settings["Multimodal:Transport:Broker:Port"], CultureInfo.InvariantCulture),
            VirtualHost = settings["Multimodal:Transport:Broker:VirtualHost"],
            DeliveryLimit = deliveryLimit,
        };
        var ensembles = new EnsembleCatalog();
        ensembles.Fill([new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)]).Create()]);
        var link = new BrokerLink(options, new BrokerTopology(options, ensembles), TimeProvider.System, NullLogger<BrokerLink>.Instance);
        _links.Add(link);
        await link.StartAsync(default);
        await link.OpenAsync(default);
        return new BrokerWork(link, TimeProvider.System, NullLogger<BrokerWork>.Instance);
    }

    /// <summary>Reads the remaining messages of a queue.</summary>
    private async Task<int> LeftAsync(string queue)
    {
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var left = 0;
        while (await client.Channel.BasicGetAsync(queue, autoAck: true) is not null)
        {
            left++;
        }

        return left;
    }
}
