namespace Multimodal.Contracts.Values;

/// <summary>How a request's messages queue: each priority has queues of its own, so that what can wait is never in front of what cannot.</summary>
public enum Priority
{
    /// <summary>Somebody waits.</summary>
    Normal,

    /// <summary>Work in the background: it has a small share of every process to itself, and is refused first.</summary>
    Low,
}
