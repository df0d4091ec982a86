using System.Text.Encodings.Web;
using System.Text.Json;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>
/// Files that the previous build wrote, under <c>files</c>. With <c>COMPATIBILITY_RECORD=1</c>, in a checkout of the build to record, tests
/// write their files.
/// </summary>
internal static class Recorded
{
    /// <summary>The format of files that people read.</summary>
    public static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Members of an answer that differ from run to run.</summary>
    public static readonly string[] Timings = ["featuresMs", "gateMs", "totalMs", "queueMs", "preprocessMs", "inferenceMs", "batchSize"];

    /// <summary>Whether to write files.</summary>
    public static bool IsRecording { get; } = Environment.GetEnvironmentVariable("COMPATIBILITY_RECORD") == "1";

    /// <summary>The path of a file.</summary>
    public static string At(params string[] names) =>
        RepositoryFiles.At(["tests", "Multimodal.Pipeline.Tests", "Compatibility", "files", .. names]);

    /// <summary>The text of a file.</summary>
    public static string Text(params string[] names) => File.ReadAllText(At(names));

    /// <summary>Asserts that a text equals the file, byte by byte.</summary>
    public static void Same(string folder, string file, string actual)
    {
        Write(folder, file, actual);
        Assert.Equal(Text(folder, file), actual);
    }

    /// <summary>Asserts that each line of the file is a line of the text. The text may have more.</summary>
    public static void Includes(string folder, string file, string actual)
    {
        Write(folder, file, actual);
        Assert.Empty(Lines(Text(folder, file)).Except(Lines(actual)));

        static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.TrimEnd(','));
    }

    /// <summary>Asserts that a JSON text is equivalent to the file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="file">The file.</param>
    /// <param name="actual">The text.</param>
    /// <param name="except">See <see cref="JsonDifference.Between"/>.</param>
    public static void Alike(string folder, string file, string actual, params string[] except)
    {
        Write(folder, file, actual);
        Assert.Empty(JsonDifference.Between(Text(folder, file), actual, except));
    }

    /// <summary>Copies a folder to a folder in which a host may write.</summary>
    public static void Copy(string target, params string[] names)
    {
        foreach (var file in Directory.GetFiles(At(names), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(At(names), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Write(string folder, string file, string text)
    {
        if (IsRecording)
        {
            Directory.CreateDirectory(At(folder));
            File.WriteAllText(At(folder, file), text);
        }
    }
}
