using System.Text.Json;
using Multimodal.Bench.Sbom;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.Sbom;

/// <summary>The check of the bill of materials.</summary>
public sealed class BillOfMaterialsTests
{
    private const string Good = """
        {
          "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
          "metadata": { "timestamp": "2026-11-29T00:00:00Z", "component": { "type": "application", "bom-ref": "Multimodal@0.1.0", "name": "Multimodal", "version": "0.1.0" } },
          "components": [
            { "type": "library", "bom-ref": "pkg:nuget/A@1.0.0", "name": "A", "version": "1.0.0", "purl": "pkg:nuget/A@1.0.0",
              "hashes": [{ "alg": "SHA-512", "content": "00" }], "licenses": [{ "license": { "id": "MIT" } }, { "license": { "id": "Apache-2.0" } }] },
            { "type": "library", "bom-ref": "pkg:nuget/B@2.0.0", "name": "B", "version": "2.0.0", "purl": "pkg:nuget/B@2.0.0",
              "hashes": [{ "alg": "SHA-512", "content": "00" }] }
          ],
          "dependencies": [{ "ref": "Multimodal@0.1.0", "dependsOn": ["pkg:nuget/A@1.0.0"] }, { "ref": "pkg:nuget/A@1.0.0", "dependsOn": ["pkg:nuget/B@2.0.0"] }]
        }
        """;

    private static readonly LicenceList Licences = LicenceList.Parse(
        """{ "allowed": { "MIT": "permissive", "Apache-2.0": "permissive", "BSD-3-Clause": "permissive" }, "reviewed": { "B 2.0.0": "BSD-3-Clause" } }""");

    [Fact]
    public void Problems_CompleteBill_AreNone()
    {
        var bill = BillOfMaterials.Parse(Good);
        bill.AddReviewed(Licences);

        Assert.Empty(bill.Problems(Licences));
        Assert.Contains("BSD-3-Clause", bill.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, bill.Count);
    }

    [Theory]
    [InlineData("\"MIT\"", "\"GPL-3.0-only\"", "A 1.0.0 has the licence GPL-3.0-only, which is not under \"allowed\"")]
    [InlineData("[{ \"license\": { \"id\": \"MIT\" } }, { \"license\": { \"id\": \"Apache-2.0\" } }]", "[{ \"expression\": \"MIT OR (SSPL-1.0)\" }]", "A 1.0.0 has the licence SSPL-1.0")]
    [InlineData("\"B\", \"version\": \"2.0.0\"", "\"B\", \"version\": \"2.0.1\"", "B 2.0.1 names no licence. Read the licence in the package")]
    [InlineData("\"B\", \"version\": \"2.0.0\"", "\"B\", \"version\": \"2.0.1\"", "B 2.0.0 is reviewed, but not shipped")]
    [InlineData("\"purl\": \"pkg:nuget/A@1.0.0\"", "\"purl\": \"\"", "A 1.0.0 has no purl")]
    [InlineData("\"hashes\": [{ \"alg\": \"SHA-512\", \"content\": \"00\" }], \"licenses\"", "\"licenses\"", "A 1.0.0 has no hash")]
    [InlineData("\"specVersion\": \"1.6\"", "\"specVersion\": \"1.4\"", "The format must be CycloneDX 1.6")]
    [InlineData("urn:uuid:", "", "no serial number")]
    [InlineData("\"timestamp\"", "\"time\"", "does not name what it describes")]
    [InlineData("\"dependsOn\": [\"pkg:nuget/B@2.0.0\"]", "\"dependsOn\": [\"pkg:nuget/C@3.0.0\"]", "The dependency pkg:nuget/C@3.0.0 is not listed")]
    public void Problems_WrongBill_NamesIt(string right, string wrong, string problem)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var bill = BillOfMaterials.Parse(Good.Replace(right, wrong, StringComparison.Ordinal));
        bill.AddReviewed(Licences);

        Assert.Contains(bill.Problems(Licences), found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ListOfTheRepository_AllowsWhatItReviewed()
    {
        var list = LicenceList.Parse(File.ReadAllText(RepositoryFiles.At("eng", "licences.json")));

        Assert.All(list.Reviewed.Values, licence => Assert.Contains(licence, list.Allowed.Keys));
        Assert.Throws<JsonException>(() => LicenceList.Parse("""{ "allowed": {}, "review": {} }"""));
    }

    /// <summary>Every project of the folders that are shipped is in the filter, so that the bill is complete.</summary>
    [Fact]
    public void Shipped_Filter_ListsEveryServiceAndLibrary()
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.At("eng", "shipped.slnf")));
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(project => project.GetString()!).Order(StringComparer.Ordinal);
        var projects = new[] { "services", "shared" }.SelectMany(folder => Directory.GetFiles(RepositoryFiles.At(folder), "*.csproj", SearchOption.AllDirectories))
            .Append(RepositoryFiles.At("tools", "multimodal", "Multimodal.Tool.csproj"))
            .Select(file => Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

        Assert.Equal(projects, listed);
    }
}
