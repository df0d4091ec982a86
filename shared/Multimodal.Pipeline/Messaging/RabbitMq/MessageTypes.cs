using System.Collections.Frozen;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;

namespace Multimodal.Pipeline.Messaging.RabbitMq;

/// <summary>The AMQP type of each work message. Other versions depend on it, so it must not change when a record is renamed.</summary>
internal static class MessageTypes
{
    private static readonly FrozenDictionary<Type, string> Names = new Dictionary<Type, string>
    {
        [typeof(Fuse)] = "Fuse",
        [typeof(Analyze)] = "Analyze",
        [typeof(ExpertAnswered)] = "ExpertAnswered",
        [typeof(ExpertDeclined)] = "ExpertDeclined",
        [typeof(ExpertReplies)] = "ExpertReplies",
    }.ToFrozenDictionary();

    /// <summary>The AMQP type of a message.</summary>
    /// <exception cref="InvalidOperationException">The record is not a work message.</exception>
    public static string NameOf<T>() => Names.TryGetValue(typeof(T), out var name)
        ? name
        : throw new InvalidOperationException($"{typeof(T)} has no AMQP type. Add it to {nameof(MessageTypes)}.");
}
