using System.Text.Json;
using Multimodal.Inference.Media;

namespace Multimodal.Inference.Preprocessing;

/// <summary>What a preprocessor is made from.</summary>
/// <param name="Options">The <c>preprocessing</c> object of an <c>expert.json</c>; <c>kind</c> has been read already.</param>
/// <param name="Folder">The folder that holds the file; other files that the options name lie inside it.</param>
/// <param name="Limits">The media limits in force.</param>
public sealed record PreprocessorContext(JsonElement Options, string Folder, MediaOptions Limits);
