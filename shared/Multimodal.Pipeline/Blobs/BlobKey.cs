using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Names of payloads.</summary>
internal static class BlobKey
{
    /// <summary>Every payload that a request can have.</summary>
    public static IEnumerable<string> AllOf(string tenant, Guid request) => Enum.GetValues<Modality>().Select(modality => Of(tenant, request, modality));

    /// <summary>The key of one payload.</summary>
    public static string Of(string tenant, Guid request, Modality modality) =>
        $"{tenant}/{request:n}/{modality.ToString().ToLowerInvariant()}";
}
