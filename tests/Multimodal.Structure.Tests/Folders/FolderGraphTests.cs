using Multimodal.Structure.Folders;

namespace Multimodal.Structure.Tests.Folders;

public sealed class FolderGraphTests
{
    // Folder B declares one type of every kind; folder A uses one of them.
    private const string Declarations =
        """
        using System;
        namespace B;
        public class Thing
        {
            public const int Limit = 1;
            public static int Count;
            public int Size;
            public int this[int index] => index;
            public static Thing operator +(Thing left, Thing right) => left;
            public static implicit operator string(Thing thing) => "";
            public void Deconstruct(out int first, out int second) => first = second = 0;
            public class Inner { }
        }
        public static class Extensions { public static int Twice(this int number) => 2 * number; }
        public static class Blocks { extension(string text) { public int Half => text.Length / 2; } }
        public static class Source { public static Thing Make() => new(); public static (Thing, int) Pair() => default; }
        public interface IMark;
        public enum Colour { Red }
        public record struct Point(int X);
        public sealed class MarkAttribute : Attribute;
        public delegate void Handler();
        """;

    [Theory]
    [InlineData("class C { Thing field; }", "Thing")]
    [InlineData("class C : Thing { }", "Thing")]
    [InlineData("class C : IMark { }", "IMark")]
    [InlineData("class C { System.Collections.Generic.List<Thing> field; }", "Thing")]
    [InlineData("class C { B.Thing field; }", "Thing")]
    [InlineData("class C { Thing.Inner field; }", "Inner")]
    [InlineData("class C { string M() => nameof(Thing); }", "Thing")]
    [InlineData("class C { object M() => typeof(Thing); }", "Thing")]
    [InlineData("class C { int M() => Thing.Limit; }", "Thing")]
    [InlineData("class C { object M() => Colour.Red; }", "Colour")]
    [InlineData("class C { bool M(object x) => x is Point { X: 1 }; }", "Point")]
    [InlineData("class C { event Handler E; }", "Handler")]
    [InlineData("[Mark] class C { }", "MarkAttribute")]
    [InlineData("class C<T> where T : Thing { }", "Thing")]
    [InlineData("class C { int M() => 1.Twice(); }", "Extensions")]
    [InlineData("class C { int M() => \"\".Half; }", "Blocks")]
    public void Edges_NamedTypeOrExtension_AreFound(string text, string type) => AssertUses(type, text);

    [Theory]
    [InlineData("using static B.Thing; namespace A; class C { int M() => Count; }")]
    [InlineData("using Other = B.Thing; namespace A; class C { Other field; }")]
    [InlineData("namespace A; class C { int M() => B.Thing.Count; }")]
    public void Edges_ByUsingDirective_AreFound(string text) => Assert.Contains(Graph(text).Edges, edge => edge is { From: "A", To: "B" });

    /// <summary>Folder A gets a value of B's type from folder D without naming the type.</summary>
    [Theory]
    [InlineData("class C { void M() { var thing = Maker.Make(); _ = thing.Size; } }")]
    [InlineData("class C { void M() { var thing = Maker.Make(); _ = thing[0]; } }")]
    [InlineData("class C { void M() { var thing = Maker.Make(); _ = thing + thing; } }")]
    [InlineData("class C { void M() { var thing = Maker.Make(); string text = thing; } }")]
    [InlineData("class C { void M() { var (first, second) = Maker.Make(); } }")]
    [InlineData("class C { void M() { foreach (var (first, second) in Maker.All()) { } } }")]
    [InlineData("class C { void M() { Maker.Take(new()); } }")]
    [InlineData("class C { void M() { Maker.With(thing => thing.Size); } }")]
    public void Edges_UnnamedType_AreFound(string text)
    {
        var graph = FolderGraph.Of(Sample.Library(("B/B.cs", Declarations), ("D/Maker.cs", Maker), ("A/C.cs", $"using B; namespace A; {text}")));

        Assert.Contains(graph.Edges, edge => edge is { From: "A", To: "B" });
    }

    [Theory]
    [InlineData("using B; namespace A; class C { }")]
    [InlineData("namespace A; /// <summary><see cref=\"B.Thing\"/></summary>\nclass C { }")]
    [InlineData("namespace A; class C { /* B.Thing */ string M() => \"B.Thing\"; }")]
    [InlineData("namespace A; class Thing { } class C { Thing field; }")]
    public void Edges_NoUse_AreNotFound(string text) => Assert.Empty(Graph(text).Edges);

