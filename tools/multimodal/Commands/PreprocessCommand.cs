using System.Buffers.Binary;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Tool.Commands;

/// <summary>
/// Writes the tensor rows that the experts receive, so that training in another language uses the same preprocessing as serving.
/// </summary>
internal static class PreprocessCommand
{
    private const int ProgressEvery = 5000;

    /// <summary><c>multimodal preprocess --options preprocessing.json (--files list.txt | --pack media.bin) --out rows.npy</c>.</summary>
    public static Command Create()
    {
        Option<FileInfo> options = new("--options")
        {
            Description = "JSON file: the preprocessing object of an expert.json.",
            Required = true,
        };
        Option<FileInfo?> files = new("--files") { Description = "Text file with the path of one media file per line." };
        Option<FileInfo?> pack = new("--pack")
        {
            Description = "Concatenated media files, each after its length as a little-endian 32-bit integer.",
        };
        Option<FileInfo> output = new("--out") { Description = "The .npy file to write: [files, row shape].", Required = true };
        Command command = new("preprocess", "Write the tensor rows of media files as NumPy data.") { options, files, pack, output };
        command.SetAction(result => Run(
            result.GetRequiredValue(options), result.GetValue(files), result.GetValue(pack), result.GetRequiredValue(output)));
        return command;
    }

    private static int Run(FileInfo options, FileInfo? files, FileInfo? pack, FileInfo output)
    {
        if (files is null == pack is null)
        {
            Console.Error.WriteLine("Give either --files or --pack.");
            return 1;
        }

        if (PreprocessorReader.ReadFile(options.FullName, new MediaOptions(), (key, wrong) => Console.Error.WriteLine($"{key}: {wrong}")) is not { } preprocessor)
        {
            return 1;
        }

        List<string> broken = [];
        var count = 0;
        using (var stream = output.Create())
        {
            var row = new byte[preprocessor.Row.ByteLength];
            stream.Write(Header(preprocessor.Row, 0));
            foreach (var (name, media) in files is not null ? ReadFiles(files) : ReadPack(pack!))
            {
                if (!preprocessor.TryPrepare(new MediaContent(media), row, out var failure))
                {
                    broken.Add($"{name}: {failure.Code}, {failure.Detail}");
                    Array.Clear(row);
                }

                stream.Write(row);
                count++;
                if (count % ProgressEvery == 0)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} rows"));
                }
            }

            stream.Position = 0;
            stream.Write(Header(preprocessor.Row, count));
        }

        foreach (var line in broken.Take(20))
        {
            Console.Error.WriteLine(line);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} rows, {broken.Count} invalid (rows of zeros)"));
        return broken.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Name, byte[] Media)> ReadFiles(FileInfo list) =>
        File.ReadLines(list.FullName).Where(line => line.Length > 0).Select(line => (line, File.ReadAllBytes(line)));

    private static IEnumerable<(string Name, byte[] Media)> ReadPack(FileInfo pack)
    {
        using var stream = pack.OpenRead();
        var length = new byte[sizeof(int)];
        for (var index = 0; stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length; index++)
        {
            var media = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            stream.ReadExactly(media);
            yield return (string.Create(CultureInfo.InvariantCulture, $"#{index}"), media);
        }
    }

    /// <summary>Returns a NumPy header, format version 1.0: magic, version, header length, and a Python dict padded to 128 bytes.</summary>
    private static byte[] Header(TensorRow row, int count)
    {
        var type = row.Element == TensorElement.Int64 ? "<i8" : "<f4";
        var shape = string.Join(", ", row.Shape.Prepend(count).Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        var dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}{(row.Shape.Count == 0 ? "," : "")}), }}";
        var header = new byte[128];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(header.Length - 10));
        Encoding.ASCII.GetBytes(dictionary, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
