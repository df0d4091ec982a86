using Multimodal.Structure.Folders;

namespace Multimodal.Structure.Tests.Folders;

public sealed class UnboundNamesTests
{
    /// <summary>The receiver is unknown, so its member may be the extension method of folder B.</summary>
    [Fact]
    public void Violations_UnboundNameThatTheProjectDeclares_IsOne()
    {
        var names = new UnboundNames(Sample.Library(
            ("A/A.cs", "class A\n{\n    int M(Missing missing) => missing.Twice();\n}"), ("B/B.cs", "static class B { public static int Twice(this int n) => n; }")));

        Assert.Equal("shared/Sample/A/A.cs:3", Assert.Single(names.Violations()).Place.ToString());
        Assert.Equal(2, names.Count);
    }

    [Fact]
    public void Violations_UnboundNameFromElsewhere_IsOnlyCounted()
    {
        var names = new UnboundNames(Sample.Library(("A/A.cs", "class A { int M(Missing missing) => missing.Thrice(); }")));

        Assert.Empty(names.Violations());
        Assert.Equal(2, names.Count);
    }

    [Fact]
    public void Count_SourcesThatBind_IsZero()
    {
        const string text =
            """
            using System;
            using System.Linq;
            class A<T> where T : unmanaged
            {
                int M(string text, T value)
                {
                    var pair = (Length: text.Length, value);
                    var other = new { pair.Length, Name = nameof(M) };
                    var (first, _) = pair;
                    var query = from letter in text where letter == 'a' select letter;
                    return query.Count() + other.Length + Math.Max(val1: first, val2: 2);
                }
            }
            class B<T> where T : notnull { string Text { get; set => field = value; } }
            """;

        Assert.Equal(0, new UnboundNames(Sample.Library(("A/A.cs", text))).Count);
    }

    [Fact]
    public void Edges_OverloadThatDoesNotResolve_AreFound()
    {
        var project = Sample.Library(
            ("A/A.cs", "class A { int M(Missing missing) => 1.Twice(missing); }"), ("B/B.cs", "static class B { public static int Twice(this int n) => n; }"));

        Assert.Contains(FolderGraph.Of(project).Edges, edge => edge is { From: "A", To: "B" });
        Assert.Empty(new UnboundNames(project).Violations());
    }
}
