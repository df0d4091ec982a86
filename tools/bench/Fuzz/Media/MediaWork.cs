using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace Multimodal.Bench.Fuzz.Media;

/// <summary>
/// The files by which the process that decodes reports to the one that started it. They survive a crash: a line per finished input, and the
/// numbers of the inputs in work.
/// </summary>
/// <param name="folder">Their folder.</param>
internal sealed class MediaWork(string folder)
{
    /// <summary>Inputs in work at the same time.</summary>
    public static readonly int Workers = Environment.ProcessorCount;

    private string Results => Path.Combine(folder, "results");

    private string State => Path.Combine(folder, "state");

    private string Memory => Path.Combine(folder, "memory");

    /// <summary>Creates the files.</summary>
    public void Create()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Results, "");
        File.WriteAllBytes(State, new byte[Workers * sizeof(int)]);
    }

    /// <summary>Opens the numbers in work.</summary>
    public MemoryMappedFile OpenState() => MemoryMappedFile.CreateFromFile(State, FileMode.Open);

    /// <summary>The numbers in work; -1 for none.</summary>
    public int[] InWork()
    {
        var bytes = File.ReadAllBytes(State);
        return [.. Enumerable.Range(0, Workers).Select(worker => BitConverter.ToInt32(bytes, worker * sizeof(int)) - 1)];
    }

    /// <summary>Opens the results for appending.</summary>
    public StreamWriter Append() => new(Results, append: true) { AutoFlush = true };

    /// <summary>Reads the results. A line that a crash cut off is left out.</summary>
    public IReadOnlyList<MediaResult> Read() =>
        [.. File.ReadAllLines(Results).Select(MediaResult.Parse).OfType<MediaResult>()];

    /// <summary>Notes the memory of the process.</summary>
    public void WriteMemory(IEnumerable<double> figures) =>
        File.WriteAllLines(Memory, figures.Select(figure => figure.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads what <see cref="WriteMemory"/> wrote.</summary>
    public double[] ReadMemory() => [.. File.ReadAllLines(Memory).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
}
