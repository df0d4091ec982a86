using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Options in the query string, for clients that send a file as the body.</summary>
internal static class QueryOptions
{
    private static readonly string[] Numbers = ["k", "price", "budget", "deadlineMs"];

    /// <summary>Reads the options.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="isOnlyPlace">
    /// Whether the body has no place for options, so that an unknown name can only be a misspelt option. Beside a form, unknown names are ignored.
    /// </param>
    /// <returns>A JSON object like the field options; null without options.</returns>
    public static JsonElement? Read(IQueryCollection query, bool isOnlyPlace)
    {
        var set = query.Where(parameter => isOnlyPlace || RequestOptionsReader.Names.Contains(parameter.Key, StringComparer.Ordinal)).ToArray();
        if (set.Length == 0)
        {
            return null;
        }

        var values = set.ToDictionary(parameter => parameter.Key, parameter => Value(parameter.Key, parameter.Value.ToString()), StringComparer.Ordinal);
        return JsonSerializer.SerializeToElement(values);
    }

    private static object? Value(string name, string text) =>
        text.Length == 0 ? null
        : name == "experts" ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : Numbers.Contains(name, StringComparer.Ordinal) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : text;
}
