using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Multimodal.Pipeline.Hosting.Server;

/// <summary>
/// Tells Kestrel that a connection speaks HTTP/2. Kestrel has no public setting for it, but it asks the features of TLS which protocol was negotiated.
/// The scheme of the requests stays the one that they state, because <c>AllowAlternateSchemes</c> is set.
/// </summary>
internal sealed class NegotiatedHttp2 : ITlsApplicationProtocolFeature, ITlsConnectionFeature
{
    private static readonly byte[] Name = Encoding.ASCII.GetBytes("h2");

    public ReadOnlyMemory<byte> ApplicationProtocol => Name;

    public X509Certificate2? ClientCertificate { get; set; }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult(ClientCertificate);
}
