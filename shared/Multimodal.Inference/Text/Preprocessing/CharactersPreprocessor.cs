using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Decoding;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// Kind <c>characters</c>: converts text to a row of character ids, int64 [length]. The steps, in this order:
/// <list type="number">
/// <item><c>foldDigits</c>: a scalar value of category Nd, Nl or No with the Unicode numeric value 0 to 9 becomes that ASCII digit.
/// Examples are Arabic-Indic, full-width, superscript and circled digits, and the Roman numerals at U+2160. Ideographs such as U+4E03 are
/// letters and do not change.</item>
/// <item><c>normalise</c>: Unicode normalization to NFC or NFKC.</item>
/// <item><c>stripMarks</c>: canonical decomposition (NFD), then nonspacing and enclosing marks are removed: accents, variation
/// selectors, the frame of keycaps.</item>
/// <item><c>lowercase</c>: invariant simple case mapping of each scalar value.</item>
/// <item>Always: runs of white space become one space. White space at the start and the end, and other control and format characters,
/// are removed.</item>
/// <item><c>window</c>: selects the characters of a text that is too long.</item>
/// <item>Ids: 0 is padding at the end. 1 to A are the characters of <c>alphabet</c> in order. All others share A + 1 to
/// A + <c>buckets</c>. Their bucket is FNV-1a of the four bytes of the scalar value, lowest first, modulo <c>buckets</c>.</item>
/// </list>
/// </summary>
internal sealed class CharactersPreprocessor : IPreprocessor
{
    private static readonly Rune Space = new(' ');

    private readonly CharactersOptions _options;
    private readonly MediaOptions _limits;
    private readonly FrozenDictionary<Rune, long> _ids;

    private CharactersPreprocessor(CharactersOptions options, MediaOptions limits)
    {
        _options = options;
        _limits = limits;
        _ids = options.Alphabet.Select((scalar, index) => KeyValuePair.Create(scalar, index + 1L)).ToFrozenDictionary();
        Row = new TensorRow(TensorElement.Int64, [options.Length]);
    }

    /// <inheritdoc/>
    public TensorRow Row { get; }

    /// <summary>The factory of this kind.</summary>
    public static IPreprocessor? Create(PreprocessorContext context, Action<string, string> problem) =>
        CharactersOptions.Read(context.Options, problem) is { } options ? new CharactersPreprocessor(options, context.Limits) : null;

    /// <inheritdoc/>
    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        if (!TextDecoder.TryDecode(media.Bytes.Span, _limits, out var text, out failure))
        {
            return false;
        }

        var ids = MemoryMarshal.Cast<byte, long>(row);
        ids.Clear();
        var scalars = CollectionsMarshal.AsSpan(Scalars(text));
        if (scalars.Length <= ids.Length)
        {
            WriteIds(scalars, ids);
        }
        else if (_options.Window == CharacterWindow.Ends)
        {
            var head = (ids.Length + 1) / 2;
            WriteIds(scalars[..head], ids);
            WriteIds(scalars[^(ids.Length - head)..], ids[head..]);
        }
        else
        {
            var start = _options.Window == CharacterWindow.Digit ? StartBeforeDigit(scalars, ids.Length) : 0;
            WriteIds(scalars.Slice(start, ids.Length), ids);
        }

        return true;
    }

    private List<Rune> Scalars(string text)
    {
        text = _options.FoldDigits ? FoldDigits(text) : text;
        text = text.Normalize(_options.Normalise);
        text = _options.StripMarks ? text.Normalize(NormalizationForm.FormD) : text;

        var scalars = new List<Rune>(text.Length);
        foreach (var scalar in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(scalar);
            if (Rune.IsWhiteSpace(scalar))
            {
                if (scalars.Count > 0 && scalars[^1] != Space)
                {
                    scalars.Add(Space);
                }
            }
            else if (category is UnicodeCategory.Control or UnicodeCategory.Format
                || (_options.StripMarks && category is (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)))
            {
                continue;
            }
            else
            {
                scalars.Add(_options.Lowercase ? Rune.ToLowerInvariant(scalar) : scalar);
            }
        }

        if (scalars.Count > 0 && scalars[^1] == Space)
        {
            scalars.RemoveAt(scalars.Count - 1);
        }

        return scalars;
    }

    private static string FoldDigits(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var folded = new StringBuilder(text.Length);
        foreach (var scalar in text.EnumerateRunes())
        {
            folded.Append(DigitValue(scalar) is { } digit ? new Rune('0' + digit) : scalar);
        }

        return folded.ToString();
    }

    private static int? DigitValue(Rune scalar)
    {
        if (Rune.GetUnicodeCategory(scalar)
            is not (UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber))
        {
            return null;
        }

        var value = Rune.GetNumericValue(scalar);
        return value is >= 0 and <= 9 && value == Math.Floor(value) ? (int)value : null;
    }

    private static int StartBeforeDigit(ReadOnlySpan<Rune> scalars, int length)
    {
        for (var i = 0; i < scalars.Length; i++)
        {
            if (scalars[i].Value is >= '0' and <= '9')
            {
                return Math.Clamp(i - (length / 4), 0, scalars.Length - length);
            }
        }

        return 0;
    }

    private void WriteIds(ReadOnlySpan<Rune> scalars, Span<long> ids)
    {
        for (var i = 0; i < scalars.Length; i++)
        {
            ids[i] = _ids.TryGetValue(scalars[i], out var id)
                ? id
                : 1 + _ids.Count + (Fnv1a.Add(Fnv1a.Start, scalars[i]) % (uint)_options.Buckets);
        }
    }
}
