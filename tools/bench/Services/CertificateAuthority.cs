using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Multimodal.Bench.Services;

/// <summary>A certificate authority for one run. Its certificates and their keys are PEM files in a folder.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromDays(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);
    private readonly string _folder;
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _from;

    /// <param name="folder">Folder of the files.</param>
    /// <param name="time">The clock.</param>
    public CertificateAuthority(string folder, TimeProvider time)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _from = time.GetUtcNow() - Early;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Multimodal test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(_from, _from + Life);
        File = Write("ca.pem", _certificate.ExportCertificatePem());
        Client = Issue("client", []);
    }

    /// <summary>The authority's certificate.</summary>
    public string File { get; }

    /// <summary>A certificate for clients.</summary>
    public (string Certificate, string Key) Client { get; }

    /// <summary>Issues a certificate for a server.</summary>
    /// <param name="name">Name of the files.</param>
    /// <param name="hosts">Host names and IP addresses; by default those of this machine.</param>
    public (string Certificate, string Key) IssueServer(string name, params string[] hosts) => Issue(name, hosts.Length > 0 ? hosts : ["localhost", "127.0.0.1"]);

    /// <summary>Whether a server's certificate is from this authority and has the expected name, for clients that take a callback.</summary>
    public bool Accepts(object sender, X509Certificate? shown, X509Chain? _, SslPolicyErrors errors)
    {
        if (shown is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }

        using var certificate = new X509Certificate2(shown);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>Reads the client certificate with its key.</summary>
    public X509Certificate2 ReadClient() => X509Certificate2.CreateFromPemFile(Client.Certificate, Client.Key);

    public void Dispose() => _certificate.Dispose();

    private (string Certificate, string Key) Issue(string name, string[] hosts)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        if (hosts.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var host in hosts)
            {
                if (IPAddress.TryParse(host, out var address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }

            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(_certificate, _from, _from + Life, RandomNumberGenerator.GetBytes(16));
        return (Write(name + ".pem", certificate.ExportCertificatePem()), Write(name + ".key", key.ExportPkcs8PrivateKeyPem(), isSecret: true));
    }

    private string Write(string name, string text, bool isSecret = false)
    {
        var file = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(file, text);
        if (isSecret && !OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }
}
