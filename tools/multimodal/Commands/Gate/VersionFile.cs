using System.Globalization;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Commands.Experts;

namespace Multimodal.Tool.Commands.Gate;

/// <summary>
/// The versions of gate and combiner in an <c>ensemble.json</c>. <c>gate</c> and <c>combiner</c> are the promoted pair, which gets the
/// share that <c>versions</c> leaves.
/// </summary>
internal sealed class VersionFile
{
    private readonly string _folder;
    private readonly JsonObject _json;
    private readonly List<(string File, string Text)> _states = [];

    private VersionFile(string folder, JsonObject json, string promoted) => (_folder, _json, Promoted) = (folder, json, promoted);

    /// <summary>Name of the promoted version.</summary>
    public string Promoted { get; private set; }

    /// <summary>The other versions with their shares, in file order.</summary>
    public IReadOnlyList<(string Name, double Share)> Others => [.. Entries.Select(entry => (Text(entry, "name"), entry["share"]!.GetValue<double>()))];

    private IEnumerable<JsonObject> Entries => (_json["versions"] as JsonArray ?? []).Select(entry => entry!.AsObject());

    /// <summary>Reads the versions of an ensemble.</summary>
    /// <param name="folder">The folder with <c>ensemble.json</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <param name="mayBeUntrained">Whether the promoted gate may be missing; its name is then empty.</param>
    public static async Task<VersionFile> ReadAsync(string folder, CancellationToken cancellationToken, bool mayBeUntrained = false)
    {
        var package = EnsemblePackageReader.Read(folder, new MediaOptions()).OrThrow();
        var promoted = mayBeUntrained && !File.Exists(package.GateFile)
            ? ""
            : GateState.FromJson(await File.ReadAllTextAsync(package.GateFile, cancellationToken)).Version;
        return new VersionFile(folder, await EnsembleFiles.ReadAsync(folder, cancellationToken), promoted);
    }

    /// <summary>Whether a version of that name exists.</summary>
    public bool Has(string name) => name == Promoted || Find(name) is not null;

    /// <summary>An unused name: one above the highest numeric name, else 1.</summary>
    public string NextNumber() => Others.Select(other => other.Name).Prepend(Promoted)
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? number + 1 : 1)
        .Max().ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a version in separate files.</summary>
    /// <param name="gate">The gate; its version is the name.</param>
    /// <param name="combiner">The combiner that was trained with it.</param>
    /// <param name="share">Share of the requests that use it.</param>
    public void Add(GateState gate, CombinerState combiner, double share)
    {
        var (gateFile, combinerFile) = ($"gate-{gate.Version}.json", $"combiner-{gate.Version}.json");
        _states.Add((gateFile, gate.ToJson()));
        _states.Add((combinerFile, (combiner with { Version = gate.Version }).ToJson()));
        Array().Add(Entry(gate.Version, gateFile, combinerFile, share));
    }

    /// <summary>Replaces the promoted version.</summary>
    public void Replace(GateState gate, CombinerState combiner)
    {
        _states.Add((Text(_json, "gate"), gate.ToJson()));
        _states.Add((Text(_json, "combiner"), combiner.ToJson()));
        Promoted = gate.Version;
    }

    /// <summary>Sets the share of a version other than the promoted one.</summary>
    public void SetShare(string name, double share) => Find(name)!["share"] = share;

    /// <summary>Promotes a version; the previous one stays with share 0.</summary>
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

    /// <summary>Sets the shares of all other versions to 0.</summary>
    public void Return()
    {
        foreach (var entry in Entries)
        {
            entry["share"] = 0.0;
        }
    }

    /// <summary>Removes a version; its files stay.</summary>
    public void Remove(string name)
    {
        Array().Remove(Find(name)!);
        if (Array().Count == 0)
        {
            _json.Remove("versions");
        }
    }

    /// <summary>Checks the ensemble and writes it.</summary>
    /// <returns>False if the ensemble is invalid; the problems are printed.</returns>
    public Task<bool> WriteAsync(CancellationToken cancellationToken) => EnsembleFiles.WriteAsync(_folder, _json, _states, cancellationToken);

    private JsonObject? Find(string name) => Entries.FirstOrDefault(entry => Text(entry, "name") == name);

    private JsonArray Array() => _json["versions"] as JsonArray ?? EnsembleFiles.InsertBeforeGate(_json, "versions", new JsonArray());

    private static JsonObject Entry(string name, string gate, string combiner, double share) =>
        new() { ["name"] = name, ["gate"] = gate, ["combiner"] = combiner, ["share"] = share };

    private static string Text(JsonObject json, string key) => json[key]!.GetValue<string>();
}
