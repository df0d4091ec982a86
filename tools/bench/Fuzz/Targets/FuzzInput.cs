using System.Globalization;
using System.Security.Cryptography;

namespace Multimodal.Bench.Fuzz.Targets;

/// <summary>One input.</summary>
/// <param name="Target">The name of what it is sent to.</param>
/// <param name="Number">Its number within the run, from which it was created.</param>
/// <param name="Bytes">The bytes of a request or of a file.</param>
internal sealed record FuzzInput(string Target, int Number, byte[] Bytes)
{
    /// <summary>Writes it to a folder.</summary>
    /// <returns>The path, from which <see cref="Read"/> knows the target.</returns>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..16];
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Target}.{Number}.{hash}"));
        File.WriteAllBytes(path, Bytes);
        return path;
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file does not exist, or its name has another form.</exception>
    public static FuzzInput Read(string path)
    {
        var parts = Path.GetFileName(path).Split('.');
        return File.Exists(path) && parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new FuzzInput(parts[0], number, File.ReadAllBytes(path))
            : throw new InvalidDataException($"{path} is not an input that `bench fuzz` wrote: TARGET.NUMBER.HASH.");
    }
}
