using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Gateway.Secrets;

/// <summary>
/// Encrypts and decrypts the webhook secrets with ASP.NET Data Protection. A stored secret is bound to its subscription: copied to another, it is
/// unreadable. Secrets of earlier builds are stored as they are, and are read too.
/// </summary>
internal sealed partial class SecretProtector(KeyTable keys, SecretOptions options, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>The start of an encrypted secret. A plain one starts with <c>whsec_</c>.</summary>
    public const string Prefix = "dp1:";

    private readonly ILogger _logger = loggers.CreateLogger<SecretProtector>();
    private readonly Lock _lock = new();
    private IDataProtectionProvider? _provider;
    private long _readAt;

    /// <summary>Whether a stored secret is encrypted.</summary>
    public static bool IsEncrypted(string stored) => stored.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Converts a secret to its stored form.</summary>
    public string Write(string tenant, string subscription, string secret) =>
        options.Encrypt ? Prefix + For(Provider(), tenant, subscription).Protect(secret) : secret;

    /// <summary>Reads a stored secret.</summary>
    /// <returns>Null if it cannot be decrypted, which is logged.</returns>
    public string? TryRead(string tenant, string subscription, string stored)
    {
        if (!IsEncrypted(stored))
        {
            return stored;
        }

        var provider = Provider();
        try
        {
            return For(provider, tenant, subscription).Unprotect(stored[Prefix.Length..]);
        }
        catch (CryptographicException exception)
        {
            // Another gateway may have created a key since this one read them.
            return TryReload(provider) is { } reloaded ? TryReadAgain(reloaded, tenant, subscription, stored) : Unreadable(exception, tenant, subscription);
        }
    }

    private string? TryReadAgain(IDataProtectionProvider provider, string tenant, string subscription, string stored)
    {
        try
        {
            return For(provider, tenant, subscription).Unprotect(stored[Prefix.Length..]);
        }
        catch (CryptographicException exception)
        {
            return Unreadable(exception, tenant, subscription);
        }
    }

    private string? Unreadable(CryptographicException exception, string tenant, string subscription)
    {
        LogUnreadable(exception, tenant, subscription, exception.Message);
        return null;
    }

    private static IDataProtector For(IDataProtectionProvider provider, string tenant, string subscription) =>
        provider.CreateProtector("webhook-secret", tenant, subscription);

    private IDataProtectionProvider Provider()
    {
        lock (_lock)
        {
            return _provider ??= Create();
        }
    }

    private IDataProtectionProvider? TryReload(IDataProtectionProvider used)
    {
        lock (_lock)
        {
            if (_provider != used)
            {
                return _provider;
            }

            return time.GetElapsedTime(_readAt) < TimeSpan.FromSeconds(options.ReadAgainSeconds) ? null : _provider = Create();
        }
    }

    /// <summary>
    /// The services of Data Protection are not added to the host's, because those read the keys when the host starts, before the table exists.
    /// </summary>
    private IDataProtectionProvider Create()
    {
        _readAt = time.GetTimestamp();
        var services = new ServiceCollection();
        services.AddSingleton(loggers);

        // The name is part of the encryption. By default it is the folder of the program, which differs between hosts.
        var protection = services.AddDataProtection().SetApplicationName("Multimodal");
        services.Configure<KeyManagementOptions>(management => management.XmlRepository = keys);
        if (KeyCertificates.Current(options) is { } certificate)
        {
            protection.ProtectKeysWithCertificate(certificate);
        }

        protection.UnprotectKeysWithAnyCertificate([.. KeyCertificates.All(options)]);
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhook secret of subscription {Subscription} of tenant {Tenant} cannot be decrypted, so its results are not posted: {Reason} Configure the certificate that encrypted the keys (Multimodal:Secrets:PreviousCertificate), or delete the subscription and create it again.")]
    private partial void LogUnreadable(Exception exception, string tenant, string subscription, string reason);
}
