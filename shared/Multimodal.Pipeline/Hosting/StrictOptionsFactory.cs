using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Binds and validates the configuration, and reports all errors at once: unknown names (a misspelt setting would otherwise be ignored),
/// values of the wrong type, and values out of range.
/// </summary>
internal sealed class StrictOptionsFactory(IConfigurationSection section) : IOptionsFactory<MultimodalOptions>
{
    /// <exception cref="OptionsValidationException">The configuration is invalid; the exception lists all errors.</exception>
    public MultimodalOptions Create(string name)
    {
        var failures = new List<string>();
        var valid = new Dictionary<string, string?>();
        Collect(section, typeof(MultimodalOptions), valid, failures);

        // Valid values are bound even if others are not, so that their ranges are checked too.
        var options = new MultimodalOptions();
        new ConfigurationBuilder().AddInMemoryCollection(valid).Build().GetSection(section.Path).Bind(options);
        if (new MultimodalOptionsValidator().Validate(MultimodalOptions.Section, options) is { Failed: true, Failures: { } found })
        {
            failures.AddRange(found);
        }

        failures.AddRange(KeyOptions.Check(options.Keys, $"{section.Path}:{nameof(MultimodalOptions.Keys)}"));

        return failures.Count == 0 ? options : throw new OptionsValidationException(name, typeof(MultimodalOptions), failures);
    }

    private static void Collect(IConfigurationSection section, Type type, Dictionary<string, string?> valid, List<string> failures)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                failures.Add($"{child.Path}: unknown setting; known settings are: {string.Join(", ", Names(type))}.");
            }
            else if (property.PropertyType is { IsGenericType: true } map && map.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            {
                CheckIsSection(child, failures);
                foreach (var entry in child.GetChildren())
                {
                    // The binder ignores an empty entry. If it is the only API key, the service would accept requests without a key.
                    if (!entry.GetChildren().Any())
                    {
                        failures.Add($"{entry.Path}: must have at least one of the settings: {string.Join(", ", Names(map.GenericTypeArguments[1]))}.");
                    }

                    Collect(entry, map.GenericTypeArguments[1], valid, failures);
                }
            }
            else if (property.PropertyType.IsClass && property.PropertyType != typeof(string))
            {
                CheckIsSection(child, failures);
                Collect(child, property.PropertyType, valid, failures);
            }
            else if (IsValue(child.Value, property.PropertyType))
            {
                valid[child.Path] = child.Value;
            }
            else
            {
                failures.Add($"{child.Path}: '{child.Value}' must be {KindOf(property.PropertyType)}.");
            }
        }
    }

    /// <summary>
    /// Reports a value at the path of a section, which the binder would ignore. The message omits the value, which may be a secret.
    /// </summary>
    private static void CheckIsSection(IConfigurationSection section, List<string> failures)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            failures.Add($"{section.Path}: is a section of settings and cannot have a value.");
        }
    }

    private static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(known => known.Name);

    private static string KindOf(Type type)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        return kind == typeof(bool) ? "true or false"
            : kind.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(kind))}"
            : kind == typeof(int) || kind == typeof(long) ? "an integer"
            : kind == typeof(float) || kind == typeof(double) ? "a number"
            : $"of type {kind.Name}";
    }

    private static bool IsValue(string? text, Type type)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text ?? "");
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }
}
