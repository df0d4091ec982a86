using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.Tokenizers;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Decoding;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// Kind <c>tokenizer</c>, type <c>wordpiece</c>: text to a row of word-piece ids as BERT's models take them, int64 [length]:
/// <c>[CLS]</c>, the pieces, <c>[SEP]</c>, then <c>[PAD]</c> to the end. Of a text that is too long the first pieces stay. In this order:
/// <list type="number">
/// <item><c>stripAccents</c>: canonical decomposition (NFD), then nonspacing marks go.</item>
/// <item>always: white space becomes a space; controls, format characters and private-use characters go.</item>
/// <item><c>lowercase</c>: invariant mapping of each scalar.</item>
/// <item>always, each a word of its own: punctuation and ASCII symbols; with <c>splitCjk</c> each Chinese character.</item>
/// <item>pieces: the longest entry of <c>vocabulary</c> that the rest of the word begins with, after the first piece with <c>##</c>
/// before it; a word that is not made of entries, or longer than 100 UTF-16 units, is <c>[UNK]</c>.</item>
/// </list>
/// A control token that a client writes, such as <c>[SEP]</c>, is ordinary text. The model makes its attention mask from the ids.
/// </summary>
internal sealed class TokenizerPreprocessor : IPreprocessor
{
    private const int MaxWordLength = 100;

    // [CLS] and [SEP].
    private const int Ends = 2;

    private readonly MediaOptions _limits;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly long _classifier;
    private readonly long _separator;
    private readonly long _padding;

    private TokenizerPreprocessor(TokenizerOptions options, MediaOptions limits)
    {
        _limits = limits;
        var vocabulary = options.Vocabulary;
        (_classifier, _separator, _padding) = (vocabulary.ClassifierId, vocabulary.SeparatorId, vocabulary.PaddingId);
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

    /// <summary>The factory of the kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem) =>
        TokenizerOptions.Read(context, problem) is { } options ? new TokenizerPreprocessor(options, context.Limits) : null;

    /// <inheritdoc/>
    public bool TryPrepare(ReadOnlySpan<byte> media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!TextDecoder.TryDecode(media, _limits, out var text, out failure))
        {
            return false;
        }

        var ids = MemoryMarshal.Cast<byte, long>(row);
        var room = ids.Length - Ends;

        // The tokenizer stops before a word that does not fit whole; room for one more word keeps the pieces that do.
        var pieces = Pieces(text, room + MaxWordLength);
        if (pieces.Count == 0)
        {
            failure = new MediaFailure(MediaFailureCode.Empty, "The text has only characters that the expert's tokenizer drops.");
            return false;
        }

        var count = Math.Min(pieces.Count, room);
        ids[0] = _classifier;
        for (var i = 0; i < count; i++)
        {
            ids[i + 1] = pieces[i];
        }

        ids[count + 1] = _separator;
        ids[(count + Ends)..].Fill(_padding);
        return true;
    }

    /// <summary>The ids of the text's words without the ends; words until one would make it more than <paramref name="most"/>.</summary>
    internal IReadOnlyList<int> Pieces(string text, int most) => _tokenizer.EncodeToIds(text, most, out _, out _);
}
