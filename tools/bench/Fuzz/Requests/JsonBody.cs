using System.Text;
using System.Text.Json;
using Multimodal.Bench.Fuzz.Mutation;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates JSON bodies: valid ones, and ones whose syntax, types or text are wrong in ways that clients and attackers produce.</summary>
/// <param name="media">Files by their field, mutated or not.</param>
/// <param name="mutator">Mutates the bytes of the body.</param>
internal sealed class JsonBody(IReadOnlyList<(string Field, byte[] File)> media, FileMutator mutator)
{
    private static readonly string[] Numbers = ["0", "-0", "1e999999999", "1" + new string('0', 5000), "0." + new string('3', 5000), "01", "+1", ".5", "1.", "0x10", "NaN", "-Infinity"];

    /// <summary>Creates a body.</summary>
    /// <param name="random">The source of all choices.</param>
    /// <param name="options">The text of the options; null for none.</param>
    public byte[] Create(Random random, string? options)
    {
        var members = new List<string>();
        if (random.Next(4) > 0)
        {
            members.Add($"\"text\": {Text(random)}");
        }

        if (random.Next(3) == 0)
        {
            var (field, file) = media[random.Next(media.Count)];
            members.Add($"\"{field}\": \"{Base64(random.Next(2) == 0 ? mutator.Mutate(file, random) : file, random)}\"");
        }

        if (options is not null)
        {
            members.Add($"\"options\": {options}");
        }

        if (random.Next(6) == 0)
        {
            members.Insert(random.Next(members.Count + 1), Wrong(random));
        }

        var json = Outside(string.Concat("{", string.Join(", ", members), "}"), random);
        var bytes = Encode(json, random);
        return random.Next(8) == 0 ? mutator.MutateBytes(bytes, random) : bytes;
    }

    private static string Text(Random random)
    {
        var text = JsonSerializer.Serialize(HostileText.Create(random));
        return random.Next(40) switch
        {
            0 => text[..^1] + "\\ud800\"",
            1 => text[..^1] + "\\udc00\\ud800\"",
            2 => text[..^1] + "\\u12\"",
            3 => text[..^1] + "\\x41\"",
            4 => text[..^1],
            5 => "'seven'",
            6 => text[..^1] + "\t\n\"",
            7 => Numbers[random.Next(Numbers.Length)],
            _ => text,
        };
    }

    private static string Base64(byte[] file, Random random)
    {
        var text = Convert.ToBase64String(file);
        return random.Next(16) switch
        {
            0 => text.TrimEnd('='),
            1 => text.Replace('+', '-').Replace('/', '_'),
            2 => "data:application/octet-stream;base64," + text,
            3 => "data:;base64," + text.Replace("=", "%3D", StringComparison.Ordinal),
            4 => text + "====",
            5 => string.Join("\\r\\n", text.Chunk(76).Select(line => new string(line))),
            6 => text.Length > 4 ? text[..random.Next(text.Length)] : text,
            7 => text + "\\u0000é",
            _ => text,
        };
    }

    private static string Wrong(Random random) => random.Next(11) switch
    {
        0 => "\"text\": \"again\"",
        1 => "\"te\\u0078t\": \"again\"",
        2 => $"\"{HostileName(random)}\": 1",
        3 => $"\"image\": {Nested(random)}",
        4 => $"\"audio\": {Numbers[random.Next(Numbers.Length)]}",
        5 => "\"image\": null",
        6 => "\"audio\": \"\"",
        7 => $"\"options\": {Nested(random)}",
        8 => "\"image\": [137, 80, 78, 71]",
        9 => "/* comment */ \"text\": \"seven\"",
        _ => "\"text\": {\"text\": \"seven\"}",
    };

    private static string HostileName(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => new string('n', random.Next(1, 100_000)),
        2 => "__proto__",
        _ => "\\ud800",
    };

    private static string Nested(Random random)
    {
        var depth = random.Next(4) == 0 ? random.Next(1, 60_000) : random.Next(1, 80);
        return random.Next(3) switch
        {
            0 => new string('[', depth) + new string(']', depth),
            1 => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth),
            _ => new string('[', depth),
        };
    }

    private static string Outside(string json, Random random) => random.Next(60) switch
    {
        0 => json + json,
        1 => "[" + json + "]",
        2 => json + ",",
        3 => "\uFEFF" + json,
        4 => new string(' ', random.Next(50_000)) + json,
        5 => "",
        6 => "null",
        7 => Nested(random),
        8 => json + "\0",
        9 => "\uFEFF\uFEFF" + json,
        10 => "{" + json + "}",
        _ => json,
    };

    private static byte[] Encode(string json, Random random) => random.Next(40) switch
    {
        0 => Encoding.Unicode.GetBytes(json),
        1 => Encoding.BigEndianUnicode.GetBytes(json),
        2 => Encoding.Latin1.GetBytes(json),
        3 => [.. Encoding.UTF8.GetBytes(json), 0xC0, 0x80, 0xED, 0xA0, 0x80],
        _ => Encoding.UTF8.GetBytes(json),
    };
}
