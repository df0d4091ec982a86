using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A service on a free port, as in production except for the experts.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    /// <summary>Much longer than any step takes, so that a hang fails at the step that hangs.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly RecentLog _log;
    private bool _isDisposed;

    private PipelineHost(WebApplication app, RecentLog log)
    {
        (_app, _log) = (app, log);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    /// <summary>The last log lines.</summary>
    public string Log => _log.ToString();

    /// <summary>Creates a client that sends an API key. Dispose it.</summary>
    public HttpClient Client(string key)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress, Timeout = Http.Timeout };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return http;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts a service and waits until it is ready.</summary>
    public static async Task<PipelineHost> StartAsync(string dataFolder, IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await StartAsync(dataFolder, new ScriptedEnsemble(experts), settings);

    /// <summary>Starts a service with the bundled models.</summary>
    public static async Task<PipelineHost> StartAsync(string dataFolder, params (string Key, string Value)[] settings) =>
        await StartAsync(dataFolder, ensembles: null, settings);

    public static async Task<PipelineHost> StartAsync(string dataFolder, IEnsembleSource? ensembles, params (string Key, string Value)[] settings) =>
        await StartAsync(dataFolder, ensembles, builder => builder.AddMultimodal(), settings);

    /// <summary>Starts a service with some of the roles.</summary>
    public static async Task<PipelineHost> StartAsync(
        string dataFolder, IEnsembleSource? ensembles, Action<WebApplicationBuilder> add, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Multimodal:DataFolder"] = dataFolder,
            ["Multimodal:Hosting:DrainSeconds"] = "1",

            // Tests repeat requests and count what experts are asked.
            ["Multimodal:Cache:MaxBytes"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        var log = new RecentLog();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (ensembles is not null)
        {
            builder.Services.AddSingleton(ensembles);
        }

        add(builder);
        var app = builder.Build();
        app.MapMultimodal();
        await WithinAsync(app.StartAsync(), "start", log);
        var host = new PipelineHost(app, log);
        await WithinAsync(host.ReadyAsync(), "become ready", log);
        return host;
    }

    /// <summary>Stops the service, as SIGTERM does.</summary>
    public Task StopAsync() => WithinAsync(_app.StopAsync(), "stop", _log);

    /// <summary>Stops the service. Accepted and unfinished requests remain in its data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Http.Dispose();
        await WithinAsync(_app.StopAsync(), "stop", _log);
        await WithinAsync(_app.DisposeAsync().AsTask(), "end", _log);
    }

    private async Task ReadyAsync()
    {
        while (!(await Http.GetAsync(new Uri("health/ready", UriKind.Relative))).IsSuccessStatusCode)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task WithinAsync(Task step, string what, RecentLog log)
    {
        try
        {
            await step.WaitAsync(Timeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The host did not {what} within {Timeout}. Its last lines:\n{log}");
        }
    }
}
