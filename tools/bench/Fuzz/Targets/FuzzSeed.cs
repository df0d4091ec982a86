using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Fuzz.Targets;

/// <summary>A file to mutate.</summary>
/// <param name="Format">Its format, for example <c>png</c>.</param>
/// <param name="Modality">Its medium.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record FuzzSeed(string Format, Modality Modality, byte[] Bytes)
{
    // Larger files make every run slow and reach no other code.
    private const int MaxBytes = 40_000;

    private static readonly Dictionary<string, (string Format, Modality Modality)> Formats = new(StringComparer.Ordinal)
    {
        [".png"] = ("png", Modality.Image),
        [".jpg"] = ("jpeg", Modality.Image),
        [".webp"] = ("webp", Modality.Image),
        [".gif"] = ("gif", Modality.Image),
        [".tiff"] = ("tiff", Modality.Image),
        [".bmp"] = ("bmp", Modality.Image),
        [".avif"] = ("avif", Modality.Image),
        [".wav"] = ("wav", Modality.Audio),
        [".aiff"] = ("aiff", Modality.Audio),
        [".aifc"] = ("aiff", Modality.Audio),
        [".flac"] = ("flac", Modality.Audio),
        [".ogg"] = ("ogg", Modality.Audio),
        [".oga"] = ("ogg-flac", Modality.Audio),
        [".opus"] = ("opus", Modality.Audio),
        [".mp3"] = ("mp3", Modality.Audio),
        [".m4a"] = ("mp4", Modality.Audio),
        [".mp4"] = ("mp4", Modality.Audio),
        [".webm"] = ("webm", Modality.Audio),
        [".caf"] = ("caf", Modality.Audio),
        [".adts"] = ("adts", Modality.Audio),
    };

    /// <summary>The folders of this repository with files to mutate.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        Path.Combine("models", "digits", "samples"),
        Path.Combine("tests", "Multimodal.Inference.Tests", "Audio", "Samples"),
        Path.Combine("tests", "Multimodal.Inference.Tests", "Vision", "files"),
        Path.Combine("tools", "bench", "Fuzz", "Seeds"),
    ];

    /// <summary>Reads the files of folders, in an order that depends on their names only.</summary>
    /// <exception cref="InvalidDataException">A folder does not exist.</exception>
    public static IReadOnlyList<FuzzSeed> ReadAll(IEnumerable<string> folders)
    {
        var seeds = new List<FuzzSeed>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw new InvalidDataException($"{folder} does not exist. Run the command in the root of the repository.");
            }

            foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            {
                // A valid image of the largest size takes a second, so it would be most of the run.
                var isHuge = Path.GetFileName(file).StartsWith("huge", StringComparison.Ordinal) || new FileInfo(file).Length > MaxBytes;
                if (!isHuge && Formats.TryGetValue(Path.GetExtension(file), out var kind))
                {
                    seeds.Add(new FuzzSeed(kind.Format, kind.Modality, File.ReadAllBytes(file)));
                }
            }
        }

        seeds.Add(new FuzzSeed("amr", Modality.Audio, [.. "#!AMR\n"u8, .. Enumerable.Range(0, 640).Select(i => (byte)(i % 32 == 0 ? 0x3C : i * 37))]));
        seeds.Add(new FuzzSeed("text", Modality.Text, "number seven"u8.ToArray()));
        seeds.Add(new FuzzSeed("text", Modality.Text, [0xFF, 0xFE, (byte)'7', 0]));
        return seeds;
    }
}
