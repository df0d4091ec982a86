using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>The files of an ensemble that change when its experts do.</summary>
internal static class EnsembleFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of <c>ensemble.json</c> with other experts.</summary>
    public static async Task<string> WithExpertsAsync(string folder, Func<IEnumerable<string>, IEnumerable<string>> change, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(folder, EnsemblePackageReader.FileName), cancellationToken);
        var json = JsonNode.Parse(text)!.AsObject();
        var names = json["experts"]!.AsArray().Select(name => name!.GetValue<string>());
        json["experts"] = new JsonArray([.. change(names).Select(name => (JsonNode)name)]);
        return json.ToJsonString(Readable) + "\n";
    }

    /// <summary>Writes all three, each whole or not at all; a service reads them when it starts.</summary>
    public static async Task WriteAsync(EnsemblePackage package, string ensemble, GateState gate, CombinerState combiner, CancellationToken cancellationToken)
    {
        (string File, string Text)[] files =
        [
            (package.GateFile, gate.ToJson()), (package.CombinerFile, combiner.ToJson()), (Path.Combine(package.Folder, EnsemblePackageReader.FileName), ensemble),
        ];
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(file + ".new", text, cancellationToken);
        }

        foreach (var (file, _) in files)
        {
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    /// <summary>The ensemble as it would be with another <c>ensemble.json</c>: a folder of links that is gone when disposed of.</summary>
    public sealed class Staged : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("multimodal-experts-");

        public Staged(string folder, string ensemble)
        {
            foreach (var expert in Directory.GetDirectories(folder))
            {
                Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(expert)), Path.GetFullPath(expert));
            }

            File.WriteAllText(Path.Combine(_folder.FullName, EnsemblePackageReader.FileName), ensemble);
        }

        public string Folder => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
