using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Reads the settings in deployment files as the service does.</summary>
internal static partial class Settings
{
    /// <summary>Binds the settings. Fails with all unknown names and invalid values.</summary>
    /// <param name="environment">Environment variables. Those of other programs are ignored.</param>
    public static MultimodalOptions Bind(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var ours = environment
            .Where(variable => variable.Key.StartsWith("Multimodal__", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)Default(variable.Value));
        Assert.NotEmpty(ours);
        var section = new ConfigurationBuilder().AddInMemoryCollection(ours).Build().GetSection(MultimodalOptions.Section);
        return new StrictOptionsFactory(section).Create("");
    }

    /// <summary>Finds all setting names in a text.</summary>
    public static IEnumerable<string> NamesIn(string text) => Name().Matches(text).Select(match => match.Value);

    /// <summary>Whether the setting exists. The keys of a map are arbitrary.</summary>
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

    /// <summary>Resolves <c>${NAME:-default}</c> like Compose if the variable is not set.</summary>
    public static string Default(string value) => Variable().Replace(value, match => match.Groups["default"].Value);

    [GeneratedRegex(@"\$\{[A-Z_]+(:-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bMultimodal__\w+")]
    private static partial Regex Name();
}
