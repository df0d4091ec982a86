using System.Globalization;
using System.Text.RegularExpressions;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Packages;

/// <summary>The keys of <c>ensemble.json</c> that change while a service runs: experts in shadow, versions of gate and combiner.</summary>
internal static partial class RolloutReader
{
    /// <summary>What a version may be called; it is a part of file names.</summary>
    public const string VersionRule = "must be 1 to 64 letters, digits and . _ + -, a letter or digit first.";

    [GeneratedRegex("^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$")]
    public static partial Regex VersionName();

    /// <summary>Reads <c>shadow</c>: the experts that do not count, each with the share of requests it is asked about.</summary>
    /// <param name="fields">The file.</param>
    /// <param name="experts">The ensemble's experts; null when they could not be read.</param>
    public static IReadOnlyDictionary<string, double> ReadShadow(JsonObjectReader fields, IReadOnlyList<string>? experts)
    {
        var shadow = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!fields.Has("shadow") || fields.Object("shadow") is not { } element || fields.Fields("shadow") is not { } shares)
        {
            return shadow;
        }

        foreach (var name in element.EnumerateObject().Select(field => field.Name).Distinct())
        {
            if (experts?.Contains(name) == false)
            {
                shares.Has(name);
                shares.Report(name, $"is none of the experts; they are: {string.Join(", ", experts)}.");
            }
            else if (shares.Number(name, 0, 1) is { } share)
            {
                shadow[name] = share;
            }
        }

        shares.Close();
        if (experts?.All(shadow.ContainsKey) == true)
        {
            fields.Report("shadow", "names every expert; at least one must count.");
        }

        return shadow;
    }

    /// <summary>Reads <c>versions</c>: gates and combiners beside the promoted ones.</summary>
    public static IReadOnlyList<EnsembleVersion> ReadVersions(JsonObjectReader fields, string folder)
    {
        var versions = new List<EnsembleVersion>();
        if (!fields.Has("versions") || fields.Items("versions") is not { } items)
        {
            return versions;
        }

        foreach (var item in items)
        {
            var name = item.Text("name", VersionName(), VersionRule);
            var (gate, combiner) = (FileInside(item, "gate"), FileInside(item, "combiner"));
            var share = item.Number("share", 0, 1);
            item.Close();
            if (name is not null && versions.Any(version => version.Name == name))
            {
                item.Report("name", $"repeats '{name}'.");
            }
            else if (name is not null && gate is not null && combiner is not null && share is { } part)
            {
                versions.Add(new EnsembleVersion(name, Path.GetFullPath(Path.Combine(folder, gate)), Path.GetFullPath(Path.Combine(folder, combiner)), part));
            }
        }

        // A tenth ten times is a little less or more than one.
        if (versions.Sum(version => version.Share) is > 1 + 1e-9 and var sum)
        {
            fields.Report("versions", string.Create(CultureInfo.InvariantCulture, $"have shares of {sum} together; they can have at most 1, the rest is the promoted version's."));
        }

        return versions;
    }

    /// <summary>The name of a file in the ensemble's own folder.</summary>
    public static string? FileInside(JsonObjectReader fields, string key)
    {
        var file = fields.Text(key);
        if (file is not null && Path.GetFileName(file) != file)
        {
            fields.Report(key, "must be the name of a file in the ensemble's folder.");
        }

        return file;
    }
}
