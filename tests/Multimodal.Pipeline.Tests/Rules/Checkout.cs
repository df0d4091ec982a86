namespace Multimodal.Pipeline.Tests.Rules;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>Its root, absolute.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Multimodal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        }

        return folder.FullName;
    }
}
