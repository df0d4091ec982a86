namespace Multimodal.Inference.Packages;

/// <summary>A package cannot be used; the message lists every mistake, one per line.</summary>
/// <param name="problems">The mistakes, at least one.</param>
public sealed class InvalidPackageException(IReadOnlyList<PackageProblem> problems)
    : Exception($"{problems.Count} problem(s) in the package:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    /// <summary>The mistakes.</summary>
    public IReadOnlyList<PackageProblem> Problems => problems;
}
