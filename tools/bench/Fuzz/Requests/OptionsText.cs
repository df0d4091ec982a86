using System.Globalization;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates the JSON of options: every option with valid, extreme and wrong values.</summary>
internal static class OptionsText
{
    private static readonly string[] Names =
    [
        "ensemble", "gateVersion", "strategy", "k", "price", "budget", "experts", "fusion", "priority", "deadlineMs", "subscription",
    ];

    private static readonly string[] Strategies = ["waves", "top-k", "soft", "hard", "budget", "switch", "mixtral", "hierarchical", "all", "noisy-top-k"];

    private static readonly string[] Fusions = ["learned", "linear", "log", "product", "stacking", "dempster", "majority"];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "3", "0.5", "1e9", "1e-320", "1e308", "1e400", "-1e400", "2147483647", "2147483648", "-2147483649",
        "9223372036854775808", "1.0", "1E2", "0.1e1", "\"\"", "\"7\"", "\"digits\"", "\"\\ud800\"", "\"\\u0000\"", "\"a.b.#\"", "\"*\"", "[]", "[[]]", "[null]",
        "[\"text-words\"]", "[\"text-words\", \"text-words\"]", "[\"vision-printed\", 7]", "{}", "{\"a\": 1}", "\"normal\"", "\"low\"", "\"LOW\"", "60000", "60001",
        "[\"text-words\", \"text-numerals\", \"vision-handwritten\", \"vision-printed\", \"audio-speech\", \"audio-dtmf\"]",
    ];

    /// <summary>Creates the text of an object, at times of something else.</summary>
    public static string Create(Random random)
    {
        if (random.Next(12) == 0)
        {
            return Values[random.Next(Values.Length)];
        }

        var members = Enumerable.Range(0, random.Next(5)).Select(_ => Member(random));
        return "{" + string.Join(random.Next(30) == 0 ? ",," : ", ", members) + "}";
    }

    private static string Member(Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var shown = random.Next(20) switch
        {
            0 => name.ToUpperInvariant(),
            1 => string.Concat(name.Select(c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"))),
            2 => name + new string('x', random.Next(5000)),
            3 => "",
            _ => name,
        };
        var value = (name, random.Next(3)) switch
        {
            ("strategy", 0) => $"\"{Strategies[random.Next(Strategies.Length)]}\"",
            ("fusion", 0) => $"\"{Fusions[random.Next(Fusions.Length)]}\"",
            ("experts", 0) => Experts(random),
            ("deadlineMs", 0) => random.Next(1, 3000).ToString(CultureInfo.InvariantCulture),
            _ when random.Next(15) == 0 => $"\"{new string('é', random.Next(3000))}\"",
            _ => Values[random.Next(Values.Length)],
        };
        return $"\"{shown}\": {value}";
    }

    private static string Experts(Random random) =>
        "[" + string.Join(", ", Enumerable.Repeat("\"text-words\"", random.Next(1, random.Next(8) == 0 ? 4000 : 4))) + "]";
}
