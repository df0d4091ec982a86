namespace Multimodal.Bench.Fuzz.Mutation;

/// <summary>A piece of a file that its format gives a meaning: a chunk, a box, a page, a header field.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">Its bytes, header included.</param>
/// <param name="SizeAt">Offset of its size field, or of the field itself.</param>
/// <param name="SizeBytes">Bytes of that field, 0 to 8.</param>
/// <param name="IsBigEndian">Byte order of that field.</param>
internal readonly record struct Segment(int Start, int Length, int SizeAt, int SizeBytes, bool IsBigEndian);
