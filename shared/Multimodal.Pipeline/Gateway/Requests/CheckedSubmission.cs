using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Ensembles;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A submission whose options the ensemble knows.</summary>
/// <param name="Submission">What the client sent.</param>
/// <param name="Ensemble">The ensemble that answers.</param>
/// <param name="Digests">SHA-256 of each part, in lower-case hexadecimal.</param>
/// <param name="Fingerprint">SHA-256 over parts and options, the same however they were encoded; tells a repeat from another request.</param>
internal sealed record CheckedSubmission(Submission Submission, Ensemble Ensemble, IReadOnlyDictionary<Modality, string> Digests, string Fingerprint);
