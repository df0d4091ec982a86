using Multimodal.Structure.Members;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Members;

public sealed class MemberCheckTests
{
    [Theory]
    [InlineData("class C { C(@) { } }")]
    [InlineData("class C(@) { }")]
    [InlineData("struct C(@) { }")]
    [InlineData("record C { C(@) { } }")]
    [InlineData("class Outer { class C(@) { } }")]
    public void ConstructorParameters_OneMoreThanSeven_AreAViolation(string text)
    {
        Assert.Empty(Check(text, 7));

        var violation = Assert.Single(Check(text, 8));
        Assert.Equal((Rule.ConstructorParameters, "shared/Sample/A.cs:1: constructor of C: 8 parameters"), (violation.Rule, violation.ToString()));
    }

    [Theory]
    [InlineData("record C(@);")]
    [InlineData("record struct C(@);")]
    [InlineData("readonly record struct C(@);")]
    public void ConstructorParameters_PositionalRecord_AreExempt(string text) => Assert.Empty(Check(text, 12));

    [Theory]
    [InlineData("class C { void M(@) { } }")]
    [InlineData("class C { static int M(@) => 0; }")]
    [InlineData("interface I { void M(@); }")]
    [InlineData("abstract class C { protected abstract void M(@); }")]
    [InlineData("class C { void N() { void M(@) { } } }")]
    public void MethodParameters_OneMoreThanFive_AreAViolation(string text)
    {
        Assert.Empty(Check(text, 5));

        var violation = Assert.Single(Check(text, 6));
        Assert.Equal((Rule.MethodParameters, "shared/Sample/A.cs:1: method M: 6 parameters"), (violation.Rule, violation.ToString()));
    }

    [Fact]
    public void MethodParameters_ReceiverOfAnExtensionMethod_DoesNotCount()
    {
        Assert.Empty(Check("static class C { static void M(this string s, @) { } }", 5));

        var violation = Assert.Single(Check("static class C { static void M(this string s, @) { } }", 6));
        Assert.Equal("shared/Sample/A.cs:1: method M: 6 parameters", violation.ToString());
    }

    [Theory]
    [InlineData("static partial class C { [Microsoft.Extensions.Logging.LoggerMessage(Message = \"\")] static partial void M(@); }")]
    [InlineData("static partial class C { [LibraryImport(\"c\")] static partial void M(@); }")]
    [InlineData("static class C { [DllImport(\"c\")] static extern void M(@); }")]
    [InlineData("class C { [Theory] public void M(@) { } }")]
    public void MethodParameters_AttributeThatImposesThem_AreExempt(string text) => Assert.Empty(Check(text, 9));

    [Fact]
    public void MethodParameters_OverrideOfAForeignMethod_AreExempt() => Assert.Empty(Check(
        """
        class C : System.Reflection.Binder
        {
            public override System.Reflection.MethodBase BindToMethod(
                System.Reflection.BindingFlags a, System.Reflection.MethodBase[] b, ref object[] c, System.Reflection.ParameterModifier[] d,
                System.Globalization.CultureInfo e, string[] f, out object g) => throw null;
        }
        class D : C
        {
            public override System.Reflection.MethodBase BindToMethod(
                System.Reflection.BindingFlags a, System.Reflection.MethodBase[] b, ref object[] c, System.Reflection.ParameterModifier[] d,
                System.Globalization.CultureInfo e, string[] f, out object g) => throw null;
        }
        """));

    [Theory]
    [InlineData("public object InvokeMember")]
    [InlineData("object IReflect.InvokeMember")]
    public void MethodParameters_ImplementationOfAForeignInterface_AreExempt(string declaration) => Assert.Empty(Check(
        $$"""
        using System.Globalization;
        using System.Reflection;
        class C : IReflect
        {
            {{declaration}}(string a, BindingFlags b, Binder c, object d, object[] e, ParameterModifier[] f, CultureInfo g, string[] h) => null;
        }
        """));

    [Fact]
    public void MethodParameters_OverrideOfOurMethod_AreAViolationEach()
    {
        const string text =
            """
            interface I { void M(@); }
            abstract class B : I { public abstract void M(@); }
            class C : B { public override void M(@) { } }
            """;

        Assert.Equal([1, 2, 3], Check(text, 6).Select(violation => violation.Place.Line));
    }

    [Theory]
    [InlineData("class C\n{\n    void M()\n    {#    }\n}", 3, "method M")]
    [InlineData("class C\n{\n    [System.Obsolete]\n    void M()\n    {#    }\n}", 4, "method M")]
    [InlineData("class C\n{\n    void M()\n    {\n        N();\n        void N()\n        {#        }\n    }\n}", 7, "method M")]
    [InlineData("class C\n{\n    C()\n    {#    }\n}", 3, "constructor of C")]
    [InlineData("class C\n{\n    int P\n    {\n        get\n        {#            return 1;\n        }\n    }\n}", 4, "operator or accessor")]
    [InlineData("class C\n{\n    int P =>\n#        1;\n}", 3, "property P")]
    [InlineData("class C\n{\n    public static C operator +(C a, C b)\n    {#        return a;\n    }\n}", 4, "operator or accessor")]
    [InlineData("System.Console.WriteLine();#System.Console.WriteLine();", 2, "top-level statements")]
    public void Lines_OneMoreThanSixty_AreAViolation(string text, int otherLines, string name)
    {
        Assert.Empty(Check(text.Replace("#", new string('\n', 60 - otherLines + 1), StringComparison.Ordinal)));

        var violation = Assert.Single(Check(text.Replace("#", new string('\n', 60 - otherLines + 2), StringComparison.Ordinal)));
        Assert.Equal((Rule.MethodLines, $"{name}: 61 lines"), (violation.Rule, violation.Text));
    }

    [Fact]
    public void Lines_DocumentationComment_DoesNotCount() =>
        Assert.Empty(Check($"class C\n{{\n{string.Concat(Enumerable.Repeat("    /// <summary>Long.</summary>\n", 70))}    void M()\n    {{\n    }}\n}}"));

    private static Violation[] Check(string text, int parameters = 0)
    {
        var list = string.Join(", ", Enumerable.Range(0, parameters).Select(index => $"int p{index}"));
        return [.. new MemberCheck(Sample.Library(("A.cs", text.Replace("@", list, StringComparison.Ordinal)))).Violations()];
    }
}
