namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>How the window is placed in the recording.</summary>
internal enum WaveformTrim
{
    /// <summary>The window starts at the start of the file.</summary>
    None,

    /// <summary>The window is centred on the loudest segment.</summary>
    Energy,
}
