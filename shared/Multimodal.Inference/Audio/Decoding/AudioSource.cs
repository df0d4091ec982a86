using Multimodal.Inference.Audio.Backends;
using Multimodal.Inference.Audio.Formats;

namespace Multimodal.Inference.Audio.Decoding;

/// <summary>An opened file: a reader for each recording in it that holds samples.</summary>
/// <param name="File">The file.</param>
/// <param name="Links">The recordings; empty if an inspection does not start the process that decodes them.</param>
internal sealed record AudioSource(AudioFile File, IReadOnlyList<OpenLink> Links) : IDisposable
{
    /// <summary>Duration in seconds; null if a header does not state it.</summary>
    public double? Seconds => Links.Count == 0 || Links[0].Link is null
        ? File.Seconds
        : Links.Aggregate((double?)0, (sum, link) => sum + link.Reader.Header.Seconds);

    /// <summary>What the header of the first recording states; null if no recording is open.</summary>
    public AudioHeader? Header => Links.Count == 0 ? null : Links[0].Reader.Header;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in Links)
        {
            link.Reader.Dispose();
        }
    }
}
