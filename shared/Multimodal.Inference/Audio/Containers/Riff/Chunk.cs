namespace Multimodal.Inference.Audio.Containers.Riff;

/// <summary>A chunk of a RIFF or FORM file.</summary>
/// <param name="Offset">Index of its header: four bytes type, four bytes length.</param>
/// <param name="Stated">The length of its content that the header states.</param>
/// <param name="Length">The length of its content inside the file.</param>
internal readonly record struct Chunk(int Offset, uint Stated, int Length)
{
    /// <summary>Length of the header in bytes.</summary>
    public const int Header = 8;

    /// <summary>Index of its content.</summary>
    public int Start => Offset + Header;

    /// <summary>Whether its type is <paramref name="type"/>.</summary>
    public bool Is(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type) => file.Slice(Offset, 4).SequenceEqual(type);

    /// <summary>Its content inside <paramref name="file"/>.</summary>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file) => file.Slice(Start, Length);
}
