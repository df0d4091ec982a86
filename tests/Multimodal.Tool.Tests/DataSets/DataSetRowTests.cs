using Multimodal.Tool.DataSets;

namespace Multimodal.Tool.Tests.DataSets;

/// <summary>Data sets in JSONL and CSV, with any subset of modalities.</summary>
public sealed class DataSetRowTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("multimodal-rows-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Read_Csv_TakesAnySubsetOfColumnsInAnyCase()
    {
        var rows = await ReadAsync("set.csv", "Label, TEXT ,image\n7,\"seven, please\",\n3,,a.png\n");
        Assert.Equal([new("row-2", "seven, please", null, null, "7", false), new("row-3", null, "a.png", null, "3", false)], rows);
    }

    [Fact]
    public async Task Read_CsvWithIds_KeepsThemAndTheConflict()
    {
        var rows = await ReadAsync("set.csv", "id,label,audio,conflict\nx,1,a.wav,true\ny,2,b.wav,\n");
        Assert.Equal([new("x", null, null, "a.wav", "1", true), new("y", null, null, "b.wav", "2", false)], rows);
    }

    [Fact]
    public async Task Read_Jsonl_NumbersRowsWithoutAnId() => Assert.Equal(
        [new("a", "one", null, null, "1", false), new("row-3", null, "b.png", null, "2", false)],
        await ReadAsync("set.jsonl", """
            {"id":"a","text":"one","label":"1","somethingElse":3}

            {"image":"b.png","label":"2"}
            """));

    [Theory]
    [InlineData("set.csv", "label,text\n3,three\n4,\n", ":3: ")]
    [InlineData("set.csv", "text\nthree\n", ":2: ")]
    [InlineData("set.csv", "id,label,text\na,3,three\na,4,four\n", "the id a is not unique")]
    [InlineData("set.jsonl", "{\"label\":\"3\"}", ":1: ")]
    [InlineData("set.jsonl", "{\"text\":\"3\"}", ":1: ")]
    [InlineData("set.jsonl", "nonsense", ":1: ")]
    public async Task Read_RowThatIsNone_IsNamedWithItsLine(string name, string text, string message)
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(name, text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private async Task<List<DataSetRow>> ReadAsync(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, text);
        var rows = new List<DataSetRow>();
        await foreach (var row in DataSetRow.ReadAsync(path, CancellationToken.None))
        {
            rows.Add(row);
        }

        return rows;
    }
}
