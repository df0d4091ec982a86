namespace Multimodal.Testing;

/// <summary>Finds what the repository ships: models, and data files beside the tests.</summary>
public static class RepositoryFolder
{
    /// <summary>A path under the repository's root, the nearest folder above the test that holds <c>Multimodal.sln</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run inside a checkout.</exception>
    public static string At(params string[] names)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Multimodal.sln")))
            {
                return Path.Combine([folder.FullName, .. names]);
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Multimodal.sln.");
    }
}
