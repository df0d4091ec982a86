using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>What a client sent, in form but not yet in content: the bytes of each part are unchecked.</summary>
/// <param name="Parts">At most one part per modality, at least one.</param>
/// <param name="Options">What the client decided; names are not resolved yet.</param>
internal sealed record Submission(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> Parts, MultimodalRequestOptions Options);
