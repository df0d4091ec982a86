using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Messaging;

/// <summary>How the parts of the pipeline reach each other.</summary>
internal sealed class TransportOptions
{
    /// <summary>Queues inside one process.</summary>
    public const string InMemory = "in-memory";

    /// <summary>RabbitMQ, for any number of processes.</summary>
    public const string RabbitMq = "rabbitmq";

    /// <summary>Which transport: <c>in-memory</c> needs everything in one process, <c>rabbitmq</c> a broker.</summary>
    /// <value>in-memory or rabbitmq; default in-memory.</value>
    [AllowedValues(InMemory, RabbitMq)]
    public string Kind { get; set; } = InMemory;

    /// <summary>
    /// What requests of low priority get beside the others: this share of a combiner's and of an expert's concurrency, at least one, and of the places
    /// in a gateway.
    /// </summary>
    /// <value>0.01 to 1; default 0.25.</value>
    [Range(0.01, 1)]
    public double LowShare { get; set; } = 0.25;

    /// <summary>The broker; used with <c>rabbitmq</c> only.</summary>
    [ValidateObjectMembers]
    public BrokerOptions Broker { get; set; } = new();

    /// <summary>The most messages of a priority handled at once.</summary>
    /// <param name="priority">Which queue.</param>
    /// <param name="concurrency">What the normal ones get.</param>
    public int Concurrency(Priority priority, int concurrency) => priority == Priority.Low ? Math.Max(1, (int)(concurrency * LowShare)) : concurrency;

    /// <summary>Whether other processes take part.</summary>
    public bool IsShared => Kind == RabbitMq;
}
