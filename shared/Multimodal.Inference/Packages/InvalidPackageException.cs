namespace Multimodal.Inference.Packages;

/// <summary>A package has errors. The message lists all of them, one per line.</summary>
/// <param name="problems">The errors, at least one.</param>
public sealed class InvalidPackageException(IReadOnlyList<PackageProblem> problems)
    : Exception(Describe(problems))
{
    /// <summary>The errors.</summary>
    public IReadOnlyList<PackageProblem> Problems => problems;

    private static string Describe(IReadOnlyList<PackageProblem> problems)
    {
        var count = problems.Count == 1 ? "1 error" : $"{problems.Count} errors";
        return $"The package has {count}:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}";
    }
}
