namespace Multimodal.Inference.Preprocessing;

/// <summary>Makes a preprocessor from the <c>preprocessing</c> object of an <c>expert.json</c>.</summary>
/// <param name="context">The object, and what else the kind may need.</param>
/// <param name="problem">Called with (key, what is wrong) for each mistake; all are reported, not just the first.</param>
/// <returns>The preprocessor, or null when a problem was reported.</returns>
public delegate IPreprocessor? PreprocessorFactory(PreprocessorContext context, Action<string, string> problem);
