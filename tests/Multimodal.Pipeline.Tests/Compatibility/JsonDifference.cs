using System.Globalization;
using System.Text.Json;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Compares two JSON texts.</summary>
internal static class JsonDifference
{
    /// <summary>The tolerance for numbers, because a float32 model gives other last digits on another processor.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Lists the differences, each with its path.</summary>
    /// <param name="expected">The recorded text.</param>
    /// <param name="actual">The current text.</param>
    /// <param name="except">
    /// Members whose values differ from run to run, by name or by the end of their path. They must exist and have the same kind.
    /// </param>
    public static IReadOnlyList<string> Between(string expected, string actual, params string[] except)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        var found = new List<string>();
        Compare("$", left.RootElement, right.RootElement, except, found);
        return found;
    }

    private static void Compare(string path, JsonElement expected, JsonElement actual, string[] except, List<string> found)
    {
        if (expected.ValueKind != actual.ValueKind)
        {
            found.Add($"{path}: {expected.GetRawText()} became {actual.GetRawText()}");
        }
        else if (Array.Exists(except, end => path.EndsWith("." + end, StringComparison.Ordinal)))
        {
            return;
        }
        else if (expected.ValueKind == JsonValueKind.Object)
        {
            CompareMembers(path, expected, actual, except, found);
        }
        else if (expected.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == actual.GetArrayLength())
        {
            foreach (var (index, (left, right)) in expected.EnumerateArray().Zip(actual.EnumerateArray()).Index())
            {
                Compare(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), left, right, except, found);
            }
        }
        else if (!IsSame(expected, actual))
        {
            found.Add($"{path}: {expected.GetRawText()} became {actual.GetRawText()}");
        }
    }

    private static void CompareMembers(string path, JsonElement expected, JsonElement actual, string[] except, List<string> found)
    {
        var members = actual.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        foreach (var member in expected.EnumerateObject())
        {
            if (members.Remove(member.Name, out var value))
            {
                Compare($"{path}.{member.Name}", member.Value, value, except, found);
            }
            else
            {
                found.Add($"{path}.{member.Name} is gone");
            }
        }

        found.AddRange(members.Keys.Select(name => $"{path}.{name} is new"));
    }

    private static bool IsSame(JsonElement expected, JsonElement actual) => expected.ValueKind == JsonValueKind.Number
        ? Math.Abs(expected.GetDouble() - actual.GetDouble()) <= Tolerance * Math.Max(1, Math.Abs(expected.GetDouble()))
        : expected.GetRawText() == actual.GetRawText();
}
