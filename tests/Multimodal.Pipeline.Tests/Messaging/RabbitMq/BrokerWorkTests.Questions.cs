using System.Globalization;
using System.Text.Json;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Tests.Flow;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Tests.Messaging.RabbitMq;

/// <summary>Queues of questions: in memory, and acknowledged in groups.</summary>
public sealed partial class BrokerWorkTests
{
    [Fact]
    public async Task Command_NoWorkerReadsALiveQueue_GoesToTheDurableQueue()
    {
        var work = await ConnectAsync();
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        await client.ConsumeAsync(Queue);
        var question = Question();

        await work.SendAsync(question, Priority.Normal, default);

        var got = await client.ReadAsync();
        Assert.Equal((nameof(Analyze), question.RequestId.ToString()), (got.Properties.Type, got.Properties.MessageId));
        Assert.True(long.Parse(got.Properties.Expiration!, CultureInfo.InvariantCulture) > 0);
    }

    /// <summary>The durable queue counts deliveries, so that a message cannot crash one worker after another.</summary>
    [Fact]
    public async Task Command_WorkerDies_GoesToTheNextThroughTheDurableQueue()
    {
        var (first, second) = (await ConnectAsync(), await ConnectAsync());
        var (taken, got) = (New<bool>(), New<Guid>());
        await first.ServeCommandsAsync<Analyze>(
            Queue,
            1,
            async incoming =>
            {
                taken.TrySetResult(true);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, incoming.CancellationToken);
            },
            default);
        var question = Question();
        await second.SendAsync(question, Priority.Normal, default);
        await taken.Task.WaitAsync(TestTimeout, TimeProvider.System);
        await second.ServeCommandsAsync<Analyze>(Queue, 1, incoming => Task.FromResult(got.TrySetResult(incoming.Message.RequestId)), default);

        await _links[0].StopAsync(default);

        Assert.Equal(question.RequestId, await got.Task.WaitAsync(TestTimeout, TimeProvider.System));
        Assert.True(await second.StopCommandsAsync(default));
        Assert.Equal(0, await LeftAsync(Queue));
    }

    [Fact]
    public async Task Commands_AcknowledgedOutOfOrder_NoneIsLeft()
    {
        const int Count = 200;
        var work = await ConnectAsync();
        var (done, number) = (New<bool>(), 0);
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            32,
            async _ =>
            {
                var mine = Interlocked.Increment(ref number);
                for (var turn = 0; turn < mine % 7; turn++)
                {
                    await Task.Yield();
                }

                if (mine == Count)
                {
                    done.SetResult(true);
                }
            },
            default);

        await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => work.SendAsync(Question(), Priority.Normal, default)));

        await done.Task.WaitAsync(TestTimeout, TimeProvider.System);
        Assert.True(await work.StopCommandsAsync(default));
        Assert.Equal((0, Count), (await LeftAsync(Queue), number));
    }

    [Fact]
    public async Task Commands_SomeUnreadable_OnlyTheseBecomeDeadLetters()
    {
        const int Count = 100;
        var work = await ConnectAsync();
        var (done, handled) = (New<bool>(), 0);
        await using var client = await PlainConsumer.ConnectAsync(_transport);
        var body = JsonSerializer.SerializeToUtf8Bytes(Question(), JsonFormat.Options);
        for (var number = 0; number < Count; number++)
        {
            await client.Channel.BasicPublishAsync(
                "", Queue, mandatory: true, new BasicProperties { Type = nameof(Analyze) }, number % 4 == 0 ? "{"u8.ToArray() : body);
        }

        await work.ServeCommandsAsync<Analyze>(
            Queue,
            32,
            async _ =>
            {
                await Task.Yield();
                if (Interlocked.Increment(ref handled) == Count * 3 / 4)
                {
                    done.SetResult(true);
                }
            },
            default);
        await client.ConsumeAsync(Topology.DeadLetterQueue);
        for (var number = 0; number < Count; number += 4)
        {
            Assert.Equal("{", (await client.ReadAsync()).Body);
        }

        await done.Task.WaitAsync(TestTimeout, TimeProvider.System);
        Assert.True(await work.StopCommandsAsync(default));
        Assert.Equal((0, Count * 3 / 4), (await LeftAsync(Queue), handled));
    }

    [Fact]
    public async Task Publish_MessageCannotBeEncoded_TheNextOneIsConfirmed()
    {
        await ConnectAsync();
        var link = _links[^1];

        // A short string of AMQP has at most 255 bytes.
        await Assert.ThrowsAnyAsync<ArgumentException>(() => link.PublishAsync(BrokerMessage.To(new string('q', 300), new BasicProperties(), "x"u8.ToArray()), default));

        await link.PublishAsync(BrokerMessage.To(Topology.DeadLetterQueue, new BasicProperties(), "x"u8.ToArray()), default).WaitAsync(TestTimeout, TimeProvider.System);
    }

    [Fact]
    public async Task Commands_BrokerBlocksPublishers_AreStillAcknowledged()
    {
        var work = await ConnectAsync();
        var (taken, mayEnd) = (New<bool>(), New<bool>());
        await work.ServeCommandsAsync<Analyze>(
            Queue,
            4,
            async _ =>
            {
                taken.TrySetResult(true);
                await mayEnd.Task;
            },
            default);
        await work.SendAsync(Question(), Priority.Normal, default);
        await taken.Task.WaitAsync(TestTimeout, TimeProvider.System);
        await broker.Process.SetMemoryLimitAsync("1MB");
        try
        {
            // The broker blocks a connection when it publishes.
            var blocked = _links[0].PublishTransientAsync(BrokerMessage.To("nowhere", new BasicProperties(), new byte[1]), default);
            await WaitUntilAsync(() => !_links[0].IsOpen);
            mayEnd.SetResult(true);

            Assert.True(await work.StopCommandsAsync(default).WaitAsync(TestTimeout, TimeProvider.System));
            await blocked;
        }
        finally
        {
            await broker.Process.SetMemoryLimitAsync("2GB");
        }
    }
}
