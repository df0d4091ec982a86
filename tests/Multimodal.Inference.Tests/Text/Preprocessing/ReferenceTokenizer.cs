using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tokenizers.DotNet;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

/// <summary>The tokenizers library of Hugging Face (Rust), configured like the <c>tokenizer.json</c> of BERT.</summary>
internal sealed class ReferenceTokenizer : IDisposable
{
    private readonly Tokenizer _tokenizer;

    /// <summary>Creates a tokenizer that, like the preprocessor, does not recognize control tokens in text.</summary>
    public ReferenceTokenizer(string folder, IReadOnlyList<string> vocabulary, bool lowercase, bool stripAccents)
    {
        var path = Path.Combine(folder, $"tokenizer-{lowercase}-{stripAccents}.json");
        File.WriteAllText(path, Configuration(vocabulary, lowercase, stripAccents).ToJsonString());
        _tokenizer = new Tokenizer(path);
    }

    /// <summary>Whether the native part of the library is available on this machine.</summary>
    public static bool IsAvailable => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Returns the ids, including [CLS] and [SEP].</summary>
    public long[] Encode(string text) => [.. _tokenizer.Encode(text).Select(id => (long)id)];

    public void Dispose() => _tokenizer.Dispose();

    private static JsonObject Configuration(IReadOnlyList<string> vocabulary, bool lowercase, bool stripAccents)
    {
        static JsonObject Special(string token) => new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } };
        JsonObject Token(string token) => new()
        {
            ["id"] = token,
            ["ids"] = new JsonArray(vocabulary.ToList().IndexOf(token)),
            ["tokens"] = new JsonArray(token),
        };
        var sequence = new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } };
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
                ["single"] = new JsonArray(Special("[CLS]"), sequence, Special("[SEP]")),
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
