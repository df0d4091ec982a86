namespace Multimodal.Testing;

/// <summary>A temporary folder for one test.</summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("multimodal-").FullName;

    /// <summary>Creates a folder that other users may read. PostgreSQL runs as another user if the tests run as root.</summary>
    public static ScratchFolder Shared()
    {
        var folder = new ScratchFolder();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return folder;
    }

    /// <summary>Returns a path inside the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
