using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Experts;

/// <summary>
/// Reads the settings of experts: <c>Execution</c>, <c>Batching</c> and <c>Media</c> apply to the whole ensemble.
/// <c>Experts:&lt;name&gt;:Execution</c> and <c>Experts:&lt;name&gt;:Batching</c> override single keys for one expert.
/// </summary>
public static class InferenceConfiguration
{
    /// <summary>The path of the configuration section.</summary>
    public const string SectionName = "Multimodal:Inference";

    private static readonly string[] Keys = ["Execution", "Batching", "Media", "Experts"];
    private static readonly string[] ExpertKeys = ["Execution", "Batching"];

    /// <summary>Reads and validates the settings of each expert.</summary>
    /// <param name="section">The section <see cref="SectionName"/>; an empty one gives the defaults.</param>
    /// <param name="experts">The experts' names.</param>
    /// <exception cref="OptionsValidationException">The section has errors. The exception lists all of them with their keys.</exception>
    public static IReadOnlyDictionary<string, ExpertSettings> Read(IConfigurationSection section, IReadOnlyCollection<string> experts)
    {
        var failures = new List<string>();
        RejectUnknown(section, Keys, failures);
        RejectUnknown(section.GetSection("Experts"), experts, failures);

        var media = Bind(new MediaOptions(), new MediaOptionsValidator(), failures, section.GetSection("Media"));
        var settings = experts.ToDictionary(
            name => name,
            name =>
            {
                var own = section.GetSection("Experts").GetSection(name);
                RejectUnknown(own, ExpertKeys, failures);
                IConfigurationSection[] Layers(string key) => [section.GetSection(key), own.GetSection(key)];
                return new ExpertSettings
                {
                    Execution = Bind(new ExecutionOptions(), new ExecutionOptionsValidator(), failures, Layers("Execution")),
                    Batching = Bind(new BatchingOptions(), new BatchingOptionsValidator(), failures, Layers("Batching")),
                    Media = media,
                };
            },
            StringComparer.Ordinal);

        return failures.Count == 0
            ? settings
            : throw new OptionsValidationException(section.Path, typeof(ExpertSettings), failures.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Binds the sections in order, so that later ones override earlier ones.</summary>
    private static T Bind<T>(T options, IValidateOptions<T> validator, List<string> failures, params IConfigurationSection[] sections)
        where T : class
    {
        foreach (var entry in sections.SelectMany(section => section.GetChildren()))
        {
            Set(options, entry, failures);
        }

        // Range errors are reported at the last section that exists, because it overrides the earlier ones.
        var path = sections.LastOrDefault(section => section.Exists())?.Path ?? sections[0].Path;
        if (validator.Validate(path, options) is { Failed: true, Failures: { } found })
        {
            failures.AddRange(found.Select(failure => $"{path}:{failure}"));
        }

        return options;
    }

    /// <summary>
    /// Sets one property. The binder of .NET stops at the first bad value of a section; this method reports each of them.
    /// </summary>
    private static void Set<T>(T options, IConfigurationSection entry, List<string> failures)
        where T : class
    {
        var property = typeof(T).GetProperty(entry.Key, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
        if (property is null)
        {
            var known = typeof(T).GetProperties().Select(candidate => candidate.Name);
            failures.Add($"{entry.Path}: is not known; known keys: {string.Join(", ", known)}.");
            return;
        }

        try
        {
            if (entry.Get(property.PropertyType) is { } value)
            {
                property.SetValue(options, value);
            }
        }
        catch (InvalidOperationException)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var rule = type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type)) : Describe(type);
            failures.Add($"{entry.Path}: is '{entry.Value}'; it must be {rule}.");
        }
    }

    private static string Describe(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "an integer",
        TypeCode.Double => "a number",
        _ => type == typeof(TimeSpan) ? "a duration, for example 00:00:05" : $"a value of type {type.Name}",
    };

    private static void RejectUnknown(IConfigurationSection section, IReadOnlyCollection<string> known, List<string> failures) =>
        failures.AddRange(section.GetChildren()
            .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path}: is not known; known keys: {string.Join(", ", known)}."));
}
