namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>What recording a result came to.</summary>
internal enum Completion
{
    /// <summary>There was a result already, or no such request.</summary>
    Repeat,

    /// <summary>It is recorded.</summary>
    First,

    /// <summary>It is recorded, and there is a subscription that wants it.</summary>
    FirstAndWanted,
}
