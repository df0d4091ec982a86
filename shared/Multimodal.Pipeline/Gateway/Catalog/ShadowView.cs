namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>One expert in shadow.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Share">Share of the requests about which it is asked.</param>
/// <param name="Opinions">What it said, of the tenant's requests that the store remembers.</param>
/// <param name="Late">Of these, opinions that came after the answer.</param>
/// <param name="Agreed">Opinions that favour the answer's label.</param>
/// <param name="Feedbacks">Opinions on requests whose truth is known.</param>
/// <param name="Right">Of these, those that favour the truth.</param>
/// <param name="AnswerRight">On the same requests, the answers that were right.</param>
/// <param name="OnlyItRight">On the same requests, those that it got right and the answer did not.</param>
internal sealed record ShadowView(
    string Expert, double Share, long Opinions, long Late, long Agreed, long Feedbacks, long Right, long AnswerRight, long OnlyItRight);
