using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Testing;

/// <summary>Preprocessing of kind <c>numbers</c>: a text such as <c>1.5 -2 3e9</c> becomes a row of floats.</summary>
/// <param name="count">Number of values per item.</param>
public sealed class NumbersPreprocessor(int count) : IPreprocessor
{
    /// <summary>The preprocessing kinds of tests: only this one.</summary>
    public static IReadOnlyDictionary<string, PreprocessorFactory> Kinds { get; } = new Dictionary<string, PreprocessorFactory> { ["numbers"] = Create };

    /// <inheritdoc/>
    public TensorRow Row { get; } = new(TensorElement.Float32, [count]);

    /// <summary>Encodes one item.</summary>
    public static byte[] Media(params float[] numbers) =>
        Encoding.UTF8.GetBytes(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));

    /// <inheritdoc/>
    public bool TryPrepare(MediaContent media, Span<byte> row, [NotNullWhen(false)] out MediaFailure? failure)
    {
        var text = Encoding.UTF8.GetString(media.Bytes.Span);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["crash", ..])
        {
            throw new InvalidDataException("A preprocessor with a bug.");
        }

        var numbers = MemoryMarshal.Cast<byte, float>(row);
        failure = words.Length == count ? null : new MediaFailure(MediaFailureCode.Undecodable, $"It holds {words.Length} numbers, not {count}.");
        for (var i = 0; i < words.Length && failure is null; i++)
        {
            if (!float.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                failure = new MediaFailure(MediaFailureCode.Undecodable, $"Word {i + 1} is no number.");
            }
        }

        return failure is null;
    }

    private static NumbersPreprocessor? Create(PreprocessorContext context, Action<string, string> problem)
    {
        var good = context.Options.TryGetProperty("count", out var count) && count.TryGetInt32(out var value) && value > 0;
        if (!good)
        {
            problem("count", "must be a positive whole number.");
            return null;
        }

        return new NumbersPreprocessor(count.GetInt32());
    }
}
