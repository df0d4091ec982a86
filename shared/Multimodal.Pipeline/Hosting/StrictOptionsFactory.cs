using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Pipeline.Hosting;

/// <summary>
/// Binds and checks the configuration tree, and reports all mistakes at once: names that do not exist (a misspelt setting would
/// otherwise be ignored), values of the wrong type, values out of range.
/// </summary>
internal sealed class StrictOptionsFactory(IConfigurationSection section) : IOptionsFactory<MultimodalOptions>
{
    /// <exception cref="OptionsValidationException">There are mistakes; its failures are all of them.</exception>
    public MultimodalOptions Create(string name)
    {
        var failures = new List<string>();
        var good = new Dictionary<string, string?>();
        Walk(section, typeof(MultimodalOptions), good, failures);

        // What is good is bound even when something else is not, so that its ranges are checked in the same go.
        var options = new MultimodalOptions();
        new ConfigurationBuilder().AddInMemoryCollection(good).Build().GetSection(section.Path).Bind(options);
        if (new MultimodalOptionsValidator().Validate(MultimodalOptions.Section, options) is { Failed: true, Failures: { } found })
        {
            failures.AddRange(found);
        }

        failures.AddRange(KeyOptions.Check(options.Keys, $"{section.Path}:{nameof(MultimodalOptions.Keys)}"));

        return failures.Count == 0 ? options : throw new OptionsValidationException(name, typeof(MultimodalOptions), failures);
    }

    private static void Walk(IConfigurationSection section, Type type, Dictionary<string, string?> good, List<string> failures)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                failures.Add($"{child.Path}: is not known; known are: {string.Join(", ", Names(type))}.");
            }
            else if (property.PropertyType is { IsGenericType: true } map && map.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            {
                CheckIsSection(child, failures);
                foreach (var entry in child.GetChildren())
                {
                    // An entry that says nothing would be none: without its only key the service would be open to everybody.
                    if (!entry.GetChildren().Any())
                    {
                        failures.Add($"{entry.Path}: needs settings of its own: {string.Join(", ", Names(map.GenericTypeArguments[1]))}.");
                    }

                    Walk(entry, map.GenericTypeArguments[1], good, failures);
                }
            }
            else if (property.PropertyType.IsClass && property.PropertyType != typeof(string))
            {
                CheckIsSection(child, failures);
                Walk(child, property.PropertyType, good, failures);
            }
            else if (IsValue(child.Value, property.PropertyType))
            {
                good[child.Path] = child.Value;
            }
            else
            {
                failures.Add($"{child.Path}: '{child.Value}' is no {(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).Name}.");
            }
        }
    }

    /// <summary>A value where settings belong would be ignored. It is not repeated: it may be a secret in the wrong place.</summary>
    private static void CheckIsSection(IConfigurationSection section, List<string> failures)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            failures.Add($"{section.Path}: holds settings, so it cannot have a value.");
        }
    }

    private static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(known => known.Name);

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
