using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>The files of an ensemble that change when its experts or its versions do.</summary>
internal static class EnsembleFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>ensemble.json</c>, to be changed.</summary>
    public static async Task<JsonObject> ReadAsync(string folder, CancellationToken cancellationToken) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, EnsemblePackageReader.FileName), cancellationToken))!.AsObject();

    /// <summary>Changes which experts it names, in which order.</summary>
    public static void SetExperts(JsonObject json, Func<IEnumerable<string>, IEnumerable<string>> change)
    {
        var names = json["experts"]!.AsArray().Select(name => name!.GetValue<string>());
        json["experts"] = new JsonArray([.. change(names).Select(name => (JsonNode)name)]);
    }

    /// <summary>Puts an expert into shadow with a share of the requests, or takes it out with null.</summary>
    public static void SetShadow(JsonObject json, string expert, double? share)
    {
        var shadow = json["shadow"] as JsonObject;
        if (share is { } part)
        {
            (shadow ?? Placed(json, "shadow", new JsonObject()))[expert] = part;
        }
        else if (shadow?.Remove(expert) == true && shadow.Count == 0)
        {
            json.Remove("shadow");
        }
    }

    /// <summary>
    /// Checks the ensemble as it would be, and writes it if it is good: every file whole or not at all, <c>ensemble.json</c> last. A running service
    /// takes it up.
    /// </summary>
    /// <returns>False after telling what is wrong; nothing is written then.</returns>
    public static async Task<bool> WriteAsync(string folder, JsonObject json, IEnumerable<(string File, string Text)> states, CancellationToken cancellationToken)
    {
        (string File, string Text)[] files = [.. states, (EnsemblePackageReader.FileName, Text(json))];
        using (var staged = new Staged(folder, files))
        {
            var problems = EnsembleFolder.Check(staged.Folder, new MediaOptions());
            if (staged.Tell(problems))
            {
                return false;
            }
        }

        foreach (var (file, content) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file + ".new"), content, cancellationToken);
        }

        foreach (var (file, _) in files)
        {
            File.Move(Path.Combine(folder, file + ".new"), Path.Combine(folder, file), overwrite: true);
        }

        return true;
    }

    /// <summary>Adds a key where a reader looks for it: before the gate.</summary>
    public static T Placed<T>(JsonObject json, string key, T value)
        where T : JsonNode
    {
        json.Insert(json.IndexOf("gate"), key, value);
        return value;
    }

    /// <summary>The ensemble as it would be with some files changed: a folder of links that is gone when disposed of.</summary>
    public sealed class Staged : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("multimodal-experts-");
        private readonly string _original;

        public Staged(string folder, params (string File, string Text)[] files)
        {
            _original = folder;
            foreach (var expert in Directory.GetDirectories(folder))
            {
                Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(expert)), Path.GetFullPath(expert));
            }

            foreach (var other in Directory.GetFiles(folder, "*.json").Where(other => files.All(file => file.File != Path.GetFileName(other))))
            {
                File.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(other)), Path.GetFullPath(other));
            }

            foreach (var (file, text) in files)
            {
                File.WriteAllText(Path.Combine(_folder.FullName, file), text);
            }
        }

        public string Folder => _folder.FullName;

        /// <summary>Says what is wrong, under the names of the real files.</summary>
        /// <returns>Whether anything is.</returns>
        public bool Tell(IReadOnlyList<PackageProblem> problems)
        {
            foreach (var problem in problems)
            {
                Terminal.Line($"[red]{problem.ToString().Replace(Folder, _original, StringComparison.Ordinal)}[/]");
            }

            return problems.Count > 0;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    /// <summary>The text that <see cref="WriteAsync"/> would write.</summary>
    public static string Text(JsonObject json) => json.ToJsonString(Readable) + "\n";
}
