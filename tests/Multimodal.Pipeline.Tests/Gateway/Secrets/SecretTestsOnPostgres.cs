using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Tests.Flow;

namespace Multimodal.Pipeline.Tests.Gateway.Secrets;

/// <summary>PostgreSQL.</summary>
[Collection(DatabaseFixture.Name)]
public sealed class SecretTestsOnPostgres(DatabaseFixture database) : SecretScenarios(database.NewDatabase())
{
    [Fact]
    public async Task Migrate_ManyGatewaysAtOnce_CreateOneKey()
    {
        var plain = Secrets(new SecretOptions { Encrypt = false });
        foreach (var number in Enumerable.Range(0, 20))
        {
            await AddAsync(plain, $"hook{number}");
        }

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => MigrateAsync(new SecretOptions()))));

        Assert.Equal(1, await KeysAsync());
        foreach (var number in Enumerable.Range(0, 20))
        {
            Assert.Equal(Plain, await ReadAsync(Secrets(), $"hook{number}"));
        }
    }
}
