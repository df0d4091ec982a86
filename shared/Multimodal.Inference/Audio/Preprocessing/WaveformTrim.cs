namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>How to find the part of the sound that matters.</summary>
internal enum WaveformTrim
{
    /// <summary>The window starts with the file.</summary>
    None,

    /// <summary>The window is centred on the loudest run of sound.</summary>
    Energy,
}
