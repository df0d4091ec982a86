using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway;
using Multimodal.Pipeline.Gateway.Clock;
using Multimodal.Pipeline.Messaging.RabbitMq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>The parts of this process, in start order. A part that the process's roles do not use is null.</summary>
internal sealed record PipelineParts(
    StoreStart? Store = null, BrokerLink? Broker = null, GatewayRole? Gateway = null, ClockReference? Reference = null, ClockFollower? Clock = null, CombinerRole? Combiner = null, ExpertRole? Experts = null);
