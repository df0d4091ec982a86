using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Messaging;

/// <summary>Where the broker is and how its queues are made. All processes must agree on the queues.</summary>
internal sealed class BrokerOptions
{
    /// <summary>Queues replicated by Raft.</summary>
    public const string Quorum = "quorum";

    /// <summary>Queues on one node.</summary>
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
    /// <value>Not empty; default <c>guest</c>, which the broker takes from the same machine only.</value>
    [Required]
    public string User { get; set; } = "guest";

    /// <summary>Password; never logged.</summary>
    /// <value>Default <c>guest</c>.</value>
    public string Password { get; set; } = "guest";

    /// <summary>Virtual host: separates installations on one broker.</summary>
    /// <value>Not empty; default <c>/</c>.</value>
    [Required]
    public string VirtualHost { get; set; } = "/";

    /// <summary>How work and results are queued: <c>quorum</c> survives the loss of a node, <c>classic</c> is a little faster.</summary>
    /// <value>quorum or classic; default quorum.</value>
    [AllowedValues(Quorum, Classic)]
    public string Queues { get; set; } = Quorum;

    /// <summary>Further deliveries of one message after which a quorum queue dead-letters it: what kills every worker must not do so for ever.</summary>
    /// <value>1 to 1,000; default 10.</value>
    [Range(1, 1000)]
    public int DeliveryLimit { get; set; } = 10;

    /// <summary>Days that the queue of dead letters keeps them.</summary>
    /// <value>1 to 365; default 7.</value>
    [Range(1, 365)]
    public int DeadLetterDays { get; set; } = 7;

    /// <summary>Seconds that the gateway tries to send an accepted request; after that the watchdog sends it.</summary>
    /// <value>0.1 to 60; default 5.</value>
    [Range(0.1, 60)]
    public double SendSeconds { get; set; } = 5;
}
