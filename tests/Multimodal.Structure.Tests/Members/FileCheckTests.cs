using Multimodal.Structure.Members;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Members;

public sealed class FileCheckTests
{
    [Theory]
    [InlineData("class A { }\nrecord B;", "A, B")]
    [InlineData("namespace N;\nclass A { }\nenum B { One }", "A, B")]
    [InlineData("namespace N\n{\n    interface A { }\n}\nnamespace M\n{\n    struct B { }\n}", "A, B")]
    [InlineData("delegate void A();\nclass B { }", "A, B")]
    [InlineData("class A { }\nclass A<T> { }", "A, A")]
    [InlineData("class A { }\nfile class B { }", "A, B")]
    public void Violations_TwoTypes_AreOne(string text, string names)
    {
        var violation = Assert.Single(Check(text));

        Assert.Equal((Rule.TypesPerFile, $"the file declares 2 types: {names}"), (violation.Rule, violation.Text));
    }

    [Fact]
    public void Violations_TwoTypes_AreAtTheSecond() => Assert.Equal(
        "shared/Sample/A.cs:3", Assert.Single(Check("class A { }\n\nclass B { }\nclass C { }")).Place.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("namespace N;\nclass A { }")]
    [InlineData("class A { class B { } enum C { One } delegate void D(); }")]
    [InlineData("using System;\nConsole.WriteLine();")]
    public void Violations_OneTypeOrNone_AreNone(string text) => Assert.Empty(Check(text));

    private static Violation[] Check(string text) => [.. new FileCheck(Sample.Library(("A.cs", text))).Violations()];
}
