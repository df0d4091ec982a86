using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Where payloads stay while their request is answered.</summary>
internal sealed class BlobOptions
{
    /// <summary>Payloads up to this many bytes travel inside the messages, larger ones as a reference.</summary>
    /// <value>0 to 65,536; default 4,096.</value>
    [Range(0, 65_536)]
    public int InlineBytes { get; set; } = 4096;

    /// <summary>Keeps payloads after the answer, until the request itself is forgotten. Off by default: privacy.</summary>
    /// <value>Default false.</value>
    public bool KeepAfterAnswer { get; set; }
}
