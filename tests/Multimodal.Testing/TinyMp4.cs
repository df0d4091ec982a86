using System.Text;

namespace Multimodal.Testing;

/// <summary>An MP4 file without samples.</summary>
public static class TinyMp4
{
    /// <summary>A file whose index has one sound track of AAC.</summary>
    public static byte[] Aac() =>
    [
        .. Box("ftyp", [.. "M4A "u8, 0, 0, 0, 0]),
        .. Box("moov", Box("trak", Box(
            "mdia",
            [
                .. Box("hdlr", [0, 0, 0, 0, 0, 0, 0, 0, .. "soun"u8, .. new byte[12]]),
                .. Box("minf", Box("stbl", Box("stsd", [0, 0, 0, 0, 0, 0, 0, 1, .. Box("mp4a", new byte[28])]))),
            ]))),
    ];

    private static byte[] Box(string type, byte[] content) =>
        [0, 0, (byte)((content.Length + 8) >> 8), (byte)(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];
}
