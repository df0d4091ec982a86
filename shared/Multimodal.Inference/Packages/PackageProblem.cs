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
