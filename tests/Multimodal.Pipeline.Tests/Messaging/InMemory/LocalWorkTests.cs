using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Messaging.InMemory;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Messaging.InMemory;

/// <summary>The contract of queues in memory: retries, abandoned messages, deadlines and the order of the shutdown.</summary>
public sealed class LocalWorkTests : IAsyncLifetime, IDisposable
{
    private const string Instance = "me";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly string Expert = Topology.ExpertQueue("digits", "a", Priority.Normal);
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CollectingLogger _log = new();
    private readonly List<LocalQueues> _started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var queues in _started)
        {
            await queues.StopAsync(default);
            queues.Dispose();
        }
    }

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task ServeCommands_Limit_IsReachedAndKept(int limit)
    {
        var (_, work) = Start(TimeProvider.System);
        var group = new Rendezvous(limit, 20);
        await work.ServeCommandsAsync<Analyze>(Expert, limit, _ => group.MeetAsync(), default);

        for (var i = 0; i < 20; i++)
        {
            await work.SendAsync(Question(), Priority.Normal, default);
        }

        await group.AllDone.WaitAsync(Timeout, TimeProvider.System);
        Assert.Equal(limit, group.MaxConcurrent);
    }

    [Fact]
    public async Task Command_SentBeforeItsQueueIsServed_Waits()
    {
        var (_, work) = Start(TimeProvider.System);
        var question = Question();
        var handled = New<Guid>();

        await work.SendAsync(question, Priority.Normal, default);
        await work.ServeCommandsAsync<Analyze>(Expert, 1, Handle(handled), default);

        Assert.Equal(question.RequestId, await handled.Task.WaitAsync(Timeout, TimeProvider.System));
    }

    [Fact]
    public async Task Command_PastItsDeadline_IsDropped()
    {
        var (_, work) = Start(_clock);
        var (late, next) = (Question(_clock), Question(_clock, seconds: 120));
        var handled = New<Guid>();

        await work.SendAsync(late, Priority.Normal, default);
        await work.SendAsync(next, Priority.Normal, default);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await work.ServeCommandsAsync<Analyze>(Expert, 1, Handle(handled), default);

        Assert.Equal(next.RequestId, await handled.Task.WaitAsync(Timeout, TimeProvider.System));
        Assert.Contains(_log.Lines, line => line.Message.Contains(late.RequestId.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_FailsTwice_IsTriedAgainInPlace()
    {
        var (_, work) = Start(TimeProvider.System);
        var done = New<int>();
        var tries = 0;
        await work.ServeCommandsAsync<Analyze>(
            Expert,
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

        Assert.Equal(3, await done.Task.WaitAsync(Timeout, TimeProvider.System));
    }

    [Fact]
    public async Task Command_AlwaysFails_ExpertDeclinesAfterTheLastAttempt()
    {
        var (_, work) = Start(TimeProvider.System);
        var declined = New<ExpertDeclined>();
        var tries = 0;
        await work.ServeOpinionsAsync(Instance, _ => Task.CompletedTask, incoming => Set(declined, incoming.Message), default);
        await work.ServeCommandsAsync<Analyze>(
            Expert,
            4,
            _ =>
            {
                Interlocked.Increment(ref tries);
                throw new InvalidOperationException("Never.");
            },
            default);
        var question = Question();

        await work.SendAsync(question, Priority.Normal, default);
        var opinion = await declined.Task.WaitAsync(Timeout, TimeProvider.System);

        Assert.Equal((question.RequestId, "a", DeclineReason.ModelFailed, 4), (opinion.RequestId, opinion.Expert, opinion.Reason, tries));
    }

    [Fact]
    public async Task Reply_CombinerFailsOrIsUnknown_ExpertGoesOn()
    {
        var (_, work) = Start(TimeProvider.System);
        var opinion = new ExpertDeclined { RequestId = Guid.NewGuid(), Expert = "a", Reason = DeclineReason.BadInput, Detail = "" };
        await work.ServeOpinionsAsync(Instance, _ => Task.CompletedTask, _ => throw new InvalidOperationException("A bug."), default);

        await work.ReplyAsync(Question() with { ReplyTo = Instance }, opinion, default);
        await work.ReplyAsync(Question() with { ReplyTo = "another" }, opinion, default);

        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task StopCommands_WorkInHand_IsFinishedAndWhatWaitsIsDropped()
    {
        var (_, work) = Start(TimeProvider.System);
        var (busy, release, handled) = (New<bool>(), New<bool>(), 0);
        await work.ServeCommandsAsync<Fuse>(
            Topology.FuseQueue(Priority.Normal),
            1,
            async incoming =>
            {
                busy.TrySetResult(true);
                await release.Task;

                // Sent during the shutdown. The expert's queue must still accept it.
                await work.SendAsync(Question(id: incoming.Message.RequestId), Priority.Normal, default);
                handled++;
            },
            default);
        var judged = New<Guid>();
        await work.ServeCommandsAsync<Analyze>(Expert, 1, Handle(judged), default);
        var (first, second) = (Request(), Request());
        await work.SendAsync(first, default);
        await work.SendAsync(second, default);
        await busy.Task.WaitAsync(Timeout, TimeProvider.System);

        var stopping = work.StopCommandsAsync(default);
        Assert.False(stopping.IsCompleted);
        release.SetResult(true);

        Assert.True(await stopping.WaitAsync(Timeout, TimeProvider.System));
        Assert.Equal(1, handled);
        await work.SendAsync(Request(), default);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task StopCommands_TimeLimitFirst_ReturnsFalse()
    {
        var (_, work) = Start(TimeProvider.System);
        var (busy, release) = (New<bool>(), New<bool>());
        await work.ServeCommandsAsync<Analyze>(
            Expert,
            1,
            _ =>
            {
                busy.SetResult(true);
                return release.Task;
            },
            default);
        await work.SendAsync(Question(), Priority.Normal, default);
        await busy.Task.WaitAsync(Timeout, TimeProvider.System);

        using var bound = new CancellationTokenSource();
        var stopping = work.StopCommandsAsync(bound.Token);
        await bound.CancelAsync();

        Assert.False(await stopping.WaitAsync(Timeout, TimeProvider.System));
        release.SetResult(true);
    }

    [Fact]
    public async Task Stop_ResultsThatWait_AreRecordedFirst()
    {
        var (queues, _) = Start(TimeProvider.System);
        var results = new LocalResults(queues);
        var (busy, release, recorded) = (New<bool>(), New<bool>(), new List<string>());
        await results.ServeAsync(
            1,
            (_, _) => Task.CompletedTask,
            async shadow =>
            {
                busy.TrySetResult(true);
                await release.Task;
                recorded.Add(shadow.Ensemble);
            },
            default);
        foreach (var name in new[] { "1", "2", "3" })
        {
            await results.PublishAsync(new ShadowAnswered { RequestId = Guid.NewGuid(), Ensemble = name, Opinion = new ShadowOpinion("a", "7", []) }, default);
        }

        await busy.Task.WaitAsync(Timeout, TimeProvider.System);
        var stopping = queues.StopAsync(default);
        release.SetResult(true);
        await stopping.WaitAsync(Timeout, TimeProvider.System);

        Assert.Equal(["1", "2", "3"], recorded);
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Func<Incoming<Analyze>, Task> Handle(TaskCompletionSource<Guid> handled) => incoming => Set(handled, incoming.Message.RequestId);

    private static Task Set<T>(TaskCompletionSource<T> source, T value)
    {
        source.TrySetResult(value);
        return Task.CompletedTask;
    }

    private static Analyze Question(TimeProvider? clock = null, int seconds = 30, Guid? id = null) => new()
    {
        RequestId = id ?? Guid.NewGuid(),
        Ensemble = "digits",
        Expert = "a",
        Part = new MediaPart { Modality = Modality.Text, MediaType = "text/plain", Length = 1, Sha256 = "", Inline = [65] },
        Deadline = (clock ?? TimeProvider.System).GetUtcNow().AddSeconds(seconds),
        ReplyTo = Instance,
    };

    private static Fuse Request() => new()
    {
        RequestId = Guid.NewGuid(),
        Tenant = "t",
        Subscription = "s",
        Ensemble = "digits",
        Parts = [],
        AcceptedAt = TimeProvider.System.GetUtcNow(),
        Deadline = TimeProvider.System.GetUtcNow() + Timeout,
        Plan = new ExecutionPlan
        {
            GateVersion = "1",
            Strategy = "soft",
            K = 1,
            Fusion = "linear",
            Experts = [],
            Skipped = [],
            Features = [],
            FeaturesMs = 0,
            GateMs = 0,
        },
    };

    private (LocalQueues Queues, LocalWork Work) Start(TimeProvider clock)
    {
        var queues = new LocalQueues(new ServiceClock(clock), new Logger<LocalQueues>(_log));
        _started.Add(queues);
        return (queues, new LocalWork(queues, new Logger<LocalWork>(_log)));
    }
}
