using Multimodal.Inference.Manifests;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// The <c>preprocessing</c> object of kind <c>tokenizer</c>. Required keys: <c>type</c> (<c>wordpiece</c>), <c>vocabulary</c>,
/// <c>vocabularySha256</c>, <c>length</c>. Optional keys: <c>lowercase</c> (default false), <c>stripAccents</c> (default: the value of
/// <c>lowercase</c>) and <c>splitCjk</c> (default true). <see cref="TokenizerPreprocessor"/> describes their effect.
/// </summary>
internal sealed record TokenizerOptions
{
    // [CLS], at least one word piece, and [SEP].
    private const int MinLength = 3;
    private const int MaxLength = 4096;

    /// <summary>The word pieces and their ids.</summary>
    public required WordPieceVocabulary Vocabulary { get; init; }

    /// <summary>Number of ids in a row, 3 to 4,096.</summary>
    public required int Length { get; init; }

    /// <summary>Whether letters are converted to lower case.</summary>
    public required bool Lowercase { get; init; }

    /// <summary>Whether nonspacing marks are removed.</summary>
    public required bool StripAccents { get; init; }

    /// <summary>Whether each Chinese character is a separate word.</summary>
    public required bool SplitCjk { get; init; }

    /// <summary>Reads the options and the vocabulary.</summary>
    /// <returns>Null if an error was reported to <paramref name="problem"/>.</returns>
    public static TokenizerOptions? Read(PreprocessorContext context, Action<string, string> problem)
    {
        var fields = new JsonObjectReader(context.Options, problem);
        fields.Has("kind");
        fields.OneOf("type", ["wordpiece"]);
        var file = fields.Text("vocabulary");
        var sha256 = fields.Text("vocabularySha256", PackageFile.ChecksumPattern(), PackageFile.ChecksumRule);
        var length = fields.Integer("length", MinLength, MaxLength);
        var lowercase = fields.Flag("lowercase");
        var stripAccents = fields.Flag("stripAccents", fallback: lowercase);
        var splitCjk = fields.Flag("splitCjk", fallback: true);
        var vocabulary = file is null ? null : WordPieceVocabulary.Read(context.Folder, file, sha256, fields.Report);
        return !fields.Close() ? null : new TokenizerOptions
        {
            Vocabulary = vocabulary!,
            Length = length!.Value,
            Lowercase = lowercase,
            StripAccents = stripAccents,
            SplitCjk = splitCjk,
        };
    }
}
