using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Multimodal.Pipeline.Gateway.Secrets;

/// <summary>The configured certificates that encrypt the keys in the store.</summary>
internal static class KeyCertificates
{
    private const string Section = "Multimodal:Secrets";

    /// <summary>The certificate that encrypts; null if none is configured.</summary>
    /// <exception cref="InvalidOperationException">It cannot be used; the message names the setting.</exception>
    public static X509Certificate2? Current(SecretOptions options) =>
        Read(nameof(SecretOptions.Certificate), options.Certificate, nameof(SecretOptions.CertificateKey), options.CertificateKey);

    /// <summary>The certificates that decrypt.</summary>
    /// <exception cref="InvalidOperationException">One cannot be used; the message names the setting.</exception>
    public static IReadOnlyList<X509Certificate2> All(SecretOptions options) =>
    [
        .. new[]
        {
            Current(options),
            Read(nameof(SecretOptions.PreviousCertificate), options.PreviousCertificate, nameof(SecretOptions.PreviousCertificateKey), options.PreviousCertificateKey),
        }.OfType<X509Certificate2>(),
    ];

    private static X509Certificate2? Read(string setting, string certificate, string keySetting, string key)
    {
        if (certificate.Length == 0)
        {
            return null;
        }

        try
        {
            var read = X509Certificate2.CreateFromPemFile(certificate, key.Length == 0 ? null : key);
            return read.GetRSAPrivateKey() is not null
                ? read
                : throw new InvalidOperationException($"{Section}:{setting}: {certificate} has no RSA key. Create a certificate with an RSA key of at least 2048 bits.");
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{Section}:{setting} and {Section}:{keySetting} must name readable PEM files with a certificate and its private key: {exception.Message}", exception);
        }
    }
}
