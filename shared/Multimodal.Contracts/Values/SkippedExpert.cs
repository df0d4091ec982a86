using System.Text.Json.Serialization;
using Multimodal.Contracts.Versions;

namespace Multimodal.Contracts.Values;

/// <summary>An expert that is not asked.</summary>
/// <param name="Name">The expert's name.</param>
/// <param name="Modality">The modality it classifies.</param>
/// <param name="Reason">Why it is not asked, as a reason that every supported version reads; see <see cref="ExactReason"/>.</param>
public sealed record SkippedExpert(string Name, Modality Modality, SkipReason Reason)
{
    /// <summary>
    /// The name of the exact reason if <see cref="Reason"/> is a substitute for it; else null. A gateway does not know which version the combiner
    /// has, so it sends both.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NewReason { get; init; }

    /// <summary>Why it is not asked, as exactly as this version knows.</summary>
    [JsonIgnore]
    public SkipReason ExactReason => NewReason is { } name ? MessageEnum.Read<SkipReason>(name) ?? Reason : Reason;

    /// <summary>An expert skipped for any reason, readable for every supported version.</summary>
    public static SkippedExpert For(string name, Modality modality, SkipReason reason)
    {
        var substitute = MessageEnum.For(reason, MessageVersions.Oldest);
        return new SkippedExpert(name, modality, substitute) { NewReason = substitute == reason ? null : MessageEnum.NameOf(reason) };
    }
}
