using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Blobs;

/// <summary>The blob store of files.</summary>
public sealed class BlobFolderTests : BlobStoreScenarios, IDisposable
{
    private readonly ScratchFolder _folder = new();

    private protected override IBlobStore Store => new BlobFolder(_folder.At("blobs"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_KeyOutsideTheFolder_Throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsync("../../etc/passwd", default));

    [Fact]
    public async Task Write_FolderIsAFile_IsATypedFailure()
    {
        await File.WriteAllTextAsync(_folder.At("blobs"), "");

        await Assert.ThrowsAsync<BlobStoreException>(() => Store.WriteAsync("t", Guid.NewGuid(), Modality.Text, Bytes(1), default));
    }
}
