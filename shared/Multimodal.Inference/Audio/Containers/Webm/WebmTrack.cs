namespace Multimodal.Inference.Audio.Containers.Webm;

/// <summary>A track of a WebM or Matroska file.</summary>
internal sealed class WebmTrack
{
    /// <summary>The number that the blocks of the track carry.</summary>
    public ulong Number { get; set; }

    /// <summary>Whether it is sound.</summary>
    public bool IsSound { get; set; }

    /// <summary>The coding, for example <c>A_OPUS</c>.</summary>
    public string Codec { get; set; } = "";

    /// <summary>The setup data of the coding.</summary>
    public ReadOnlyMemory<byte> Setup { get; set; }

    /// <summary>Whether its packets are compressed or encrypted again.</summary>
    public bool IsEncoded { get; set; }

    /// <summary>Whether a block holds several packets.</summary>
    public bool HasLacing { get; set; }

    /// <summary>The time to drop at the end.</summary>
    public long TrimmedNanoseconds { get; set; }

    /// <summary>The packets in order, if no block holds several.</summary>
    public List<ReadOnlyMemory<byte>> Packets { get; } = [];
}
