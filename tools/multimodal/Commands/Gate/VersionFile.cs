using System.Globalization;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Commands.Experts;

namespace Multimodal.Tool.Commands.Gate;

/// <summary>
/// The versions of gate and combiner in an <c>ensemble.json</c>. <c>gate</c> and <c>combiner</c> are the promoted pair, which has what the shares
/// in <c>versions</c> leave.
/// </summary>
internal sealed class VersionFile
{
    private readonly string _folder;
    private readonly JsonObject _json;
    private readonly List<(string File, string Text)> _states = [];

    private VersionFile(string folder, JsonObject json, string promoted) => (_folder, _json, Promoted) = (folder, json, promoted);

    /// <summary>Name of the promoted version.</summary>
    public string Promoted { get; private set; }

    /// <summary>The others with their shares, in the order of the file.</summary>
    public IReadOnlyList<(string Name, double Share)> Others => [.. Entries.Select(entry => (Text(entry, "name"), entry["share"]!.GetValue<double>()))];

    private IEnumerable<JsonObject> Entries => (_json["versions"] as JsonArray ?? []).Select(entry => entry!.AsObject());

    /// <summary>Reads it.</summary>
    /// <param name="folder">The folder with <c>ensemble.json</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="mayBeUntrained">Whether the promoted gate may not be there yet; it has no name then.</param>
    public static async Task<VersionFile> ReadAsync(string folder, CancellationToken cancellationToken, bool mayBeUntrained = false)
    {
        var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
        var promoted = mayBeUntrained && !File.Exists(package.GateFile)
            ? ""
            : GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken)).Version;
        return new VersionFile(folder, await EnsembleFiles.ReadAsync(folder, cancellationToken), promoted);
    }

    /// <summary>Whether there is a version of that name.</summary>
    public bool Has(string name) => name == Promoted || Find(name) is not null;

    /// <summary>A name that no version has: one above the highest that is a number, else 1.</summary>
    public string NextNumber() => Others.Select(other => other.Name).Prepend(Promoted)
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number + 1 : 1)
        .Max().ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a version beside the others, in files of its own.</summary>
    /// <param name="gate">The gate; its version is the name.</param>
    /// <param name="combiner">The combiner that was trained behind it.</param>
    /// <param name="share">Share of the requests that it decides.</param>
    public void Add(GateState gate, CombinerState combiner, double share)
    {
        var (gateFile, combinerFile) = ($"gate-{gate.Version}.json", $"combiner-{gate.Version}.json");
        _states.Add((gateFile, gate.ToJson()));
        _states.Add((combinerFile, (combiner with { Version = gate.Version }).ToJson()));
        Array().Add(Entry(gate.Version, gateFile, combinerFile, share));
    }

    /// <summary>Writes other states over the promoted version's.</summary>
    public void Replace(GateState gate, CombinerState combiner)
    {
        _states.Add((Text(_json, "gate"), gate.ToJson()));
        _states.Add((Text(_json, "combiner"), combiner.ToJson()));
        Promoted = gate.Version;
    }

    /// <summary>Sets the share of a version that is not the promoted one.</summary>
    public void SetShare(string name, double share) => Find(name)!["share"] = share;

    /// <summary>Makes a version the promoted one; the one before stays beside it, with no share.</summary>
    public void Promote(string name)
    {
        if (name == Promoted)
        {
            return;
        }

        var entry = Find(name)!;
        var before = Entry(Promoted, Text(_json, "gate"), Text(_json, "combiner"), 0);
        Array().Remove(entry);
        Array().Insert(0, before);
        (_json["gate"], _json["combiner"], Promoted) = (Text(entry, "gate"), Text(entry, "combiner"), name);
    }

    /// <summary>Leaves every request to the promoted version.</summary>
    public void Return()
    {
        foreach (var entry in Entries)
        {
            entry["share"] = 0.0;
        }
    }

    /// <summary>Takes a version out; its files stay.</summary>
    public void Remove(string name)
    {
        Array().Remove(Find(name)!);
        if (Array().Count == 0)
        {
            _json.Remove("versions");
        }
    }

    /// <summary>Checks everything and writes it.</summary>
    /// <returns>False after telling what is wrong.</returns>
    public Task<bool> WriteAsync(CancellationToken cancellationToken) => EnsembleFiles.WriteAsync(_folder, _json, _states, cancellationToken);

    private JsonObject? Find(string name) => Entries.FirstOrDefault(entry => Text(entry, "name") == name);

    private JsonArray Array() => _json["versions"] as JsonArray ?? EnsembleFiles.Placed(_json, "versions", new JsonArray());

    private static JsonObject Entry(string name, string gate, string combiner, double share) =>
        new() { ["name"] = name, ["gate"] = gate, ["combiner"] = combiner, ["share"] = share };

    private static string Text(JsonObject json, string key) => json[key]!.GetValue<string>();
}
