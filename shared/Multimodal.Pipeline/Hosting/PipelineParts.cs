using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>The parts of this process; those that its role does not need are null.</summary>
internal sealed record PipelineParts(
    RequestDatabase? Database = null, BrokerLink? Broker = null, GatewayRole? Gateway = null, CombinerRole? Combiner = null, ExpertRole? Experts = null);
