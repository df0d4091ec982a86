using System.Globalization;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.MassTransit;

var builder = Host.CreateApplicationBuilder();
builder.Services.AddMassTransit(x =>
{
    x.AddConsumer<AnswerConsumer>();
    x.UsingRabbitMq((context, bus) =>
    {
        bus.Host(new Uri(args[0])); // amqp://guest:guest@localhost:5672/
        bus.MultimodalResults("my-app-results", tenant: "default", subscription: "shop", endpoint => endpoint.ConfigureConsumer<AnswerConsumer>(context));
    });
});

// Bind the queue before sending the first request; otherwise the broker discards its result.
builder.Services.AddOptions<MassTransitHostOptions>().Configure(options => options.WaitUntilStarted = true);
using var host = builder.Build();
await host.StartAsync();
var bus = host.Services.GetRequiredService<IBus>();
var id = await bus.SendMultimodalRequestAsync(new MultimodalRequest { Text = args[1], Options = new() { Subscription = "shop" } });
Console.WriteLine($"sent {id}");
await host.WaitForShutdownAsync();

internal sealed class AnswerConsumer(IHostApplicationLifetime lifetime) : IConsumer<FusedAnswer>
{
    public Task Consume(ConsumeContext<FusedAnswer> context)
    {
        var answer = context.Message;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Id} {answer.Status} {answer.Label} {answer.Confidence:0.000}"));
        lifetime.StopApplication(); // a real application keeps running
        return Task.CompletedTask;
    }
}
