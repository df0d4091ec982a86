namespace Multimodal.Inference.Packages;

/// <summary>One mistake in a package, for the person who wrote it.</summary>
/// <param name="File">The file, as a path from where the reader was pointed.</param>
/// <param name="Key">The JSON key, for example <c>preprocessing.width</c> or <c>labels[3]</c>; <c>$</c> for the whole file.</param>
/// <param name="Problem">What is wrong and what would be right, one sentence.</param>
public sealed record PackageProblem(string File, string Key, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Key}: {Problem}";
}

/// <summary>What reading a package gave: the package, or every mistake in it.</summary>
/// <typeparam name="T">The package.</typeparam>
/// <param name="Package">Null when there is any problem.</param>
/// <param name="Problems">All mistakes, in the order of the files; empty when the package is good.</param>
public sealed record PackageReading<T>(T? Package, IReadOnlyList<PackageProblem> Problems)
    where T : class
{
    /// <summary>The package, for callers who cannot go on without it.</summary>
    /// <exception cref="InvalidPackageException">There are problems.</exception>
    public T OrThrow() => Package ?? throw new InvalidPackageException(Problems);
}

/// <summary>A package cannot be used; the message lists every mistake, one per line.</summary>
/// <param name="problems">The mistakes, at least one.</param>
public sealed class InvalidPackageException(IReadOnlyList<PackageProblem> problems)
    : Exception($"{problems.Count} problem(s) in the package:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    /// <summary>The mistakes.</summary>
    public IReadOnlyList<PackageProblem> Problems => problems;
}
