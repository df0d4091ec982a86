using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Multimodal.Inference.Batching;
using Multimodal.Inference.Media;
using Multimodal.Inference.Sessions;

namespace Multimodal.Inference.Experts;

/// <summary>
/// Reads how experts run: <c>Execution</c>, <c>Batching</c> and <c>Media</c> for the whole ensemble, and
/// <c>Experts:&lt;name&gt;:Execution</c> and <c>Experts:&lt;name&gt;:Batching</c>, key by key, over them.
/// </summary>
public static class InferenceConfiguration
{
    /// <summary>Where the section lies.</summary>
    public const string SectionName = "Multimodal:Inference";

    private static readonly string[] Keys = ["Execution", "Batching", "Media", "Experts"];
    private static readonly string[] ExpertKeys = ["Execution", "Batching"];

    /// <summary>Reads and checks the settings of each expert.</summary>
    /// <param name="section">The section <see cref="SectionName"/>; an empty one gives the defaults.</param>
    /// <param name="experts">The experts' names.</param>
    /// <exception cref="OptionsValidationException">Any mistake; its failures are all of them, each with its key.</exception>
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
                return new ExpertSettings
                {
                    Execution = Bind(new ExecutionOptions(), new ExecutionOptionsValidator(), failures, section.GetSection("Execution"), own.GetSection("Execution")),
                    Batching = Bind(new BatchingOptions(), new BatchingOptionsValidator(), failures, section.GetSection("Batching"), own.GetSection("Batching")),
                    Media = media,
                };
            },
            StringComparer.Ordinal);

        return failures.Count == 0
            ? settings
            : throw new OptionsValidationException(section.Path, typeof(ExpertSettings), failures.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Binds the sections one over the other. A mistake in a shared section is found once per expert and reported once.</summary>
    private static T Bind<T>(T options, IValidateOptions<T> validator, List<string> failures, params IConfigurationSection[] sections)
        where T : class
    {
        foreach (var entry in sections.SelectMany(section => section.GetChildren()))
        {
            Set(options, entry, failures);
        }

        // The last section that says anything is the one to look at.
        var path = sections.LastOrDefault(section => section.Exists())?.Path ?? sections[0].Path;
        if (validator.Validate(path, options) is { Failed: true, Failures: { } found })
        {
            failures.AddRange(found.Select(failure => $"{path}:{failure}"));
        }

        return options;
    }

    /// <summary>Sets one property. The binder would stop at the first bad value of a section; this reports them all.</summary>
    private static void Set<T>(T options, IConfigurationSection entry, List<string> failures)
        where T : class
    {
        var property = typeof(T).GetProperty(entry.Key, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
        if (property is null)
        {
            var known = typeof(T).GetProperties().Select(candidate => candidate.Name);
            failures.Add($"{entry.Path}: is not known; known are: {string.Join(", ", known)}.");
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
            var rule = type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type)) : $"a value of type {type.Name}";
            failures.Add($"{entry.Path}: is '{entry.Value}'; it must be {rule}.");
        }
    }

    private static void RejectUnknown(IConfigurationSection section, IReadOnlyCollection<string> known, List<string> failures) =>
        failures.AddRange(section.GetChildren()
            .Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path}: is not known; known are: {string.Join(", ", known)}."));
}
