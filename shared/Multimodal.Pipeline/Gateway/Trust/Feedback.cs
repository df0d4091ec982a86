namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>The true label of one request.</summary>
/// <param name="Label">One of the ensemble's labels.</param>
internal sealed record Feedback(string Label);
