namespace Multimodal.Inference.Preprocessing;

/// <summary>Creates a preprocessor from the <c>preprocessing</c> object of an <c>expert.json</c>.</summary>
/// <param name="context">The object, its folder and the media limits.</param>
/// <param name="problem">Called with (key, what is wrong) for every error, not only the first.</param>
/// <returns>The preprocessor, or null if an error was reported.</returns>
public delegate IPreprocessor? PreprocessorFactory(PreprocessorContext context, Action<string, string> problem);
