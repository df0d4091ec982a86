using Multimodal.Bench.Fuzz.Mutation;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Contracts.Values;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.Fuzz.Mutation;

public sealed class SegmentsTests
{
    private static IEnumerable<FuzzSeed> Files =>
        FuzzSeed.ReadAll(FuzzSeed.Folders.Select(folder => RepositoryFiles.At(folder))).Where(seed => seed.Modality != Modality.Text);

    [Fact]
    public void Find_EveryFormat_FindsSegments()
    {
        Assert.Equal(19, Files.Select(file => file.Format).Distinct().Count());
        Assert.All(Files, file => Assert.True(Segments.Find(file.Bytes).Count > 0, file.Format));
    }

    [Fact]
    public void Find_MutatedFiles_StaysWithinTheFile()
    {
        var mutator = new FileMutator([.. Files.Select(file => file.Bytes)]);
        foreach (var file in Files)
        {
            for (var number = 0; number < 50; number++)
            {
                var mutated = mutator.Mutate(file.Bytes, new Random(number));
                Assert.All(Segments.Find(mutated), segment => Assert.True(
                    segment.Start >= 0 && segment.Length > 0 && segment.Start + segment.Length <= mutated.Length && segment.SizeAt <= mutated.Length, file.Format));
            }
        }
    }

    [Theory]
    [InlineData("tests/Multimodal.Inference.Tests/Vision/files/rgb8.png")]
    [InlineData("tests/Multimodal.Inference.Tests/Audio/Samples/tone.opus")]
    [InlineData("tests/Multimodal.Inference.Tests/Audio/Samples/four-22050.ogg")]
    public void Repair_IntactFile_ChangesNothing(string path)
    {
        var file = File.ReadAllBytes(RepositoryFiles.At(path.Split('/')));
        var copy = (byte[])file.Clone();
        Checksums.Repair(copy);

        Assert.Equal(file, copy);

        // The checksum of the first chunk or page is wrong, then right again.
        copy[path.EndsWith("png", StringComparison.Ordinal) ? 29 : 22] ^= 1;
        Assert.NotEqual(file, copy);
        Checksums.Repair(copy);
        Assert.Equal(file, copy);
    }
}
