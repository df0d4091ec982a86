using System.Globalization;
using System.Text.RegularExpressions;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Packages;

/// <summary>Reads the keys of <c>ensemble.json</c> that can change at run time: shadow experts, versions of gate and combiner.</summary>
internal static partial class RolloutReader
{
    /// <summary>Describes <see cref="VersionPattern"/> in error messages. Versions are part of file names.</summary>
    public const string VersionRule = "must be 1 to 64 letters, digits and . _ + -, and start with a letter or digit.";

    [GeneratedRegex("^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$")]
    public static partial Regex VersionPattern();

    /// <summary>Reads <c>shadow</c>: for each shadow expert, the share of requests for which it is asked.</summary>
    /// <param name="fields">The content of the file.</param>
    /// <param name="experts">The names of the experts; null if they have an error.</param>
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
                shares.Report(name, $"is not an expert of the ensemble; its experts: {string.Join(", ", experts)}.");
            }
            else if (shares.Number(name, 0, 1) is { } share)
            {
                shadow[name] = share;
            }
        }

        shares.Close();
        if (experts?.All(shadow.ContainsKey) == true)
        {
            fields.Report("shadow", "names every expert; at least one must affect the answer.");
        }

        return shadow;
    }

    /// <summary>Reads <c>versions</c>: the pairs of gate and combiner beside the promoted one.</summary>
    public static IReadOnlyList<EnsembleVersion> ReadVersions(JsonObjectReader fields, string folder)
    {
        var versions = new List<EnsembleVersion>();
        if (!fields.Has("versions") || fields.Items("versions") is not { } items)
        {
            return versions;
        }

        foreach (var item in items)
        {
            var name = item.Text("name", VersionPattern(), VersionRule);
            var (gate, combiner) = (FileInside(item, "gate"), FileInside(item, "combiner"));
            var share = item.Number("share", 0, 1);
            item.Close();
            if (name is not null && versions.Any(version => version.Name == name))
            {
                item.Report("name", $"repeats '{name}'.");
            }
            else if (name is not null && gate is not null && combiner is not null && share is { } part)
            {
                versions.Add(new EnsembleVersion(name, PathOf(gate), PathOf(combiner), part));
            }
        }

        // The tolerance allows ten shares of 0.1, whose sum is not exactly 1.
        if (versions.Sum(version => version.Share) is > 1 + 1e-9 and var sum)
        {
            fields.Report("versions", string.Create(
                CultureInfo.InvariantCulture,
                $"have shares with a sum of {sum}; it must be at most 1. The promoted version gets the rest."));
        }

        return versions;

        string PathOf(string file) => Path.GetFullPath(Path.Combine(folder, file));
    }

    /// <summary>Reads the name of a file in the ensemble's folder.</summary>
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
