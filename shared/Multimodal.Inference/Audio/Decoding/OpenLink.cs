using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>A recording and its reader.</summary>
/// <param name="Link">The recording; null if an ffmpeg process reads the whole file.</param>
/// <param name="Reader">The reader.</param>
internal readonly record struct OpenLink(AudioLink? Link, IAudioReader Reader);
