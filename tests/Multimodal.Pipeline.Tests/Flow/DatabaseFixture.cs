using System.Globalization;
using Multimodal.Bench.Services;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A private PostgreSQL for the whole test run.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    /// <summary>The collection's name.</summary>
    public const string Name = "database";

    private readonly ScratchFolder _folder = new();
    private readonly PostgresProcess _server;
    private int _databases;

    public DatabaseFixture() => _server = new PostgresProcess(_folder.Path, TimeProvider.System);

    public async ValueTask InitializeAsync() => await _server.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Returns a connection string with a separate schema for one test.</summary>
    public string NewDatabase() => _server.ConnectionString(string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}"));
}
