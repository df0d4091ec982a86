using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Bench.Services;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Testing;
using Npgsql;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The connection to a PostgreSQL that requires TLS and client certificates.</summary>
public sealed class DatabaseTlsTests : IAsyncLifetime
{
    private readonly ScratchFolder _folder = ScratchFolder.Shared();
    private readonly CertificateAuthority _authority;
    private readonly PostgresProcess _server;

    public DatabaseTlsTests()
    {
        _authority = new CertificateAuthority(_folder.At("certificates"), TimeProvider.System);
        _server = new PostgresProcess(_folder.At("postgresql"), TimeProvider.System, _authority);
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync(default);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Migrate_OverTls_ChecksTheCertificatesOfBothSides()
    {
        using var other = new CertificateAuthority(_folder.At("other"), TimeProvider.System);
        var right = _server.ConnectionString();

        await MigrateAsync(right);
        var wrongAuthority = await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync(Changed(right, text => text.RootCertificate = other.File)));
        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(Changed(right, text => text.SslMode = SslMode.Disable)));
        await Assert.ThrowsAsync<PostgresException>(() => MigrateAsync(Changed(right, text => (text.SslCertificate, text.SslKey) = (null, null))));

        Assert.Contains("In Multimodal:Store:Postgresql, set Root Certificate to the PEM file of the authority", wrongAuthority.Message, StringComparison.Ordinal);
    }

    private static string Changed(string connection, Action<NpgsqlConnectionStringBuilder> change)
    {
        var text = new NpgsqlConnectionStringBuilder(connection);
        change(text);
        return text.ToString();
    }

    private static async Task MigrateAsync(string connection)
    {
        var options = new StoreOptions { Kind = StoreOptions.Postgres, Postgresql = connection };
        await using var database = new RequestDatabase("", options, TimeProvider.System, NullLogger<RequestDatabase>.Instance);
        await database.MigrateAsync(default);
    }
}
