using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Secrets;

/// <summary>
/// Encryption of the webhook secrets in the request store. The keys are in the store too, so that all gateways share them. Without a certificate the
/// keys are readable there.
/// </summary>
internal sealed class SecretOptions
{
    /// <summary>
    /// Whether secrets are encrypted. A gateway brings the stored secrets into this form when it starts. Set it to false while gateways of a build
    /// that does not know this setting use the same store: they cannot sign with an encrypted secret.
    /// </summary>
    /// <value>Default true.</value>
    public bool Encrypt { get; set; } = true;

    /// <summary>
    /// PEM file with the certificate that encrypts the keys in the store. Its key must be RSA. All gateways must use the same certificate. If it is lost,
    /// the secrets are unreadable. Empty: the keys are not encrypted.
    /// </summary>
    /// <value>Default empty.</value>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with the private key of <see cref="Certificate"/>.</summary>
    /// <value>Required with a certificate; default empty.</value>
    public string CertificateKey { get; set; } = "";

    /// <summary>PEM file with the certificate used before, to read keys that it encrypted.</summary>
    /// <value>Default empty.</value>
    public string PreviousCertificate { get; set; } = "";

    /// <summary>PEM file with the private key of <see cref="PreviousCertificate"/>.</summary>
    /// <value>Required with a previous certificate; default empty.</value>
    public string PreviousCertificateKey { get; set; } = "";

    /// <summary>Seconds between attempts to read the keys again if a secret was encrypted with an unknown key.</summary>
    /// <value>0.1 to 3,600; default 10.</value>
    [Range(0.1, 3600)]
    public double ReadAgainSeconds { get; set; } = 10;
}
