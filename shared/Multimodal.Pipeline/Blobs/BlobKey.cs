using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Blobs;

/// <summary>The keys of payloads in the blob store.</summary>
internal static class BlobKey
{
    /// <summary>The keys of all payloads that a request can have.</summary>
    public static IEnumerable<string> AllOf(string tenant, Guid request) => Enum.GetValues<Modality>().Select(modality => Of(tenant, request, modality));

    /// <summary>The key of one payload.</summary>
    public static string Of(string tenant, Guid request, Modality modality) =>
        $"{tenant}/{request:n}/{modality.ToString().ToLowerInvariant()}";
}
