using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Messaging;

/// <summary>The broker's address and the type of its queues. All processes must use the same queue settings.</summary>
internal sealed class BrokerOptions
{
    /// <summary>Replicated queues.</summary>
    public const string Quorum = "quorum";

    /// <summary>Queues on a single node.</summary>
    public const string Classic = "classic";

    /// <summary>Host name or address.</summary>
    /// <value>Not empty; default <c>localhost</c>.</value>
    [Required]
    public string Host { get; set; } = "localhost";

    /// <summary>AMQP port.</summary>
    /// <value>1 to 65,535; default 5,672.</value>
    [Range(1, 65_535)]
    public int Port { get; set; } = 5672;

    /// <summary>User name.</summary>
    /// <value>Not empty; default <c>guest</c>, which the broker accepts only from the same machine.</value>
    [Required]
    public string User { get; set; } = "guest";

    /// <summary>Password; never logged.</summary>
    /// <value>Default <c>guest</c>.</value>
    public string Password { get; set; } = "guest";

    /// <summary>Virtual host. Use one per installation to share a broker.</summary>
    /// <value>Not empty; default <c>/</c>.</value>
    [Required]
    public string VirtualHost { get; set; } = "/";

    /// <summary>
    /// The type of the queues for work and results: <c>quorum</c> survives the loss of a node, <c>classic</c> is slightly faster.
    /// </summary>
    /// <value>quorum or classic; default quorum.</value>
    [AllowedValues(Quorum, Classic)]
    public string Queues { get; set; } = Quorum;

    /// <summary>
    /// Redeliveries of one message after which a quorum queue dead-letters it, so that a message that crashes its worker is not retried
    /// forever.
    /// </summary>
    /// <value>1 to 1,000; default 10.</value>
    [Range(1, 1000)]
    public int DeliveryLimit { get; set; } = 10;

    /// <summary>Days for which the dead-letter queue keeps messages.</summary>
    /// <value>1 to 365; default 7.</value>
    [Range(1, 365)]
    public int DeadLetterDays { get; set; } = 7;

    /// <summary>Seconds for which the gateway tries to send an accepted request. After that, the watchdog sends it.</summary>
    /// <value>0.1 to 60; default 5.</value>
    [Range(0.1, 60)]
    public double SendSeconds { get; set; } = 5;

    /// <summary>TLS between this process and the broker.</summary>
    public BrokerTlsOptions Tls { get; set; } = new();
}
