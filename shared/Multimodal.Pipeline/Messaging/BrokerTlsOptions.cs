namespace Multimodal.Pipeline.Messaging;

/// <summary>TLS between this process and the broker.</summary>
internal sealed class BrokerTlsOptions
{
    /// <summary>Whether connections use TLS. Set the port of the broker's TLS listener too, usually 5671.</summary>
    /// <value>Default false.</value>
    public bool Enabled { get; set; }

    /// <summary>PEM file with the certificates of the authorities that may sign the broker's certificate. Empty: the authorities of the system.</summary>
    /// <value>Default empty.</value>
    public string CaFile { get; set; } = "";

    /// <summary>The name that the broker's certificate must contain. Empty: the host name.</summary>
    /// <value>Default empty.</value>
    public string ServerName { get; set; } = "";

    /// <summary>PEM file with the certificate that this process shows to the broker. Empty: none.</summary>
    /// <value>Default empty.</value>
    public string ClientCertificate { get; set; } = "";

    /// <summary>PEM file with the private key of the client certificate. Empty: it is in the file of the certificate.</summary>
    /// <value>Default empty.</value>
    public string ClientKey { get; set; } = "";
}
