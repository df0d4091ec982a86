using System.Text.Json;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Preprocessing;

/// <summary>The input of a <see cref="PreprocessorFactory"/>.</summary>
/// <param name="Options">The <c>preprocessing</c> object of an <c>expert.json</c>. Its <c>kind</c> has been read already.</param>
/// <param name="Folder">The folder that contains the file, and the files that the options name.</param>
/// <param name="Limits">The media limits.</param>
public sealed record PreprocessorContext(JsonElement Options, string Folder, MediaOptions Limits);
