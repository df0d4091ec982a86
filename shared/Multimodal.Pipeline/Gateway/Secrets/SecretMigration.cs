using System.Data.Common;
using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Secrets;

/// <summary>
/// Brings the stored secrets and their keys into the configured form when a gateway starts: encrypts secrets of earlier builds, decrypts secrets for
/// earlier builds, and encrypts keys that were stored without a certificate.
/// </summary>
internal sealed partial class SecretMigration(
    RequestDatabase database, SecretProtector protector, SecretOptions options, ILoggerFactory loggers, ILogger<SecretMigration> logger)
{
    private static readonly XNamespace Protection = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Converts what has another form. One gateway runs it at a time, so that two gateways do not create the first key at once.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => database.ExclusiveAsync(RunAsync, cancellationToken);

    private async Task RunAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await EncryptKeysAsync(connection);
        var converted = 0;
        var pattern = SecretProtector.Prefix + "%";
        var filter = options.Encrypt ? "secret NOT LIKE @pattern" : "secret LIKE @pattern";
        var rows = await connection.QueryAsync<(string Tenant, string Name, string Secret)>(
            new CommandDefinition($"SELECT tenant, name, secret FROM subscriptions WHERE {filter}", new { pattern }, cancellationToken: cancellationToken));
        foreach (var (tenant, name, stored) in rows)
        {
            if (protector.TryRead(tenant, name, stored) is { } secret)
            {
                converted += await connection.ExecuteAsync(
                    "UPDATE subscriptions SET secret = @changed WHERE tenant = @tenant AND name = @name AND secret = @stored",
                    new { tenant, name, stored, changed = protector.Write(tenant, name, secret) });
            }
        }

        if (converted > 0)
        {
            LogConverted(converted, options.Encrypt ? "encrypted" : "stored without encryption");
        }
    }

    private async Task EncryptKeysAsync(DbConnection connection)
    {
        if (KeyCertificates.Current(options) is not { } certificate)
        {
            return;
        }

        var encryptor = new CertificateXmlEncryptor(certificate, loggers);
        foreach (var (name, xml) in await connection.QueryAsync<(string Name, string Xml)>("SELECT name, xml FROM protection_keys"))
        {
            var key = XElement.Parse(xml);
            var plain = key.Descendants().Where(element => (bool?)element.Attribute(Protection + "requiresEncryption") == true).ToList();
            foreach (var element in plain)
            {
                var encrypted = encryptor.Encrypt(element);
                element.ReplaceWith(new XElement(
                    Protection + "encryptedSecret", new XAttribute("decryptorType", encrypted.DecryptorType.AssemblyQualifiedName!), encrypted.EncryptedElement));
            }

            if (plain.Count > 0)
            {
                await connection.ExecuteAsync(
                    "UPDATE protection_keys SET xml = @changed WHERE name = @name", new { name, changed = key.ToString(SaveOptions.DisableFormatting) });
                LogKeyEncrypted(name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} webhook secrets of an earlier build or setting are now {Form}.")]
    private partial void LogConverted(int count, string form);

    [LoggerMessage(Level = LogLevel.Information, Message = "The protection key {Name} is now encrypted with the configured certificate.")]
    private partial void LogKeyEncrypted(string name);
}
