namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>The order of the writes that share a commit.</summary>
public sealed class GroupedWriterTests() : StoreScenarios(null)
{
    [Fact]
    public async Task Run_WritesThatLock_ComeLastInTheOrderOfTheirLocksTheOthersAsTheyCame()
    {
        var (atWork, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var order = new List<string>();
        Task Write(string name, string? locks) => Writer.RunAsync(
            _ =>
            {
                order.Add(name);
                return Task.FromResult(0);
            },
            locks);
        var first = Writer.RunAsync(async _ =>
        {
            atWork.TrySetResult();
            await go.Task;
            return 0;
        });
        await atWork.Task;
        Task[] writes = [Write("z", "z"), Write("2", null), Write("b", "b"), Write("1", null), Write("B", "B"), Write("b again", "b"), Write("a", "a")];

        go.SetResult();
        await first;
        await Task.WhenAll(writes);

        Assert.Equal(["2", "1", "B", "a", "b", "b again", "z"], order);
    }
}
