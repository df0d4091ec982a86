namespace Multimodal.Inference.Packages;

/// <summary>An error in a package.</summary>
/// <param name="File">The file, relative to the working directory or absolute, as the reader was called.</param>
/// <param name="Key">The JSON key, for example <c>preprocessing.width</c> or <c>labels[3]</c>; <c>$</c> means the whole file.</param>
/// <param name="Problem">What is wrong and what is allowed, one sentence.</param>
public sealed record PackageProblem(string File, string Key, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Key}: {Problem}";
}
