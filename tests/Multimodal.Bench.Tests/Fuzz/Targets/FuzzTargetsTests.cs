using Multimodal.Bench.Fuzz.Requests;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.Fuzz.Targets;

public sealed class FuzzTargetsTests
{
    private readonly IReadOnlyList<FuzzSeed> _seeds = FuzzSeed.ReadAll(FuzzSeed.Folders.Select(folder => RepositoryFiles.At(folder)));

    private IEnumerable<string> All => FuzzTargets.Requests.Select(entry => entry.Target).Concat(new FuzzTargets(1, _seeds).Media);

    [Fact]
    public void Create_SameSeed_SameBytesInAnyOrder()
    {
        var (first, second) = (new FuzzTargets(1, _seeds), new FuzzTargets(1, _seeds));
        foreach (var target in All)
        {
            var expected = Enumerable.Range(0, 12).Select(number => first.Create(target, number).Bytes).ToArray();
            for (var number = 11; number >= 0; number--)
            {
                Assert.Equal(expected[number], second.Create(target, number).Bytes);
            }
        }
    }

    [Fact]
    public void Create_OtherSeedOrNumber_OtherBytes()
    {
        var (first, second) = (new FuzzTargets(1, _seeds), new FuzzTargets(2, _seeds));

        Assert.All(All, target =>
        {
            var bytes = Enumerable.Range(0, 20).SelectMany(number => new[] { first.Create(target, number).Bytes, second.Create(target, number).Bytes });
            Assert.True(bytes.Select(Convert.ToHexString).Distinct().Count() > 15, target);
        });
    }

    [Fact]
    public void Create_Requests_AreAtTimesWholeAndAtTimesNot()
    {
        var targets = new FuzzTargets(1, _seeds);

        var raw = Enumerable.Range(0, 200).Count(number => HttpMessage.IsWhole(targets.Create("http", number).Bytes));

        Assert.InRange(raw, 1, 199);
        Assert.All(["multipart", "json", "options", "upload"], target =>
            Assert.All(Enumerable.Range(0, 50), number => Assert.True(HttpMessage.IsWhole(targets.Create(target, number).Bytes))));
    }

    [Fact]
    public void Read_WrittenInput_IsTheSame()
    {
        using var scratch = new ScratchFolder();
        var input = new FuzzInput("media-png", 12, [1, 2, 3]);

        var read = FuzzInput.Read(input.Write(scratch.Path));

        Assert.Equal((input.Target, input.Number), (read.Target, read.Number));
        Assert.Equal(input.Bytes, read.Bytes);
        Assert.Throws<InvalidDataException>(() => FuzzInput.Read(scratch.At("other")));
    }
}
