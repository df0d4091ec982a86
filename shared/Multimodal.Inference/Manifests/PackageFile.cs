using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Multimodal.Inference.Manifests;

/// <summary>A file that a package names by its path inside the package's folder, together with its SHA-256.</summary>
internal static partial class PackageFile
{
    /// <summary>Describes <see cref="ChecksumPattern"/> in error messages.</summary>
    public const string ChecksumRule = "must be 64 lower-case hexadecimal digits.";

    /// <summary>Opens a file and compares its checksum.</summary>
    /// <param name="folder">The package's folder.</param>
    /// <param name="name">The path as the package writes it.</param>
    /// <param name="key">The key that holds the path, for error reports.</param>
    /// <param name="sha256">The checksum and its key. A null checksum is not compared; the caller has reported it.</param>
    /// <param name="report">Called with (key, what is wrong).</param>
    /// <returns>The stream at its start, or null after a reported error.</returns>
    public static FileStream? Open(
        string folder, string name, string key, (string Key, string? Value) sha256, Action<string, string> report)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        if (Path.IsPathRooted(name) || name.Contains('\0')
            || !Path.GetFullPath(Path.Combine(root, name)).StartsWith(root, StringComparison.Ordinal))
        {
            report(key, "must be a path inside the package's folder.");
            return null;
        }

        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!File.Exists(path))
        {
            report(key, $"names {name}, which is not in the folder.");
            return null;
        }

        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(path);
            var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (sha256.Value is null || actual == sha256.Value)
            {
                stream.Position = 0;
                return stream;
            }

            report(sha256.Key, $"does not match {name}, whose SHA-256 is {actual}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report(key, $"names {name}, which cannot be read: {exception.Message}");
        }

        stream?.Dispose();
        return null;
    }

    /// <summary>The pattern of SHA-256 checksums.</summary>
    [GeneratedRegex("^[0-9a-f]{64}$")]
    public static partial Regex ChecksumPattern();
}
