namespace Multimodal.Testing;

/// <summary>Paths of files in the repository. The tests must run from a build inside a checkout.</summary>
public static class RepositoryFiles
{
    /// <summary>Absolute path of the repository, the folder with Multimodal.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Returns a path below the root.</summary>
    public static string At(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>
    /// Returns the path of a public data set outside the repository: below $MULTIMODAL_DATA, or else below ../shared/data next to the
    /// checkout.
    /// </summary>
    public static string DataSet(params string[] names) => Environment.GetEnvironmentVariable("MULTIMODAL_DATA") is { Length: > 0 } folder
        ? Path.Combine([folder, .. names])
        : Path.GetFullPath(Path.Combine([Root, "..", "shared", "data", .. names]));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Multimodal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout of the repository.");
    }
}
