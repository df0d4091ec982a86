using System.Globalization;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>A client application with MassTransit on the service's broker, whose consumers keep the messages.</summary>
internal sealed class MassTransitApplication : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly ServiceProvider _services;
    private readonly Inbox _inbox;

    private MassTransitApplication(ServiceProvider services) =>
        (_services, _inbox, Bus) = (services, services.GetRequiredService<Inbox>(), services.GetRequiredService<IBusControl>());

    public IBusControl Bus { get; }

    /// <summary>The last log lines.</summary>
    public string Log => _services.GetRequiredService<RecentLog>().ToString();

    /// <summary>Starts an application and waits until its queues exist.</summary>
    /// <param name="transport">The service's broker.</param>
    /// <param name="configure">Adds the endpoints.</param>
    /// <param name="add">Adds further consumers.</param>
    /// <param name="user">The broker's account; its password is its name.</param>
    public static async Task<MassTransitApplication> StartAsync(
        TestTransport transport,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> configure,
        Action<IBusRegistrationConfigurator>? add = null,
        string user = "guest")
    {
        var settings = (await transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        var (port, host) = (settings["Multimodal:Transport:Broker:Port"], settings["Multimodal:Transport:Broker:VirtualHost"]);
        var log = new RecentLog();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log))
            .AddSingleton(log)
            .AddSingleton<Inbox>()
            .AddMassTransit(registration =>
            {
                registration.DisableUsageTelemetry();
                registration.AddConsumer<AnswerConsumer>();
                registration.AddConsumer<RefusalConsumer>();
                add?.Invoke(registration);
                registration.UsingRabbitMq((context, bus) =>
                {
                    bus.Host("127.0.0.1", ushort.Parse(port, CultureInfo.InvariantCulture), host, account =>
                    {
                        account.Username(user);
                        account.Password(user);
                    });
                    configure(context, bus);
                });
            })
            .BuildServiceProvider();
        var application = new MassTransitApplication(services);
        await application.Bus.StartAsync().WaitAsync(Timeout, TimeProvider.System);
        return application;
    }

    /// <summary>Waits for the next message of a consumer.</summary>
    public async Task<Received> ReadAsync()
    {
        try
        {
            return await _inbox.Messages.Reader.ReadAsync().AsTask().WaitAsync(Timeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The application got nothing within {Timeout}. Its last lines:\n{Log}");
        }
    }

    /// <summary>Sends a request to one of the application's own consumers.</summary>
    public async Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request)
        where TRequest : class
        where TResponse : class
    {
        await using var scope = _services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IRequestClient<TRequest>>().GetResponse<TResponse>(request)).Message;
    }

    /// <summary>Whether the test has read all received messages.</summary>
    public bool IsEmpty => _inbox.Messages.Reader.Count == 0;

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync(Timeout);
        await _services.DisposeAsync();
    }

    internal sealed class Inbox
    {
        public Channel<Received> Messages { get; } = Channel.CreateUnbounded<Received>();

        public void Keep<T>(ConsumeContext<T> context)
            where T : class => Messages.Writer.TryWrite(new Received(context.Message, context.MessageId, context.CorrelationId));
    }

    internal sealed class AnswerConsumer(Inbox inbox) : IConsumer<FusedAnswer>
    {
        public Task Consume(ConsumeContext<FusedAnswer> context)
        {
            inbox.Keep(context);
            return Task.CompletedTask;
        }
    }

    internal sealed class RefusalConsumer(Inbox inbox) : IConsumer<RequestRefused>
    {
        public Task Consume(ConsumeContext<RequestRefused> context)
        {
            inbox.Keep(context);
            return Task.CompletedTask;
        }
    }
}
