using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Pipeline.Messaging;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting;

/// <summary>All settings, under <c>Multimodal</c> (environment variables <c>Multimodal__...</c>).</summary>
internal sealed class MultimodalOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Multimodal";

    /// <summary>The folder of the request database and the payloads; relative to the working folder.</summary>
    /// <value>Not empty; default <c>data</c>.</value>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>The folder with one subfolder per ensemble. Empty: <c>models</c> next to the program, or in a parent folder.</summary>
    /// <value>Default empty.</value>
    public string ModelsFolder { get; set; } = "";

    /// <summary>The ensemble of a request that names none.</summary>
    /// <value>Not empty; default <c>digits</c>.</value>
    [Required]
    public string DefaultEnsemble { get; set; } = "digits";

    /// <summary>The HTTP API.</summary>
    [ValidateObjectMembers]
    public HttpOptions Http { get; set; } = new();

    /// <summary>The gateway's limits and defaults.</summary>
    [ValidateObjectMembers]
    public GatewayOptions Gateway { get; set; } = new();

    /// <summary>The cache of answers.</summary>
    [ValidateObjectMembers]
    public CacheOptions Cache { get; set; } = new();

    /// <summary>The API keys, by a name that the operator chooses.</summary>
    public Dictionary<string, KeyOptions> Keys { get; } = [];

    /// <summary>Reloading of the ensembles' files while the service runs.</summary>
    [ValidateObjectMembers]
    public EnsembleOptions Ensembles { get; set; } = new();

    /// <summary>The execution of experts.</summary>
    [ValidateObjectMembers]
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>The transport between gateways, combiners and experts.</summary>
    [ValidateObjectMembers]
    public TransportOptions Transport { get; set; } = new();

    /// <summary>The request store.</summary>
    [ValidateObjectMembers]
    public StoreOptions Store { get; set; } = new();

    /// <summary>The encryption of secrets in the request store.</summary>
    [ValidateObjectMembers]
    public SecretOptions Secrets { get; set; } = new();

    /// <summary>The agreement of the processes on the time.</summary>
    [ValidateObjectMembers]
    public ClockOptions Clock { get; set; } = new();

    /// <summary>The store of payloads.</summary>
    [ValidateObjectMembers]
    public BlobOptions Blobs { get; set; } = new();

    /// <summary>Expert workers.</summary>
    [ValidateObjectMembers]
    public ExpertOptions Experts { get; set; } = new();

    /// <summary>The combiner.</summary>
    [ValidateObjectMembers]
    public CombinerOptions Combiner { get; set; } = new();

    /// <summary>Learning from feedback.</summary>
    [ValidateObjectMembers]
    public TrustOptions Online { get; set; } = new();

    /// <summary>Subscriptions of clients.</summary>
    [ValidateObjectMembers]
    public SubscriptionOptions Subscriptions { get; set; } = new();

    /// <summary>Delivery of results to webhooks.</summary>
    [ValidateObjectMembers]
    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>Server-sent events.</summary>
    [ValidateObjectMembers]
    public EventOptions Events { get; set; } = new();

    /// <summary>Start and shutdown of the process.</summary>
    [ValidateObjectMembers]
    public HostingOptions Hosting { get; set; } = new();

    /// <summary>Metrics, traces and logs.</summary>
    [ValidateObjectMembers]
    public TelemetryOptions Telemetry { get; set; } = new();
}
