using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Pipeline.Transport;

namespace Multimodal.Pipeline.Tests.Units;

public sealed class BusWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task ServeCommands_Limit_IsKept(int limit)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddTransport(TransportOptions.InMemory);
        await using var provider = services.BuildServiceProvider();
        var bus = provider.GetRequiredService<IBusControl>();
        await bus.StartAsync();
        var consumer = new Counting(limit, 20);
        await provider.GetRequiredService<BusWork>().ServeCommandsAsync<Work>("work", limit, _ => consumer.ConsumeAsync(), default);

        var endpoint = await bus.GetSendEndpoint(Topology.Address("work"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => endpoint.Send(new Work(number))));
        await consumer.AllDone.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await bus.StopAsync();

        Assert.Equal(limit, consumer.Most);
    }

    private sealed class Counting(int limit, int expected)
    {
        private readonly TaskCompletionSource _allDone = new();
        private readonly Lock _lock = new();
        private TaskCompletionSource _group = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;
        private int _running;
        private int _done;

        public int Most { get; private set; }

        public Task AllDone => _allDone.Task;

        public async Task ConsumeAsync()
        {
            Task group;
            lock (_lock)
            {
                Most = Math.Max(Most, ++_running);
                group = _group.Task;

                // In groups of the limit: with fewer at once this would hang, with more it would count them. Groups are counted by
                // arrival: by those running, one that arrives while others have not left yet would pass alone, and the last group
                // would wait for a member that never comes.
                if (++_arrived % limit == 0)
                {
                    _group.SetResult();
                    _group = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await group;
            lock (_lock)
            {
                _running--;
                if (++_done == expected)
                {
                    _allDone.SetResult();
                }
            }
        }
    }

    internal sealed record Work(int Number);
}
