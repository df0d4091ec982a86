using Multimodal.Inference.Batching;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Experts;

/// <summary>A model that is loaded and warm.</summary>
/// <param name="Session">Its sessions; the owner disposes them.</param>
/// <param name="Device">The device's name, for example <c>cpu</c>.</param>
/// <param name="Profile">What was measured about its runs.</param>
internal sealed record LoadedModel(OnnxSession Session, string Device, BatchProfile Profile);
