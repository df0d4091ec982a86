using System.Text.Json;
using System.Text.Json.Serialization;

namespace Multimodal.Learning.Data;

/// <summary>
/// Trained states as JSON. Doubles are written in their shortest exact form, so a state that is written and read gives the same outputs,
/// bit for bit.
/// </summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string Write<T>(T state) => JsonSerializer.Serialize(state, Options);

    /// <summary>Reads and checks a state.</summary>
    /// <param name="json">The text.</param>
    /// <param name="problems">Finds mistakes in a state.</param>
    /// <exception cref="FormatException">The text is not such a state; the message names every mistake found.</exception>
    public static T Read<T>(string json, Func<T, IEnumerable<string>> problems)
    {
        T state;
        try
        {
            state = JsonSerializer.Deserialize<T>(json, Options) ?? throw new FormatException($"{typeof(T).Name}: the JSON is null.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{typeof(T).Name}: {exception.Message}", exception);
        }

        string[] found = [.. problems(state)];
        return found.Length == 0 ? state : throw new FormatException($"{typeof(T).Name}: {string.Join(" ", found)}");
    }

    public static IEnumerable<string> CheckNumbers(string name, IReadOnlyList<double> values, int length)
    {
        if (values.Count != length)
        {
            yield return $"{name} has {values.Count} numbers; it must have {length}.";
        }
        else if (values.Any(v => !double.IsFinite(v)))
        {
            yield return $"{name} has a number that is not finite.";
        }
    }

    public static IEnumerable<string> CheckMatrix(string name, IReadOnlyList<IReadOnlyList<double>> rows, int rowCount, int length)
    {
        if (rows.Count != rowCount)
        {
            return [$"{name} has {rows.Count} rows; it must have {rowCount}."];
        }

        // The reader accepts null for a row, although the type does not allow it.
        return rows.SelectMany((row, i) => row is null ? [$"{name}[{i}] is null."] : CheckNumbers($"{name}[{i}]", row, length));
    }

    public static IEnumerable<string> CheckNames(string name, IReadOnlyList<string> values)
    {
        if (values.Distinct(StringComparer.Ordinal).Count() != values.Count || values.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{name} has an empty name or the same name twice.";
        }
    }
}
