using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Gateway.Caching;

public sealed class AnswerCacheTests
{
    private static readonly Ensemble Ensemble = new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)]).Create();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryFind_AfterTheAwaitedAnswer_FindsItWithItsAge()
    {
        var cache = New();
        var answer = Keep(cache, "key");
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.True(cache.TryFind("key", null, out var found));
        Assert.Equal((answer, TimeSpan.FromSeconds(7)), (found.Answer, found.Age));
        Assert.False(cache.TryFind("other", null, out _));
    }

    [Fact]
    public void Add_AnswerThatIsNotAwaited_IsNotKept()
    {
        var cache = New();
        var answer = Answer();

        cache.Add(answer, Json(answer));
        cache.Add(answer.Id, "not even read");

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Add_AnswerRecordedByAnotherGateway_IsKept()
    {
        var cache = New();
        var answer = Answer();
        cache.Await(answer.Id, "key", Ensemble);

        cache.Add(answer.Id, Json(answer));

        Assert.True(cache.TryFind("key", null, out var found));
        Assert.Equal(Json(answer), Json(found.Answer));
    }

    [Fact]
    public void Add_ResultThatCannotBeRead_IsNotKept()
    {
        var cache = New();
        var id = Guid.NewGuid();
        cache.Await(id, "key", Ensemble);

        cache.Add(id, "{}");

        Assert.False(cache.TryFind("key", null, out _));
    }

    [Fact]
    public void Add_AnswerThatIsNotFinal_IsNotKept()
    {
        var cache = New();
        var answer = Answer() with { Status = AnswerStatus.Partial };
        cache.Await(answer.Id, "key", Ensemble);

        cache.Add(answer, Json(answer));

        Assert.False(cache.TryFind("key", null, out _));
    }

    [Fact]
    public void TryFind_OlderThanAllowed_FindsNothing()
    {
        var cache = New(maxAge: 60);
        Keep(cache, "key");

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(cache.TryFind("key", TimeSpan.FromSeconds(29), out _));
        Assert.True(cache.TryFind("key", TimeSpan.FromSeconds(30), out _));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(cache.TryFind("key", null, out _));
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Add_Full_DropsTheLeastRecentlyUsedAndStaysWithinItsBytes()
    {
        var size = SizeOfOne();
        var cache = New(maxBytes: 3 * size);
        foreach (var key in new[] { "1", "2", "3" })
        {
            Keep(cache, key);
        }

        Assert.True(cache.TryFind("1", null, out _));
        Keep(cache, "4");

        Assert.Equal([true, false, true, true], new[] { "1", "2", "3", "4" }.Select(key => cache.TryFind(key, null, out _)));
        Assert.Equal((3, 3 * size), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Add_LargerThanTheCache_IsNotKeptAndDropsTheOlderAnswer()
    {
        var size = SizeOfOne();
        var cache = New(maxBytes: size);
        Keep(cache, "1");
        var large = Answer();
        cache.Await(large.Id, "1", Ensemble);

        cache.Add(large, Json(large) + new string(' ', 100));

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    [Fact]
    public void Add_SameKey_ReplacesTheAnswer()
    {
        var size = SizeOfOne();
        var cache = New();
        Keep(cache, "1");
        var newer = Keep(cache, "1");

        Assert.True(cache.TryFind("1", null, out var found));
        Assert.Equal((newer, 1, size), (found.Answer, cache.Count, cache.Bytes));
    }

    [Fact]
    public void Remove_Key_ForgetsIt()
    {
        var cache = New();
        Keep(cache, "1");

        cache.Remove("1");
        cache.Remove("1");

        Assert.False(cache.TryFind("1", null, out _));
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void Await_MoreThanTheLimit_ForgetsTheOldest()
    {
        var cache = New();
        var (oldest, newest) = (Answer(), Answer());
        cache.Await(oldest.Id, "oldest", Ensemble);
        for (var i = 1; i < AnswerCache.MaxAwaited; i++)
        {
            cache.Await(Guid.NewGuid(), "lost", Ensemble);
        }

        cache.Await(newest.Id, "newest", Ensemble);
        cache.Add(oldest, Json(oldest));
        cache.Add(newest, Json(newest));

        Assert.False(cache.TryFind("oldest", null, out _));
        Assert.True(cache.TryFind("newest", null, out _));
    }

    [Fact]
    public async Task Cache_ManyThreads_StaysWithinItsBytes()
    {
        var size = SizeOfOne();
        var cache = New(maxBytes: 5 * size);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Keep(cache, $"{(i * (thread + 1)) % 10}");
                cache.TryFind($"{i % 10}", null, out _);
                cache.Remove($"{(i + thread) % 20}");
            }
        })));

        Assert.InRange(cache.Count, 0, 5);
        Assert.Equal(cache.Count * size, cache.Bytes);
    }

    private AnswerCache New(long maxBytes = 1 << 20, int maxAge = 600) => new(new CacheOptions { MaxBytes = maxBytes, MaxAgeSeconds = maxAge }, _time);

    private long SizeOfOne()
    {
        var cache = New();
        Keep(cache, "1");
        return cache.Bytes;
    }

    private static FusedAnswer Keep(AnswerCache cache, string key)
    {
        var answer = Answer();
        cache.Await(answer.Id, key, Ensemble);
        cache.Add(answer, Json(answer));
        return answer;
    }

    private static FusedAnswer Answer() => FinalAnswerTests.Final with { Id = Guid.NewGuid() };

    private static string Json(FusedAnswer answer) => JsonSerializer.Serialize(answer, JsonFormat.Options);
}
