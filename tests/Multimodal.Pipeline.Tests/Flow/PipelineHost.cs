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

/// <summary>The whole service on a free port, as in production but for the experts.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _isDisposed;

    private PipelineHost(WebApplication app)
    {
        _app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<PipelineHost> StartAsync(string dataFolder, IReadOnlyList<ScriptedExpert> experts, params (string Key, string Value)[] settings) =>
        await StartAsync(dataFolder, new ScriptedEnsemble(experts), settings);

    /// <summary>Starts it with the bundled models.</summary>
    public static async Task<PipelineHost> StartAsync(string dataFolder, params (string Key, string Value)[] settings) =>
        await StartAsync(dataFolder, ensembles: null, settings);

    public static async Task<PipelineHost> StartAsync(string dataFolder, IEnsembleSource? ensembles, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Multimodal:DataFolder"] = dataFolder,
            ["Multimodal:Hosting:DrainSeconds"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (ensembles is not null)
        {
            builder.Services.AddSingleton(ensembles);
        }

        builder.AddMultimodal();
        var app = builder.Build();
        app.MapMultimodal();
        await app.StartAsync();
        var host = new PipelineHost(app);
        while (!(await host.Http.GetAsync("health/ready")).IsSuccessStatusCode)
        {
            await Task.Yield();
        }

        return host;
    }

    /// <summary>Stops it; what it accepted and did not finish stays in its data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
