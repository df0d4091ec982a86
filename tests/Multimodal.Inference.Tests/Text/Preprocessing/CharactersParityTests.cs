using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Preprocessing;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

/// <summary>
/// Compares the rows of the preprocessor with those of the training script. models/digits/training/text/text_parity.py writes the file.
/// </summary>
public sealed class CharactersParityTests
{
    [Fact]
    public void TryPrepare_TextsOfTheTrainingScript_HaveTheSameRows()
    {
        var compared = 0;
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(RepositoryFiles.At("tests", "Multimodal.Inference.Tests", "Text", "characters-parity.json")));
        foreach (var set in document.RootElement.EnumerateArray())
        {
            var preprocessor = CharactersPreprocessor.Create(
                new PreprocessorContext(set.GetProperty("preprocessing"), ".", new MediaOptions()),
                (key, problem) => Assert.Fail($"{key} {problem}"));
            Assert.NotNull(preprocessor);
            var row = new byte[preprocessor.Row.ByteLength];
            foreach (var pair in set.GetProperty("rows").EnumerateArray())
            {
                var text = pair[0].GetString()!;
                Assert.True(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes(text)), row, out var failure), failure?.Detail);
                var expected = pair[1].EnumerateArray().Select(id => id.GetInt64()).ToList();
                expected.AddRange(Enumerable.Repeat(0L, preprocessor.Row.Length - expected.Count));
                Assert.True(expected.SequenceEqual(MemoryMarshal.Cast<byte, long>(row).ToArray()), $"Rows differ for '{text}'.");
                compared++;
            }
        }

        Assert.InRange(compared, 300, int.MaxValue);
    }

    [Theory]
    [InlineData("text-words", 0)]
    [InlineData("text-numerals", 1)]
    public void ParityFile_Options_AreThoseOfThePackage(string expert, int set)
    {
        var package = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.At("models", "digits", expert, "expert.json")));
        var parity = JsonDocument.Parse(
            File.ReadAllBytes(RepositoryFiles.At("tests", "Multimodal.Inference.Tests", "Text", "characters-parity.json")));
        Assert.True(JsonElement.DeepEquals(
            package.RootElement.GetProperty("preprocessing"), parity.RootElement[set].GetProperty("preprocessing")));
    }
}
