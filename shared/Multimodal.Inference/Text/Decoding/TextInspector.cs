using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Text.Decoding;

/// <summary>
/// Checks that bytes are text in UTF-8, or in UTF-16 with a byte order mark. It makes one pass without a copy and stops at the first
/// limit, so its cost is bounded by <see cref="MediaOptions.TextBytes"/> for any input.
/// </summary>
internal static class TextInspector
{
    private const string Utf8Type = "text/plain; charset=utf-8";
    private const string Utf16Type = "text/plain; charset=utf-16";

    /// <summary>Checks the bytes and counts their characters.</summary>
    /// <param name="bytes">The bytes as the client sent them.</param>
    /// <param name="limits">The media limits.</param>
    /// <param name="info">Type and size, if the result is true. <see cref="MediaInfo.Characters"/> counts Unicode scalar values before
    /// normalization, without the byte order mark.</param>
    /// <param name="failure">The reason, if the result is false: <see cref="MediaFailureCode.Empty"/> without bytes,
    /// <see cref="MediaFailureCode.TooLarge"/>, <see cref="MediaFailureCode.UnsupportedType"/> for binary data (a NUL, or more than one
    /// control character in ten), <see cref="MediaFailureCode.Undecodable"/> for invalid UTF-8 or UTF-16.</param>
    /// <returns>False if the text is refused.</returns>
    public static bool TryInspect(
        ReadOnlySpan<byte> bytes,
        MediaOptions limits,
        [NotNullWhen(true)] out MediaInfo? info,
        [NotNullWhen(false)] out MediaFailure? failure)
    {
        info = null;
        failure = Check(bytes, limits, out var characters, out var encoding);
        if (failure is not null)
        {
            return false;
        }

        info = new MediaInfo
        {
            Modality = Modality.Text,
            MediaType = encoding == TextEncoding.Utf8 ? Utf8Type : Utf16Type,
            Length = bytes.Length,
            Characters = characters,
        };
        return true;
    }

    private static MediaFailure? Check(ReadOnlySpan<byte> bytes, MediaOptions limits, out int characters, out TextEncoding encoding)
    {
        characters = 0;
        var reader = new ScalarReader(bytes);
        encoding = reader.Encoding;
        if (bytes.IsEmpty)
        {
            return new MediaFailure(MediaFailureCode.Empty, "The text has no bytes.");
        }

        if (bytes.Length > limits.TextBytes)
        {
            return new MediaFailure(
                MediaFailureCode.TooLarge, Invariant($"The text has {bytes.Length} bytes; the limit is {limits.TextBytes} bytes."));
        }

        // Most binary files contain a NUL before they contain invalid UTF-8. "Binary data" is the more helpful error.
        if (encoding == TextEncoding.Utf8 && bytes.Contains((byte)0))
        {
            return Binary("it contains a NUL byte");
        }

        var controls = 0;
        OperationStatus status;
        while ((status = reader.TryRead(out var scalar)) == OperationStatus.Done)
        {
            if (++characters > limits.TextCharacters)
            {
                return new MediaFailure(
                    MediaFailureCode.TooLarge,
                    Invariant($"The text is too long; the limit is {limits.TextCharacters} characters (Unicode scalar values)."));
            }

            if (scalar.Value == 0)
            {
                return Binary("it contains a NUL character");
            }

            controls += IsBinaryControl(scalar) ? 1 : 0;
        }

        // A short text may contain one control character.
        if (controls > 1 + (characters / 10))
        {
            return Binary("more than one character in ten is a control character");
        }

        if (status == OperationStatus.InvalidData)
        {
            var name = encoding == TextEncoding.Utf8 ? "UTF-8" : "UTF-16";
            return new MediaFailure(
                MediaFailureCode.Undecodable, Invariant($"The text is not valid {name} after character {characters}. Send UTF-8."));
        }

        return null;
    }

    private static MediaFailure Binary(string why) =>
        new(MediaFailureCode.UnsupportedType, $"The text part contains binary data: {why}. Send UTF-8 text.");

    private static bool IsBinaryControl(Rune scalar) => Rune.IsControl(scalar) && !Rune.IsWhiteSpace(scalar);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
