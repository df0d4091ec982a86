using Multimodal.Learning.Data;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Selection;

namespace Multimodal.Learning.Tests.Data;

public sealed class NamedTableTests
{
    [Fact]
    public void Constructor_SameNameTwice_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new NamedTable<int>("number", [KeyValuePair.Create("one", 1), KeyValuePair.Create("one", 2)]));
        Assert.Contains("two entries for the number 'one'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexer_UnknownName_ThrowsAndListsTheNames()
    {
        var error = Assert.Throws<ArgumentException>(() => SelectionStrategies.Table["top-kk"]);
        Assert.Contains("no selection strategy 'top-kk'; known: budget, hard, hierarchical, mixtral, soft, switch, top-k", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Table_EveryName_IsTheNameOfItsEntry()
    {
        Assert.All(SelectionStrategies.Table.Names, name => Assert.Equal(name, SelectionStrategies.Table[name].Name));
        var state = Data.RandomStates.Combiner(1, "log");
        Assert.All(FusionRules.Table.Names, name => Assert.Equal(name, FusionRules.Table[name](state).Name));
        Assert.Equal(["accuracy-weighted", "dempster", "learned", "linear", "log", "product", "stacking", "uniform-linear", "uniform-log"],
            FusionRules.Table.Names);
    }

    [Theory]
    [InlineData("learned")]
    [InlineData("accuracy-weighted")]
    [InlineData("stacking")]
    public void Rule_WithoutRequiredState_Throws(string rule) => Assert.Throws<ArgumentException>(() => FusionRules.Table[rule](null));
}
