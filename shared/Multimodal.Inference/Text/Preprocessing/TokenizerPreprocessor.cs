using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.Tokenizers;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Decoding;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// Kind <c>tokenizer</c>, type <c>wordpiece</c>: converts text to a row of word-piece ids for BERT models, int64 [length]:
/// <c>[CLS]</c>, the pieces, <c>[SEP]</c>, then <c>[PAD]</c> to the end. A text that is too long keeps its first pieces. The steps, in
/// this order:
/// <list type="number">
/// <item><c>stripAccents</c>: canonical decomposition (NFD), then nonspacing marks are removed.</item>
/// <item>Always: white space becomes a space. Control, format and private-use characters are removed.</item>
/// <item><c>lowercase</c>: invariant case mapping of each scalar value.</item>
/// <item>Always: each punctuation character and ASCII symbol becomes a separate word; with <c>splitCjk</c> each Chinese character
/// too.</item>
/// <item>Pieces: repeatedly the longest entry of <c>vocabulary</c> at the start of the rest of the word. Entries for later pieces have the
/// prefix <c>##</c>. A word that cannot be composed, or that has more than 100 UTF-16 units, becomes <c>[UNK]</c>.</item>
/// </list>
/// A control token in the text of a client, such as <c>[SEP]</c>, is treated as ordinary text. The model computes its attention mask from
/// the ids.
/// </summary>
internal sealed class TokenizerPreprocessor : IPreprocessor
{
    private const int MaxWordLength = 100;

    // [CLS] and [SEP].
    private const int ControlTokens = 2;

    private readonly MediaOptions _limits;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly long _classifierId;
    private readonly long _separatorId;
    private readonly long _paddingId;

    private TokenizerPreprocessor(TokenizerOptions options, MediaOptions limits)
    {
        _limits = limits;
        var vocabulary = options.Vocabulary;
        (_classifierId, _separatorId, _paddingId) = (vocabulary.ClassifierId, vocabulary.SeparatorId, vocabulary.PaddingId);
        using var stream = vocabulary.Open();
        _tokenizer = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            UnknownToken = WordPieceVocabulary.Unknown,
            ContinuingSubwordPrefix = "##",
            MaxInputCharsPerWord = MaxWordLength,
            Normalizer = new WordPieceNormalizer(options.Lowercase, options.StripAccents, options.SplitCjk),
            PreTokenizer = PreTokenizer.CreateWhiteSpace(),
        });
        Row = new TensorRow(TensorElement.Int64, [options.Length]);
    }

    /// <inheritdoc/>
    public TensorRow Row { get; }

    /// <summary>The factory of this kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem) =>
        TokenizerOptions.Read(context, problem) is { } options ? new TokenizerPreprocessor(options, context.Limits) : null;

    /// <inheritdoc/>
    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!TextDecoder.TryDecode(media.Bytes.Span, _limits, out var text, out failure))
        {
            return false;
        }

        var ids = MemoryMarshal.Cast<byte, long>(row);
        var room = ids.Length - ControlTokens;

        // The tokenizer stops before a word that does not fit completely. Space for one more word keeps those of its pieces that do fit.
        var pieces = Pieces(text, room + MaxWordLength);
        if (pieces.Count == 0)
        {
            failure = new MediaFailure(
                MediaFailureCode.Undecodable, "The text contains only characters that the tokenizer of the expert removes.");
            return false;
        }

        var count = Math.Min(pieces.Count, room);
        ids[0] = _classifierId;
        for (var i = 0; i < count; i++)
        {
            ids[i + 1] = pieces[i];
        }

        ids[count + 1] = _separatorId;
        ids[(count + ControlTokens)..].Fill(_paddingId);
        return true;
    }

    /// <summary>Returns the ids of whole words without [CLS] and [SEP], at most <paramref name="maxCount"/>.</summary>
    internal IReadOnlyList<int> Pieces(string text, int maxCount) => _tokenizer.EncodeToIds(text, maxCount, out _, out _);
}
