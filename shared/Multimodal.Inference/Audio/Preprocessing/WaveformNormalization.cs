namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>How the level of a waveform is set.</summary>
internal enum WaveformNormalization
{
    /// <summary>The level is unchanged.</summary>
    None,

    /// <summary>The active segment gets an RMS level of 0.1.</summary>
    Rms,

    /// <summary>The active segment gets a largest magnitude of 1.</summary>
    Peak,
}
