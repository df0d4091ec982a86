namespace Multimodal.Inference.Packages;

/// <summary>What reading a package gave: the package, or every mistake in it.</summary>
/// <typeparam name="T">The package.</typeparam>
/// <param name="Package">Null when there is any problem.</param>
/// <param name="Problems">All mistakes, in the order of the files; empty when the package is good.</param>
public sealed record PackageReadResult<T>(T? Package, IReadOnlyList<PackageProblem> Problems)
    where T : class
{
    /// <summary>The package, for callers who cannot go on without it.</summary>
    /// <exception cref="InvalidPackageException">There are problems.</exception>
    public T OrThrow() => Package ?? throw new InvalidPackageException(Problems);
}
