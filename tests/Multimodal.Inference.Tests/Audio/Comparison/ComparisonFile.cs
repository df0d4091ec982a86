namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>A file that our decoders and ffmpeg decode.</summary>
/// <param name="Class">The row of the table that counts it.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Format">What a refusal must name.</param>
/// <param name="Bytes">What our decoders get.</param>
internal sealed record ComparisonFile(string Class, string Name, string Format, byte[] Bytes)
{
    /// <summary>What ffmpeg gets; null if it is the same.</summary>
    public byte[]? Pristine { get; init; }

    /// <summary>What ffmpeg gets in several files, whose sound follows one another; null if it is one file.</summary>
    public IReadOnlyList<byte[]>? Links { get; init; }

    /// <summary>Whether only the ffmpeg process decodes it, so that it is refused where there is none.</summary>
    public bool NeedsFfmpeg { get; init; }

    /// <summary>Whether the managed decoder refuses the file if ffmpeg is not used.</summary>
    public bool ManagedNeedsFfmpeg { get; init; }

    /// <summary>
    /// Whether it joins recordings. The managed decoder refuses those that it leaves to ffmpeg, which reads the first one only.
    /// </summary>
    public bool IsChain { get; init; }

    /// <summary>Whether it is cut off, so that it may be refused.</summary>
    public bool IsTruncated { get; init; }
}
