using System.Globalization;
using Multimodal.Bench.Services;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A private broker for the whole test run. Each test has its own virtual host.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    /// <summary>The collection's name.</summary>
    public const string Name = "broker";

    private readonly ScratchFolder _folder = new();
    private readonly BrokerProcess _broker;
    private int _tests;

    public BrokerFixture() => _broker = new BrokerProcess(_folder.Path, TimeProvider.System);

    /// <summary>The broker itself.</summary>
    internal BrokerProcess Process => _broker;

    public async ValueTask InitializeAsync() => await _broker.StartAsync(CancellationToken.None);


    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A transport for one test.</summary>
    public TestTransport NewTransport() =>
        new Shared(_broker, string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref _tests)}"));

    private sealed class Shared(BrokerProcess broker, string virtualHost) : TestTransport
    {
        private bool _isMade;

        public override bool IsShared => true;

        public override async Task<IReadOnlyList<(string Key, string Value)>> SettingsAsync()
        {
            if (!_isMade)
            {
                await broker.AddVirtualHostAsync(virtualHost, CancellationToken.None);
                _isMade = true;
            }

            return [.. broker.Settings.Select(setting => (setting.Key, setting.Value)), ("Multimodal:Transport:Broker:VirtualHost", virtualHost)];
        }
    }
}
