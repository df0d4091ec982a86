using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Bench.Services;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Gateway.Store;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Secrets;

/// <summary>The encryption of webhook secrets on every database.</summary>
public abstract class SecretScenarios(string? postgresql) : StoreScenarios(postgresql)
{
    private protected const string Plain = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task Add_Webhook_IsEncryptedInTheStoreAndPlainForEveryGateway()
    {
        await AddAsync(Secrets(), "hook");

        Assert.StartsWith("dp1:", await StoredAsync("hook"), StringComparison.Ordinal);
        Assert.DoesNotContain(Plain, await StoredAsync("hook"), StringComparison.Ordinal);
        Assert.Equal(Plain, await ReadAsync(Secrets(), "hook"));
        Assert.Equal(1, await KeysAsync());
    }

    [Fact]
    public async Task Read_CopiedToAnotherSubscription_IsUnreadableAndLogged()
    {
        using var log = new RecentLog();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(log));
        await AddAsync(Secrets(), "hook");

        Assert.Null(Secrets(loggers: loggers).TryRead("tenant", "other", await StoredAsync("hook")));
        Assert.Contains("webhook secret of subscription other of tenant tenant cannot be decrypted", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("delete the subscription and create it again", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_PlainSecret_IsEncryptedAndBack()
    {
        var off = new SecretOptions { Encrypt = false };
        await AddAsync(Secrets(off), "hook");
        Assert.Equal(Plain, await StoredAsync("hook"));

        await MigrateAsync(new SecretOptions());
        Assert.StartsWith("dp1:", await StoredAsync("hook"), StringComparison.Ordinal);
        Assert.Equal(Plain, await ReadAsync(Secrets(), "hook"));

        await MigrateAsync(off);
        Assert.Equal(Plain, await StoredAsync("hook"));
    }

    [Fact]
    public async Task Migrate_CertificateConfiguredLater_EncryptsTheKeysAndOnlyItReadsThem()
    {
        using var folder = new ScratchFolder();
        using var authority = new CertificateAuthority(folder.Path, TimeProvider.System);
        var options = With(authority.IssueServer("first"));
        await AddAsync(Secrets(), "hook");
        Assert.Contains("<value>", await KeyAsync(), StringComparison.Ordinal);

        await MigrateAsync(options);

        Assert.DoesNotContain("<value>", await KeyAsync(), StringComparison.Ordinal);
        Assert.Equal(Plain, await ReadAsync(Secrets(options), "hook"));
        Assert.Null(await ReadAsync(Secrets(With(authority.IssueServer("stranger"))), "hook"));
    }

    [Fact]
    public async Task Read_CertificateReplaced_ThePreviousOneReads()
    {
        using var folder = new ScratchFolder();
        using var authority = new CertificateAuthority(folder.Path, TimeProvider.System);
        var (first, second) = (authority.IssueServer("first"), authority.IssueServer("second"));
        await AddAsync(Secrets(With(first)), "hook");
        Assert.DoesNotContain("<value>", await KeyAsync(), StringComparison.Ordinal);

        var replaced = With(second);
        (replaced.PreviousCertificate, replaced.PreviousCertificateKey) = first;

        Assert.Equal(Plain, await ReadAsync(Secrets(replaced), "hook"));
    }

    [Fact]
    public async Task Migrate_UnusableCertificate_NamesTheSetting()
    {
        using var folder = new ScratchFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var elliptic = new CertificateRequest("CN=elliptic", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(folder.At("ec.pem"), elliptic.ExportCertificatePem());
        File.WriteAllText(folder.At("ec.key"), key.ExportPkcs8PrivateKeyPem());

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync(With((folder.At("none.pem"), folder.At("none.key")))));
        var unsuitable = await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync(With((folder.At("ec.pem"), folder.At("ec.key")))));

        Assert.Contains("Multimodal:Secrets:Certificate and Multimodal:Secrets:CertificateKey must name readable PEM files", missing.Message, StringComparison.Ordinal);
        Assert.Contains("has no RSA key", unsuitable.Message, StringComparison.Ordinal);
    }

    private protected Task MigrateAsync(SecretOptions options) =>
        new SecretMigration(Database, Secrets(options), options, NullLoggerFactory.Instance, NullLogger<SecretMigration>.Instance).RunAsync(default);

    private protected async Task AddAsync(SecretProtector secrets, string name)
    {
        var subscription = new Subscription
        {
            Tenant = "tenant",
            Name = name,
            KindText = "webhook",
            StatusList = "",
            ExpiresSeconds = 60,
            Secret = Plain,
            CreatedAt = 1,
            ExpiresAt = long.MaxValue,
        };
        Assert.True(await new SubscriptionStore(Database, Writer, secrets).AddAsync(subscription, 100));
    }

    private protected async Task<string?> ReadAsync(SecretProtector secrets, string name) =>
        (await new SubscriptionStore(Database, Writer, secrets).FindAsync("tenant", name, default))!.Secret;

    private protected async Task<long> KeysAsync() => await QueryAsync<long>("SELECT COUNT(*) FROM protection_keys");

    private static SecretOptions With((string Certificate, string Key) files) => new() { Certificate = files.Certificate, CertificateKey = files.Key };

    private Task<string> StoredAsync(string name) => QueryAsync<string>($"SELECT secret FROM subscriptions WHERE name = '{name}'");

    private Task<string> KeyAsync() => QueryAsync<string>("SELECT xml FROM protection_keys");

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await Database.OpenAsync(default);
        return await connection.QuerySingleAsync<T>(sql);
    }
}
