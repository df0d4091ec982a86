using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tokenizers.DotNet;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

/// <summary>Hugging Face's tokenizers library (Rust), set up as it reads BERT's own <c>tokenizer.json</c>. Independent of the code under test.</summary>
internal sealed class ReferenceTokenizer : IDisposable
{
    private readonly Tokenizer _tokenizer;

    /// <summary>For a vocabulary; its special tokens are not recognised inside text, as in the code under test.</summary>
    public ReferenceTokenizer(string folder, IReadOnlyList<string> vocabulary, bool lowercase, bool stripAccents)
    {
        var path = Path.Combine(folder, $"tokenizer-{lowercase}-{stripAccents}.json");
        File.WriteAllText(path, Configuration(vocabulary, lowercase, stripAccents).ToJsonString());
        _tokenizer = new Tokenizer(path);
    }

    /// <summary>Whether this machine has the native half of the library.</summary>
    public static bool IsHere => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The ids, [CLS] and [SEP] around them.</summary>
    public long[] Encode(string text) => [.. _tokenizer.Encode(text).Select(id => (long)id)];

    public void Dispose() => _tokenizer.Dispose();

    private static JsonObject Configuration(IReadOnlyList<string> vocabulary, bool lowercase, bool stripAccents)
    {
        static JsonObject Special(string token) => new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } };
        JsonObject Token(string token) => new() { ["id"] = token, ["ids"] = new JsonArray(vocabulary.ToList().IndexOf(token)), ["tokens"] = new JsonArray(token) };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["normalizer"] = new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = stripAccents,
                ["lowercase"] = lowercase,
            },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Special("[CLS]"), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, Special("[SEP]")),
                ["pair"] = new JsonArray(),
                ["special_tokens"] = new JsonObject { ["[CLS]"] = Token("[CLS]"), ["[SEP]"] = Token("[SEP]") },
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = new JsonObject(vocabulary.Select((piece, id) => KeyValuePair.Create<string, JsonNode?>(piece, id))),
            },
        };
    }
}
