using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>Reads and writes the files of an ensemble that change with its experts or versions.</summary>
internal static class EnsembleFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads <c>ensemble.json</c> for modification.</summary>
    public static async Task<JsonObject> ReadAsync(string folder, CancellationToken cancellationToken) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, EnsemblePackageReader.FileName), cancellationToken))!.AsObject();

    /// <summary>Changes the list of experts.</summary>
    public static void SetExperts(JsonObject json, Func<IEnumerable<string>, IEnumerable<string>> change)
    {
        var names = json["experts"]!.AsArray().Select(name => name!.GetValue<string>());
        json["experts"] = new JsonArray([.. change(names).Select(name => (JsonNode)name)]);
    }

    /// <summary>Sets the shadow share of an expert, or removes the expert from shadow with null.</summary>
    public static void SetShadow(JsonObject json, string expert, double? share)
    {
        var shadow = json["shadow"] as JsonObject;
        if (share is { } part)
        {
            (shadow ?? InsertBeforeGate(json, "shadow", new JsonObject()))[expert] = part;
        }
        else if (shadow?.Remove(expert) == true && shadow.Count == 0)
        {
            json.Remove("shadow");
        }
    }

    /// <summary>
    /// Checks the changed ensemble and writes it if it is valid. Each file is replaced atomically, <c>ensemble.json</c> last. A running
    /// service loads the change.
    /// </summary>
    /// <returns>False if the ensemble is invalid; the problems are printed and nothing is written.</returns>
    public static async Task<bool> WriteAsync(string folder, JsonObject json, IEnumerable<(string File, string Text)> states, CancellationToken cancellationToken)
    {
        (string File, string Text)[] files = [.. states, (EnsemblePackageReader.FileName, Text(json))];
        using (var staged = new Staged(folder, files))
        {
            var problems = EnsembleFolder.Check(staged.Folder, new MediaOptions());
            if (staged.PrintProblems(problems))
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

    /// <summary>Inserts a key before the gate, the usual place in the file.</summary>
    public static T InsertBeforeGate<T>(JsonObject json, string key, T value)
        where T : JsonNode
    {
        json.Insert(json.IndexOf("gate"), key, value);
        return value;
    }

    /// <summary>A temporary copy of the ensemble with some files changed, made of symbolic links and deleted on disposal.</summary>
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

        /// <summary>Prints problems with the paths of the real files.</summary>
        /// <returns>Whether there are any.</returns>
        public bool PrintProblems(IReadOnlyList<PackageProblem> problems)
        {
            foreach (var problem in problems)
            {
                Terminal.Line($"[red]{problem.ToString().Replace(Folder, _original, StringComparison.Ordinal)}[/]");
            }

            return problems.Count > 0;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }

    /// <summary>Returns the text that <see cref="WriteAsync"/> would write.</summary>
    public static string Text(JsonObject json) => json.ToJsonString(Indented) + "\n";
}
