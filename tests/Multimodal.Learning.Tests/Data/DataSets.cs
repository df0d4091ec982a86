namespace Multimodal.Learning.Tests.Data;

/// <summary>Real data, which is not part of the repository: in $MULTIMODAL_DATA, else in ../shared/data beside the repository.</summary>
internal static class DataSets
{
    public static string At(params string[] names) => Path.Combine([Folder(), .. names]);

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("MULTIMODAL_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Multimodal.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? ".", "shared", "data");
    }
}
