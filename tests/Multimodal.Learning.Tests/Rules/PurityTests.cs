using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Multimodal.Learning.Fusion;

namespace Multimodal.Learning.Tests.Rules;

public sealed class PurityTests
{
    private static readonly string[] Banned =
    [
        "System.IO.", "System.Net.", "System.Threading.Tasks.", "System.Console.", "System.Environment.", "System.TimeProvider.",
        "System.DateTime.get_", "System.DateTimeOffset.get_", "System.Diagnostics.Stopwatch.", "System.Random.get_Shared",
    ];

    /// <summary>The analyzer checks the source; this test checks the compiled assembly.</summary>
    [Fact]
    public void Assembly_MembersUsed_AreNotBanned()
    {
        using var file = File.OpenRead(typeof(LearnedRule).Assembly.Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        string[] used = [.. metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => NameOf(metadata, member))];

        // Compiler-generated iterators read the id of the thread.
        Assert.Contains("System.Random.NextDouble", used);
        Assert.DoesNotContain(used.Except(["System.Environment.get_CurrentManagedThreadId"]), member =>
            Banned.Any(prefix => member.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void Assembly_References_AreTheFrameworkOnly() =>
        Assert.DoesNotContain(
            typeof(LearnedRule).Assembly.GetReferencedAssemblies(),
            name => !name.Name!.StartsWith("System.", StringComparison.Ordinal));

    private static string NameOf(MetadataReader metadata, MemberReference member)
    {
        var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";
    }
}
