using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Blobs;

/// <summary>Registers the blob store.</summary>
internal static class BlobServices
{
    /// <summary>Adds the store that <see cref="BlobOptions.Kind"/> selects.</summary>
    public static void AddBlobs(this IServiceCollection services) => services.AddSingleton<IBlobStore>(provider => new ReportedBlobs(
        provider.GetRequiredService<BlobOptions>() is { Kind: BlobOptions.S3Kind } options
            ? new S3Blobs(options.S3)
            : new BlobFolder(provider.GetRequiredService<DataFolder>().PathOf("blobs")),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<ReportedBlobs>>()));
}
