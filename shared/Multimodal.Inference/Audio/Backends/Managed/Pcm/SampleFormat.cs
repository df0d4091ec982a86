namespace Multimodal.Inference.Audio.Backends.Managed.Pcm;

/// <summary>The format of one stored sample.</summary>
internal enum SampleFormat
{
    /// <summary>8 bits, unsigned, 128 is silence (WAV).</summary>
    Unsigned8,

    /// <summary>8 bits, two's complement (AIFF).</summary>
    Signed8,

    /// <summary>16 bits, two's complement.</summary>
    Signed16,

    /// <summary>24 bits, two's complement.</summary>
    Signed24,

    /// <summary>32 bits, two's complement.</summary>
    Signed32,

    /// <summary>IEEE 754 single.</summary>
    Float32,

    /// <summary>IEEE 754 double.</summary>
    Float64,

    /// <summary>ITU-T G.711 A-law.</summary>
    ALaw,

    /// <summary>ITU-T G.711 mu-law.</summary>
    MuLaw,
}
