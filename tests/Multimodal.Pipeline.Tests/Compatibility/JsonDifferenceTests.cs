namespace Multimodal.Pipeline.Tests.Compatibility;

public sealed class JsonDifferenceTests
{
    private const string Text = """{"id":"a","timings":{"totalMs":9.8},"list":[1,{"b":null}]}""";

    [Theory]
    [InlineData("""{"id":"a","timings":{"totalMs":1},"list":[1,{"b":null}]}""", null)]
    [InlineData("""{"list":[1.000001,{"b":null}],"timings":{"totalMs":1},"id":"a"}""", null)]
    [InlineData("""{"timings":{"totalMs":1},"list":[1,{"b":null}]}""", "$.id is gone")]
    [InlineData("""{"id":"a","timings":{"totalMs":1},"list":[1,{"b":null,"c":0}]}""", "$.list[1].c is new")]
    [InlineData("""{"id":"A","timings":{"totalMs":1},"list":[1,{"b":null}]}""", "$.id: \"a\" became \"A\"")]
    [InlineData("""{"id":"a","timings":{"totalMs":null},"list":[1,{"b":null}]}""", "$.timings.totalMs: 9.8 became null")]
    [InlineData("""{"id":"a","timings":{},"list":[1,{"b":null}]}""", "$.timings.totalMs is gone")]
    [InlineData("""{"id":"a","timings":{"totalMs":1},"list":[2,{"b":null}]}""", "$.list[0]: 1 became 2")]
    [InlineData("""{"id":"a","timings":{"totalMs":1},"list":[1]}""", """$.list: [1,{"b":null}] became [1]""")]
    public void Between_OneChange_IsNamedByItsPath(string actual, string? difference) =>
        Assert.Equal(difference is null ? [] : [difference], JsonDifference.Between(Text, actual, "totalMs"));
}
