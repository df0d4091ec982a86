namespace Multimodal.Inference.Packages;

/// <summary>The result of reading a package: the package, or every error in it.</summary>
/// <typeparam name="T">The type of package.</typeparam>
/// <param name="Package">Null if there is an error.</param>
/// <param name="Problems">All errors, in the order of the files; empty if the package is valid.</param>
public sealed record PackageReadResult<T>(T? Package, IReadOnlyList<PackageProblem> Problems)
    where T : class
{
    /// <summary>Returns the package.</summary>
    /// <exception cref="InvalidPackageException">The package has errors.</exception>
    public T OrThrow() => Package ?? throw new InvalidPackageException(Problems);
}
