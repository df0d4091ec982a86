using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;
using Multimodal.Tool.Services;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>
/// Records a data folder with a service that is killed at the end, and records the responses of the same build on a copy of the folder.
/// </summary>
internal sealed class DataFolderRecording
{
    /// <summary>The settings of all hosts. Others have their defaults.</summary>
    public static readonly (string, string)[] Settings =
    [
        ("Multimodal:ModelsFolder", Recorded.At("models")),
        ("Multimodal:DefaultEnsemble", "tiny"),
        ("Multimodal:Webhooks:AllowPrivateTargets", "true"),
        ("Multimodal:Webhooks:PollSeconds", "0.05"),
    ];

    private static readonly string Data = Recorded.At("store");
    private readonly Dictionary<string, string> _facts = [];

    /// <summary>Writes all files.</summary>
    public static async Task WriteAsync()
    {
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }

        // Accepted, refused twice, refused once.
        await using var receiver = await WebhookReceiver.StartAsync(204, 500, 500, 500);
        var recording = new DataFolderRecording();
        await recording.AnswerAsync(receiver.Url);
        await recording.LeaveADeliveryAsync();
        await recording.KillAsync();
        await recording.DescribeAsync();
    }

    private async Task AnswerAsync(string url)
    {
        await using var host = await StartAsync(
            ("Multimodal:Webhooks:MaxTries", "2"),
            ("Multimodal:Webhooks:FirstWaitSeconds", "0.01"),
            Slow("text-pieces", "00:00:00.2"),
            Slow("text-letters", "00:00:00.2"));
        var statuses = new[] { "completed", "partial" };
        await host.Http.SubscribeAsync(new { name = "hook", kind = "webhook", url, secret = WebhookReceiver.Secret, statuses });
        await host.Http.SubscribeAsync(new { name = "feed", kind = "events" });
        await PostAsync(host.Http, "full", new RequestForm("seven", Options: DataFolderScenarios.AllOptions, Key: "order-1"));
        await PostAsync(host.Http, "delivered", new RequestForm("three", SampleMedia.Png(12), SampleMedia.Wav(800), """{"subscription": "hook"}"""));
        await UntilAsync(host.Http, "v1/subscriptions/hook/deliveries?state=delivered", HasSome);
        await PostAsync(host.Http, "failed", new RequestForm("five", Options: """{"subscription": "hook"}"""));
        await UntilAsync(host.Http, "v1/subscriptions/hook/deliveries?state=failed", HasSome);
        using (var feed = await EventReader.OpenAsync(host.Http, "v1/events?subscription=feed", "0"))
        {
            _facts["lastEventId"] = (await feed.ReadAsync())!.Id;
        }

        await PostAsync(host.Http, "promoted", new RequestForm("six", Options: """{"gateVersion": "1", "subscription": "feed"}"""));
        await PostAsync(host.Http, "canary", new RequestForm("six", Options: """{"gateVersion": "2", "subscription": "feed"}"""));
        await UntilShadowAsync(host.Http, "answered");
        Assert.Equal(204, (await host.Http.FeedbackAsync(_facts["full"], new { label = "7" })).Status);
        Assert.Equal(204, (await host.Http.FeedbackAsync(_facts["promoted"], new { label = "9" })).Status);
    }

    private async Task LeaveADeliveryAsync()
    {
        await using var host = await StartAsync(
            ("Multimodal:Webhooks:FirstWaitSeconds", "10"), Slow("text-echo", "00:00:00.3"));
        await UntilShadowAsync(host.Http, "late");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await PostAsync(host.Http, "waiting", new RequestForm("eight", Options: """{"experts": ["text-pieces"], "subscription": "hook"}"""));
        await UntilAsync(
            host.Http,
            "v1/subscriptions/hook/deliveries?state=waiting",
            reply => reply.Body.Contains("\"lastOutcome\":\"500\"", StringComparison.Ordinal));
    }

    /// <summary>SIGKILL while two requests wait for their expert.</summary>
    private async Task KillAsync()
    {
        Environment.SetEnvironmentVariable("Multimodal__DefaultEnsemble", "tiny");
        Environment.SetEnvironmentVariable("Multimodal__Inference__Batching__MinRunTime", "00:00:30");
        await using (var service = new ServiceProcess(ServiceProcess.DefaultDll(), Data, TimeProvider.System, Recorded.At("models")))
        {
            await service.StartAsync(CancellationToken.None);
            const string Image = """{"experts": ["image-light"], "subscription": "hook"}""";
            await PostAsync(service.Http, "unanswered image", new RequestForm(Image: SampleMedia.Png(100), Options: Image), wait: null);
            const string Text = DataFolderScenarios.UnansweredOptions;
            await PostAsync(service.Http, "unanswered text", new RequestForm("four", Options: Text, Key: "order-2"), wait: null);
            await service.KillAsync(CancellationToken.None);
        }

        // Merges the three files of SQLite into one.
        await using var database = new SqliteConnection($"Data Source={Path.Combine(Data, "requests.db")};Pooling=False");
        await database.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        Assert.Equal(2, await database.QuerySingleAsync<long>("SELECT count(*) FROM requests WHERE done_at IS NULL"));
    }

    private async Task DescribeAsync()
    {
        using var copy = new ScratchFolder();
        Recorded.Copy(copy.Path, "store");
        await using var host = await PipelineHost.StartAsync(copy.Path, Settings);
        await DataFolderScenarios.SettledAsync(host.Http, _facts);
        Directory.CreateDirectory(Recorded.At("http"));
        foreach (var (file, address) in DataFolderScenarios.Views)
        {
            await File.WriteAllTextAsync(Recorded.At("http", file), (await host.Http.ReadAsync(address)).Body);
        }

        var results = new Dictionary<string, string>();
        foreach (var (name, id) in _facts.Where(fact => fact.Key != "lastEventId"))
        {
            results[name] = (await host.Http.ReadAsync($"v1/requests/{id}")).Body;
        }

        await File.WriteAllTextAsync(Recorded.At("http", "results.json"), Write(results));
        await File.WriteAllTextAsync(Recorded.At("http", "facts.json"), Write(_facts));
    }

    private static (string, string) Slow(string expert, string time) =>
        ($"Multimodal:Inference:Experts:{expert}:Batching:MinRunTime", time);

    private static string Write(Dictionary<string, string> texts) =>
        JsonSerializer.Serialize(texts, Recorded.Readable) + "\n";

    private static async Task<PipelineHost> StartAsync(params (string, string)[] settings) =>
        await PipelineHost.StartAsync(Data, [.. Settings, .. settings]);

    private async Task PostAsync(HttpClient http, string name, RequestForm form, int? wait = 30)
    {
        var reply = await http.PostAsync(form, wait);
        Assert.True(reply.Status == (wait is null ? 202 : 200), reply.Body);
        _facts[name] = reply.Id;
    }

    /// <summary>Posts requests until one is in the shadow expert's sample.</summary>
    private static async Task UntilShadowAsync(HttpClient http, string state)
    {
        while ((await http.PostAsync("nine")).StateOf("text-echo") is var now && now != state)
        {
            Assert.Equal("skipped", now);
        }
    }

    private static bool HasSome(Reply reply) => reply.Json.GetProperty("deliveries").GetArrayLength() > 0;

    private static async Task UntilAsync(HttpClient http, string address, Func<Reply, bool> condition)
    {
        while (!condition(await http.ReadAsync(address)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
