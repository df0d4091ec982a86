using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>The transport between gateways, combiners and experts.</summary>
internal sealed class TransportOptions
{
    /// <summary>Queues in memory, for a single process.</summary>
    public const string InMemory = "in-memory";

    /// <summary>RabbitMQ, for any number of processes.</summary>
    public const string RabbitMq = "rabbitmq";

    /// <summary>
    /// The transport: <c>in-memory</c> for a single process with all roles, <c>rabbitmq</c> for several processes and a broker.
    /// </summary>
    /// <value>in-memory or rabbitmq; default in-memory.</value>
    [AllowedValues(InMemory, RabbitMq)]
    public string Kind { get; set; } = InMemory;

    /// <summary>
    /// The share reserved for low-priority requests: of the concurrency of a combiner and of an expert (at least 1), and of the in-flight limit
    /// of a gateway.
    /// </summary>
    /// <value>0.01 to 1; default 0.25.</value>
    [Range(0.01, 1)]
    public double LowShare { get; set; } = 0.25;

    /// <summary>The broker; used only with <c>rabbitmq</c>.</summary>
    [ValidateObjectMembers]
    public BrokerOptions Broker { get; set; } = new();

    /// <summary>The maximum number of messages of a priority that are handled at once.</summary>
    /// <param name="priority">The priority.</param>
    /// <param name="concurrency">The maximum for normal priority.</param>
    public int Concurrency(Priority priority, int concurrency) => priority == Priority.Low ? Math.Max(1, (int)(concurrency * LowShare)) : concurrency;

    /// <summary>Whether several processes form the pipeline.</summary>
    public bool IsShared => Kind == RabbitMq;
}
