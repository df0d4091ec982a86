using System.Text.Json;

namespace Multimodal.Learning.Data;

/// <summary>
/// Learned states as JSON text. Doubles are written in their shortest exact form, so a state that is written and read again
/// gives bit-identical outputs.
/// </summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public static string Write<T>(T state) => JsonSerializer.Serialize(state, Options);

    /// <summary>Reads and checks a state; every mistake that can be found is in the one exception.</summary>
    /// <exception cref="FormatException">The text is not such a state.</exception>
    public static T Read<T>(string json, Func<T, IEnumerable<string>> problems)
    {
        T state;
        try
        {
            state = JsonSerializer.Deserialize<T>(json, Options) ?? throw new FormatException($"{typeof(T).Name}: null.");
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
            yield return $"{name} has {values.Count} numbers where {length} are needed.";
        }
        else if (values.Any(v => !double.IsFinite(v)))
        {
            yield return $"{name} holds a number that is not finite.";
        }
    }

    public static IEnumerable<string> CheckMatrix(string name, IReadOnlyList<IReadOnlyList<double>> rows, int rowCount, int length)
    {
        if (rows.Count != rowCount)
        {
            return [$"{name} has {rows.Count} rows where {rowCount} are needed."];
        }

        // The reader takes null for a row, whatever the type says of it.
        return rows.SelectMany((row, i) => row is null ? [$"{name}[{i}] is null."] : CheckNumbers($"{name}[{i}]", row, length));
    }

    public static IEnumerable<string> CheckNames(string name, IReadOnlyList<string> values)
    {
        if (values.Distinct(StringComparer.Ordinal).Count() != values.Count || values.Any(string.IsNullOrWhiteSpace))
        {
            yield return $"{name} holds an empty name or one name twice.";
        }
    }
}
