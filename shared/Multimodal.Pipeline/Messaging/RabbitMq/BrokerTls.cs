using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>TLS to the broker: checks its certificate, and explains why a connection fails.</summary>
internal static class BrokerTls
{
    private const string Section = "Multimodal:Transport:Broker";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The client library's option for the settings.</summary>
    /// <exception cref="InvalidOperationException">A file cannot be used; the message names the setting.</exception>
    public static SslOption OptionFor(BrokerOptions options)
    {
        var tls = options.Tls;
        if (!tls.Enabled)
        {
            return new SslOption();
        }

        var name = tls.ServerName.Length > 0 ? tls.ServerName : options.Host;
        var authorities = tls.CaFile.Length > 0 ? Read(nameof(tls.CaFile), () => Authorities(tls.CaFile)) : null;
        var option = new SslOption
        {
            Enabled = true,
            ServerName = name,
            CertificateValidationCallback = (_, certificate, chain, errors) => Accept(certificate, chain, errors, (name, tls.CaFile, authorities)),
        };
        if (tls.ClientCertificate.Length > 0)
        {
            option.Certs = [Read(nameof(tls.ClientCertificate), () => ClientCertificate(tls))];
        }

        return option;
    }

    /// <summary>The reason and the way out, if a connection failed because of TLS.</summary>
    /// <returns>Null for another failure.</returns>
    public static string? ReasonOf(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is RefusedException)
            {
                return inner.Message;
            }

            if (inner is AuthenticationException)
            {
                return $"{inner.Message} Check that {Section}:Port is the port of the broker's TLS listener, usually 5671.";
            }
        }

        return null;
    }

    private static bool Accept(
        X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors, (string Name, string CaFile, X509Certificate2Collection? Authorities) expected)
    {
        if (shown is null)
        {
            throw new RefusedException("The broker showed no certificate.");
        }

        using var certificate = new X509Certificate2(shown);
        var problem = expected.Authorities is null
            ? errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? Text(chain) : null
            : ProblemOf(certificate, chain, expected.Authorities);
        if (problem is not null)
        {
            var known = expected.Authorities is null ? "the authorities of the system" : $"the authorities in {expected.CaFile}";
            throw new RefusedException(
                $"The broker's certificate ({certificate.Subject}) is not accepted by {known}: {problem} Set {Section}:Tls:CaFile to the PEM file of the authority that signed it.");
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? throw new RefusedException(
                $"The broker's certificate is for {Names(certificate)}, not for {expected.Name}. Set {Section}:Host or {Section}:Tls:ServerName to a name in the certificate.")
            : true;
    }

    private static string? ProblemOf(X509Certificate2 certificate, X509Chain? shown, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate) ? null : Text(chain);
    }

    private static string Text(X509Chain? chain) =>
        string.Join(' ', (chain?.ChainStatus ?? []).Select(status => status.StatusInformation.TrimEnd('.') + ".").Distinct());

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString()))).ToArray();
        return names.Length > 0 ? string.Join(", ", names) : certificate.Subject;
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{file} contains no certificate.");
    }

    private static X509Certificate2 ClientCertificate(BrokerTlsOptions tls)
    {
        var certificate = X509Certificate2.CreateFromPemFile(tls.ClientCertificate, tls.ClientKey.Length > 0 ? tls.ClientKey : null);

        // On Windows, TLS cannot use a key that exists in memory only.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null) : certificate;
    }

    private static T Read<T>(string setting, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{Section}:Tls:{setting} must name a readable PEM file: {exception.Message}", exception);
        }
    }

    /// <summary>The broker's certificate is not accepted. Its message is complete.</summary>
    private sealed class RefusedException(string message) : AuthenticationException(message);
}
