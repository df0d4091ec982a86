using System.Threading.Channels;
using MassTransit;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>Counts the messages that an application has settled, including those without a consumer.</summary>
internal sealed class DeliveryCount : IReceiveObserver
{
    private readonly Channel<ReceiveContext> _settled = Channel.CreateUnbounded<ReceiveContext>();
    private int _reached;

    /// <summary>Waits until the given number of messages is settled since the observer was connected.</summary>
    public async Task ReachAsync(int count)
    {
        for (; _reached < count; _reached++)
        {
            await _settled.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
    }

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context)
    {
        _settled.Writer.TryWrite(context);
        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
