using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Tests.Numerics;

public sealed class TopKTests
{
    [Theory]
    [InlineData(0, new bool[] { false, false, false, false, false })]
    [InlineData(1, new bool[] { false, true, false, false, false })]
    [InlineData(3, new bool[] { false, true, false, true, true })]
    [InlineData(9, new bool[] { true, true, false, true, true })]
    public void Mark_K_MarksTheLargestAllowedWithNaNLast(int k, bool[] expected)
    {
        bool[] marked = [true, true, true, true, true];
        TopK.Mark([double.NaN, 3, 9, 2, 3], [true, true, false, true, true], k, marked);
        Assert.Equal(expected, marked);
    }

    [Fact]
    public void Mark_EqualValues_MarksTheFirst()
    {
        var marked = new bool[3];
        TopK.Mark([1, 1, 1], [true, true, true], 2, marked);
        Assert.Equal([true, true, false], marked);
    }
}
