namespace Multimodal.Pipeline.Gateway.Catalog;

/// <summary>Results of a shadow expert over the tenant's stored requests, at most the newest 100,000 answers of each version.</summary>
/// <param name="Expert">Its name.</param>
/// <param name="Share">Share of the requests that it is asked about.</param>
/// <param name="Opinions">Opinions recorded.</param>
/// <param name="Late">Of these, opinions that arrived after the answer.</param>
/// <param name="Agreed">Opinions that favour the answer's label.</param>
/// <param name="Feedbacks">Opinions on requests with feedback.</param>
/// <param name="Right">Of these, opinions that favour the true label.</param>
/// <param name="AnswerRight">Correct answers to the same requests.</param>
/// <param name="OnlyItRight">Requests among them where the opinion was correct and the answer was not.</param>
internal sealed record ShadowView(
    string Expert, double Share, long Opinions, long Late, long Agreed, long Feedbacks, long Right, long AnswerRight, long OnlyItRight);