    /// <summary>Passing a value on counts as a dependency of the folders at both ends only.</summary>
    [Fact]
    public void Edges_VarThatIsPassedOn_AreNotFound()
    {
        var pass = "namespace A; class C { void M() { var thing = Maker.Make(); Maker.Take(thing); } }";

        var graph = FolderGraph.Of(Sample.Library(("B/B.cs", Declarations), ("D/Maker.cs", Maker), ("A/C.cs", pass)));

        Assert.DoesNotContain(graph.Edges, edge => edge is { From: "A", To: "B" });
    }

    [Fact]
    public void Edges_SameFolder_AreNotFound() =>
        Assert.Empty(FolderGraph.Of(Sample.Library(("A/One.cs", "class One { Two two; }"), ("A/Two.cs", "class Two { }"))).Edges);

    [Fact]
    public void Edges_PartialTypeInBothFolders_AreNotFound()
    {
        var graph = FolderGraph.Of(Sample.Library(
            ("A/One.cs", "partial class One { }"), ("B/One.cs", "partial class One { }"), ("A/Two.cs", "class Two { One one; }")));

        Assert.Empty(graph.Edges);
    }

    [Fact]
    public void Edges_SeveralUses_OnePlaceForEachFile()
    {
        var graph = FolderGraph.Of(Sample.Library(
            ("B/B.cs", Declarations),
            ("A/One.cs", "using B;\nclass One\n{\n    Thing first;\n    Thing second;\n}"),
            ("A/Two.cs", "using B;\nclass Two { Colour colour; }")));

        var edge = Assert.Single(graph.Edges);
        Assert.Equal(["shared/Sample/A/One.cs:4", "shared/Sample/A/Two.cs:2"], edge.Uses.Select(use => use.Place.ToString()));
    }

    [Fact]
    public void Folders_FilesInTheProjectsOwnFolder_AreADot() =>
        Assert.Equal([".", "A", "A/B"], FolderGraph.Of(Sample.Library(("A/B/X.cs", ""), ("A/X.cs", ""), ("X.cs", ""))).Folders);

    [Fact]
    public void Cycles_TwoFoldersThatUseEachOther_AreOne()
    {
        var graph = FolderGraph.Of(Sample.Library(("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { A a; }"), ("C/C.cs", "class C { A a; }")));

        Assert.Equal(["A", "B"], Assert.Single(graph.Cycles()));
    }

    [Fact]
    public void Cycles_Ring_IsOne()
    {
        var graph = FolderGraph.Of(Sample.Library(("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { C c; }"), ("C/C.cs", "class C { A a; }")));

        Assert.Equal(["A", "B", "C"], Assert.Single(graph.Cycles()));
    }

    [Fact]
    public void Cycles_FolderAndItsSubfolder_AreOne()
    {
        var graph = FolderGraph.Of(Sample.Library(("A/A.cs", "class A { B b; }"), ("A/Inner/B.cs", "class B { A a; }")));

        Assert.Equal(["A", "A/Inner"], Assert.Single(graph.Cycles()));
    }

    [Fact]
    public void Cycles_TwoPairs_AreTwo()
    {
        var graph = FolderGraph.Of(Sample.Library(
            ("A/A.cs", "class A { B b; }"), ("B/B.cs", "class B { A a; C c; }"), ("C/C.cs", "class C { D d; }"), ("D/D.cs", "class D { C c; }")));

        Assert.Equal(2, graph.Cycles().Count);
    }

    [Fact]
    public void Cycles_Diamond_IsNone()
    {
        var graph = FolderGraph.Of(Sample.Library(
            ("A/A.cs", "class A { B b; C c; }"), ("B/B.cs", "class B { D d; }"), ("C/C.cs", "class C { D d; }"), ("D/D.cs", "class D { }")));

        Assert.Empty(graph.Cycles());
    }

    private const string Maker =
        """
        using System;
        using B;
        public static class Maker
        {
            public static Thing Make() => new();
            public static Thing[] All() => [];
            public static void Take(Thing thing) { }
            public static void With(Func<Thing, int> use) { }
        }
        """;

    private static void AssertUses(string type, string text)
    {
        var edge = Assert.Single(Graph($"using B; namespace A; {text}").Edges);

        Assert.Equal(("A", "B"), (edge.From, edge.To));
        Assert.Contains(new FolderUses(Project($"using B; namespace A; {text}")).Find(), use => use.Type == type);
    }

    private static FolderGraph Graph(string text) => FolderGraph.Of(Project(text));

    private static Structure.Sources.SourceProject Project(string text) => Sample.Library(("B/B.cs", Declarations), ("A/C.cs", text));
}
