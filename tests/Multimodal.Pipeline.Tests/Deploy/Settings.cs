using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Settings as deployment files write them, read as the service would read them.</summary>
internal static partial class Settings
{
    /// <summary>Binds them; fails with every name that does not exist and every value that cannot be.</summary>
    /// <param name="environment">Environment variables; others than ours are left out.</param>
    public static MultimodalOptions Bind(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var ours = environment
            .Where(variable => variable.Key.StartsWith("Multimodal__", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)Default(variable.Value));
        Assert.NotEmpty(ours);
        var section = new ConfigurationBuilder().AddInMemoryCollection(ours).Build().GetSection(MultimodalOptions.Section);
        return new StrictOptionsFactory(section).Create("");
    }

    /// <summary>Every name of a setting in a text.</summary>
    public static IEnumerable<string> NamesIn(string text) => Name().Matches(text).Select(match => match.Value);

    /// <summary>Whether the options tree has the name; what a map calls its entries is free.</summary>
    public static bool IsKnown(string name)
    {
        var type = typeof(MultimodalOptions);
        foreach (var part in name.Split("__").Skip(1))
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            {
                type = type.GenericTypeArguments[1];
                continue;
            }

            if (type.GetProperty(part) is not { } property)
            {
                return false;
            }

            type = property.PropertyType;
        }

        return type.IsValueType || type == typeof(string) || type.Name == "Nullable`1";
    }

    /// <summary><c>${NAME:-default}</c> as Compose reads it when the variable is not set.</summary>
    public static string Default(string value) => Variable().Replace(value, match => match.Groups["default"].Value);

    [GeneratedRegex(@"\$\{[A-Z_]+(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bMultimodal__\w+")]
    private static partial Regex Name();
}
