namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>How to set the level.</summary>
internal enum WaveformNormalisation
{
    /// <summary>As it came.</summary>
    None,

    /// <summary>RMS 0.1 over the active part.</summary>
    Rms,

    /// <summary>Largest magnitude 1 in the active part.</summary>
    Peak,
}
