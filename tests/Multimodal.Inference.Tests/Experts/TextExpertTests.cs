using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Experts;

/// <summary>The bundled text experts, from the package to the opinion.</summary>
public sealed class TextExpertTests
{
    // Label, and texts separated by |.
    private static readonly (int Label, string Texts)[] Words =
    [
        (0, "zero|The number is zero!|nought|null|die Zahl ist Null|zéro|el número es cero|noll|sıfır|nolla|ноль|zreo"),
        (1, "one|uno|eins|c'est le un|jeden|bir|yksi|один|ONE|numero uno"),
        (2, "two|zwei|deux|dos|due|dois|twee|två|dwa|iki|kaksi|два"),
        (3, "three|drei|trois|tres|três|drie|trzy|üç|uc|kolme|три|thre"),
        (4, "four|vier|quatre|cuatro|quattro|fyra|cztery|dört|dort|neljä|четыре|quatr"),
        (5, "five|fünf|fuenf|cinq|cinco|cinque|vijf|pięć|piec|beş|viisi|пять|fivve"),
        (6, "six|sechs|seis|zes|sześć|szesc|altı|alti|kuusi|шесть|la réponse est six"),
        (7, "seven|the answer is seven|SEVEN|sieben|c'est le sept|siete|sete|zeven|sju|siedem|yedi|seitsemän|семь"),
        (7, "sevn|seevn|seven, I think|I'd say it's a seven|ik zou zeven zeggen"),
        (8, "eight|acht|huit|ocho|otto|oito|åtta|osiem|sekiz|kahdeksan|восемь|eihgt"),
        (9, "nine|neun|neuf|nueve|negen|nio|dziewięć|dokuz|yhdeksän|девять|I think it's nine|numer dziewiec"),
    ];

    private static readonly (int Label, string Texts)[] Numerals =
    [
        (0, "0|no. O|٠|0.0|000|⓪"),
        (1, "1|I|1st|no. l|①|x = 1|¹"),
        (2, "2|#2|2nd|II|२|digit: Z|2️⃣"),
        (3, "3|III|iii|(3)|３|3rd|chapter III|三"),
        (4, "4|IV|iv|no. A|4.|٤|Ⅳ"),
        (5, "5|V|no. S|five is not here: 5|৫|+5|№ 5"),
        (6, "6|VI|no. 6|digit: b|⑥|006|六"),
        (7, "7|no. 7|#7|7.|(7)|7.0|007|+7|7th|x = 7|VII|vii|7️⃣|７|⁷|₇|⑦|❼|٧|७|๗|Ⅶ|ⅶ|七"),
        (7, "The answer is 7, I think.|that looks like 7 to me"),
        (8, "8|VIII|digit: B|viii|๘|room 8|八"),
        (9, "9|IX|no. g|9th|ix|９|Henry IX"),
    ];

    private const string UnrelatedWords = "hello|the cat is black|twenty|fifteen|vingt|xkcdqwrt|пожалуйста|banana|ik hou van koffie";
    private const string UnrelatedNumerals =
        "42|1999|12:30|no. 17|3.14|XX|hello|the cat is black|no. K|bonjour le monde|½|+49 170|seven, I think";

    [Fact]
    public async Task AnalyzeAsync_NumberWords_ReturnsTheirDigits() => await CheckAsync("text-words", Words);

    [Fact]
    public async Task AnalyzeAsync_Numerals_ReturnsTheirDigits() => await CheckAsync("text-numerals", Numerals);

    [Theory]
    [InlineData("text-words", UnrelatedWords)]
    [InlineData("text-numerals", UnrelatedNumerals)]
    public async Task AnalyzeAsync_UnrelatedText_HasLowConfidence(string expert, string texts)
    {
        var confident = new List<string>();
        foreach (var (text, probabilities) in await AnalyzeAsync(expert, texts.Split('|')))
        {
            if (probabilities.Max() >= 0.5)
            {
                confident.Add($"{text}: {probabilities.Max():0.00}");
            }
        }

        Assert.Empty(confident);
    }

    [Theory]
    [InlineData("text-words")]
    [InlineData("text-numerals")]
    public async Task AnalyzeAsync_RowOfABatch_EqualsTheSingleResult(string expert)
    {
        string[] texts = ["seven", "no. 7", "the answer is quatre", "😀", "a very long text " + new string('x', 500) + " eight"];
        var batch = await AnalyzeAsync(expert, texts);
        foreach (var (text, probabilities) in batch)
        {
            var single = Assert.Single(await AnalyzeAsync(expert, [text]));
            for (var label = 0; label < 10; label++)
            {
                Assert.Equal(single.Probabilities[label], probabilities[label], 1e-5);
            }
        }
    }

    private static async Task CheckAsync(string expert, (int Label, string Texts)[] cases)
    {
        var wrong = new List<string>();
        var all = cases.SelectMany(row => row.Texts.Split('|').Select(text => (row.Label, Text: text))).ToList();
        Assert.InRange(all.Count, 60, int.MaxValue);
        foreach (var ((label, text), (_, probabilities)) in all.Zip(await AnalyzeAsync(expert, [.. all.Select(row => row.Text)])))
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            if (best != label)
            {
                wrong.Add($"{text}: {best} ({probabilities[best]:0.00}) instead of {label} ({probabilities[label]:0.00})");
            }
        }

        Assert.Empty(wrong);
    }

    private static async Task<List<(string Text, double[] Probabilities)>> AnalyzeAsync(string expert, string[] texts)
    {
        var package = ExpertPackageReader.Read(RepositoryFiles.At("models", "digits", expert), new MediaOptions()).OrThrow();
        var loader = new ExpertLoader(TimeProvider.System, NullLoggerFactory.Instance);
        var settings = new ExpertSettings
        {
            Execution = new ExecutionOptions { Provider = ExecutionProvider.Cpu },
            Batching = new BatchingOptions { MaxBatchSize = 16 },
        };
        await using var loaded = await loader.OpenAsync(package, settings, CancellationToken.None);
        var outcomes = await Task.WhenAll(texts.Select(text =>
            loaded.AnalyzeAsync(new MediaContent(Encoding.UTF8.GetBytes(text)), TimeProvider.System.GetUtcNow().AddMinutes(1), CancellationToken.None)));
        return [.. texts.Zip(outcomes, (text, outcome) =>
            (text, Assert.IsType<ExpertOutcome.Answered>(outcome).LogProbabilities.Select(Math.Exp).ToArray()))];
    }
}
