using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>A submission with valid form. The bytes of its parts are not checked yet.</summary>
/// <param name="Parts">One to three parts, at most one per modality.</param>
/// <param name="Options">The options. Names are not resolved yet.</param>
internal sealed record Submission(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> Parts, MultimodalRequestOptions Options);
