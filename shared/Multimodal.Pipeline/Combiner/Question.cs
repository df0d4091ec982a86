using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>A question to one expert.</summary>
internal static class Question
{
    /// <summary>Makes it.</summary>
    /// <param name="fuse">The request it is about.</param>
    /// <param name="expert">Whom to ask.</param>
    /// <param name="modality">What it judges.</param>
    /// <param name="replyTo">The combiner process that gathers the opinions.</param>
    public static Analyze About(Fuse fuse, string expert, Modality modality, string replyTo) => new()
    {
        RequestId = fuse.RequestId,
        Ensemble = fuse.Ensemble,
        Expert = expert,
        Part = fuse.Parts.First(part => part.Modality == modality),
        Deadline = fuse.Deadline,
        ReplyTo = replyTo,
    };
}
