using Dapper;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Stores the subscriptions of all tenants in the request database, with encrypted secrets.</summary>
internal sealed class SubscriptionStore(RequestDatabase database, GroupedWriter writer, SecretProtector secrets)
{
    private const string Columns = """
        tenant AS Tenant, name AS Name, kind AS KindText, statuses AS StatusList, expires_seconds AS ExpiresSeconds,
        max_length AS MaxLength, url AS Url, secret AS Secret, created_at AS CreatedAt, expires_at AS ExpiresAt
        """;

    /// <summary>Stores a subscription, unless its name exists or the tenant has reached the maximum.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="max">Maximum number of subscriptions per tenant.</param>
    /// <returns>Whether it was stored.</returns>
    public async Task<bool> AddAsync(Subscription subscription, int max) => await WriteAsync(
        """
        INSERT INTO subscriptions (tenant, name, kind, statuses, expires_seconds, max_length, url, secret, created_at, expires_at)
        SELECT @Tenant, @Name, @KindText, @StatusList, @ExpiresSeconds, @MaxLength, @Url, @Secret, @CreatedAt, @ExpiresAt
        WHERE (SELECT COUNT(*) FROM subscriptions WHERE tenant = @Tenant) < @max
        ON CONFLICT DO NOTHING
        """,
        Arguments(Encrypted(subscription), max)) == 1;

    /// <summary>Finds a tenant's subscription.</summary>
    public async Task<Subscription?> FindAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await QueryAsync("tenant = @tenant AND name = @name", new { tenant, name }, cancellationToken) is [var found, ..] ? found : null;

    /// <summary>Lists a tenant's subscriptions by name.</summary>
    public Task<IReadOnlyList<Subscription>> ListAsync(string tenant, CancellationToken cancellationToken) =>
        QueryAsync("tenant = @tenant ORDER BY name", new { tenant }, cancellationToken);

    /// <summary>Finds subscriptions of all tenants that expire before the given time.</summary>
    public Task<IReadOnlyList<Subscription>> ExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        QueryAsync("expires_at < @before", new { before = before.ToUnixTimeMilliseconds() }, cancellationToken);

    /// <summary>Records a use: the expiry time restarts.</summary>
    public Task RenewAsync(string tenant, string name, DateTimeOffset now) => WriteAsync(
        "UPDATE subscriptions SET expires_at = @now + expires_seconds * 1000 WHERE tenant = @tenant AND name = @name",
        new { tenant, name, now = now.ToUnixTimeMilliseconds() });

    /// <summary>Deletes a subscription as it was read, with its deliveries.</summary>
    /// <returns>False if it was deleted or renewed since it was read.</returns>
    public Task<bool> RemoveAsync(Subscription subscription) => writer.RunAsync(async transaction =>
    {
        var arguments = new { subscription.Tenant, subscription.Name, subscription.ExpiresAt };
        if (await transaction.Connection!.ExecuteAsync(
            "DELETE FROM subscriptions WHERE tenant = @Tenant AND name = @Name AND expires_at = @ExpiresAt", arguments, transaction) == 0)
        {
            return false;
        }

        await transaction.Connection!.ExecuteAsync("DELETE FROM deliveries WHERE tenant = @Tenant AND subscription = @Name", arguments, transaction);
        return true;
    });

    private Subscription Encrypted(Subscription subscription) => subscription.Secret is { } secret
        ? subscription with { Secret = secrets.Write(subscription.Tenant, subscription.Name, secret) }
        : subscription;

    private Subscription Decrypted(Subscription subscription) => subscription.Secret is { } stored
        ? subscription with { Secret = secrets.TryRead(subscription.Tenant, subscription.Name, stored) }
        : subscription;

    private static DynamicParameters Arguments(Subscription subscription, int max)
    {
        var arguments = new DynamicParameters(subscription);
        arguments.Add("max", max);
        return arguments;
    }

    private Task<int> WriteAsync(string sql, object arguments) =>
        writer.RunAsync(transaction => transaction.Connection!.ExecuteAsync(sql, arguments, transaction));

    private async Task<IReadOnlyList<Subscription>> QueryAsync(string where, object arguments, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition($"SELECT {Columns} FROM subscriptions WHERE {where}", arguments, cancellationToken: cancellationToken);
        return [.. (await database.ReadAsync(connection => connection.QueryAsync<Subscription>(command), cancellationToken)).Select(Decrypted)];
    }
}
