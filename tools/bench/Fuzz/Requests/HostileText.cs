using System.Text;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Texts that readers of text and JSON have failed on.</summary>
internal static class HostileText
{
    private static readonly string[] Fragments =
    [
        "seven", "no. 4", "7", "", " ", "\0", "\r\n", "\u200B\u200D\uFEFF", "\u202E7\u202C", "e\u0301\u0327\u0323", "\uFFFE\uFFFF", "\U0001F600",
        "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\uD83D\uDE00", "\u0661\u0662\u0663", "\uFF17", "\u2167", "\u0130\u0131", "'; drop table requests; --",
        "%s%n%x", "{{7*7}}", "../../etc/passwd", "<script>", "\u0000\u0001\u0002\u0003", "\u00AD", "\u1F98", "\uFDFA",
    ];

    /// <summary>Creates a text, at times of the longest that the service accepts or a little more.</summary>
    public static string Create(Random random)
    {
        var text = new StringBuilder();
        for (var left = 1 + random.Next(4); left > 0; left--)
        {
            var fragment = Fragments[random.Next(Fragments.Length)];
            var times = random.Next(20) == 0 ? random.Next(1, 4 + (70_000 / Math.Max(1, fragment.Length))) : random.Next(1, 4);
            text.Insert(text.Length, fragment, times);
        }

        return text.ToString();
    }
}
