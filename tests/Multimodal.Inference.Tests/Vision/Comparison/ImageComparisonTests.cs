using System.Globalization;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Vision;
using Multimodal.Inference.Vision.Decoding;

namespace Multimodal.Inference.Tests.Vision.Comparison;

/// <summary>
/// Compares both image decoders with ImageMagick. Each file must have the same pixels (upright, on the right background, the first frame
/// that shows something), or be refused with a message that names its format and what to do.
/// </summary>
public sealed class ImageComparisonTests(ImageCaseSet files, ITestOutputHelper output) : IClassFixture<ImageCaseSet>
{
    private static readonly string[] WaysOut = ["Convert", "Send", "Save", "Remove", "Decode", "Export"];

    [Fact]
    public void Cases_Always_AreManyAndVaried()
    {
        Assert.True(files.Cases.Count >= 200, $"There are {files.Cases.Count} cases.");
        Assert.Equal(files.Cases.Count, files.Cases.Select(item => item.Class + item.Name).Distinct().Count());
        Assert.True(files.References.Values.Select(image => image.Pixels.Average(level => level)).Distinct().Count() > 30);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Libvips)]
    [InlineData(ImageDecoderKind.ImageSharp)]
    public void TryDecode_EveryFile_HasThePixelsOfImageMagickOrANamedRefusal(ImageDecoderKind decoder)
    {
        var results = files.Cases.Select(item => (Case: item, Result: Judge(item, decoder))).ToArray();

        output.WriteLine(Table(results, decoder));
        var faults = results.Where(result => result.Result.Fault is not null)
            .Select(result => $"{result.Case.Class}: {result.Case.Name}: {result.Result.Fault}");
        Assert.True(results.All(result => result.Result.Fault is null), string.Join('\n', faults));
    }

    private ImageComparison Judge(ImageCase item, ImageDecoderKind decoder)
    {
        var isDecoded = ImageDecoder.TryDecode(item.Bytes, 4096, new MediaOptions { ImageDecoder = decoder }, out var image, out var failure);
        if (!isDecoded)
        {
            var isNamed = failure!.Detail.Contains(item.Format, StringComparison.Ordinal)
                && WaysOut.Any(way => failure.Detail.Contains(way, StringComparison.Ordinal));
            var mayRefuse = item.Expectation != ImageExpectation.SamePixels || item.MayRefuse.Contains(decoder);
            return new ImageComparison(
                IsRefused: true, 0, 0, isNamed && mayRefuse ? null : $"refused: {failure.Detail}");
        }

        if (item.Expectation != ImageExpectation.SamePixels)
        {
            return new ImageComparison(IsRefused: false, 0, 0, "decoded, though it must be refused");
        }

        return Compare(image!, files.References[item], item);
    }

    private static ImageComparison Compare(RgbImage actual, RgbImage expected, ImageCase item)
    {
        if ((actual.Width, actual.Height) != (expected.Width, expected.Height))
        {
            return new ImageComparison(
                IsRefused: false, 255, 1, $"is {actual.Width} x {actual.Height}, not {expected.Width} x {expected.Height}");
        }

        byte[] ours = actual.ToGray().Pixels, theirs = expected.ToGray().Pixels;
        var differences = ours.Zip(theirs, (left, right) => Math.Abs(left - right)).ToArray();
        double mean = differences.Average(), share = (double)differences.Count(difference => difference > 24) / differences.Length;
        var isClose = mean <= item.MeanLimit && share <= item.ShareLimit && (item.MeanLimit < 10 || Correlation(ours, theirs) > 0.9);
        return new ImageComparison(IsRefused: false, mean, share, isClose ? null : Text($"mean difference {mean:0.00}, share of other pixels {share:0.000}"));
    }

    private static double Correlation(byte[] left, byte[] right)
    {
        double meanLeft = left.Average(level => level), meanRight = right.Average(level => level);
        double product = 0, squaresLeft = 0, squaresRight = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += (left[i] - meanLeft) * (right[i] - meanRight);
            squaresLeft += (left[i] - meanLeft) * (left[i] - meanLeft);
            squaresRight += (right[i] - meanRight) * (right[i] - meanRight);
        }

        return product / Math.Sqrt(Math.Max(1e-9, squaresLeft * squaresRight));
    }

    private static string Table((ImageCase Case, ImageComparison Result)[] results, ImageDecoderKind decoder)
    {
        StringBuilder table = new();
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {decoder}: class | files | same pixels | refused by name | faults | largest mean difference | largest share of other pixels |");
        table.AppendLine("|---|---|---|---|---|---|---|");
        var classes = results.GroupBy(result => result.Case.Class).OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in classes.Append(results.GroupBy(_ => "all").Single()))
        {
            ImageComparison[] good = [.. group.Select(result => result.Result).Where(result => result.Fault is null)];
            ImageComparison[] same = [.. good.Where(result => !result.IsRefused)];
            var (mean, share) = (same.Select(result => result.Mean).Append(0).Max(), same.Select(result => result.Share).Append(0).Max());
            var (refused, faults) = (good.Length - same.Length, group.Count() - good.Length);
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Count()} | {same.Length} | {refused} | {faults} | {mean:0.00} | {share:0.0000} |");
        }

        return table.ToString();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
