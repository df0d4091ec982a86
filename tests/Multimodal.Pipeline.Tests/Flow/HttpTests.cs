using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The contract of the HTTP API, for success and errors.</summary>
public sealed class HttpTests : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ScriptedExpert _expert = ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1);
    private PipelineHost _host = null!;

    private HttpClient Http => _host.Http;

    public async ValueTask InitializeAsync() => _host = await PipelineHost.StartAsync(
        _folder.Path,
        [_expert, ScriptedExpert.Answers("i", Modality.Image, 0.8, 0.1, 0.1)],
        ("Multimodal:Http:MaxBodyBytes", "200000"),
        ("Multimodal:Inference:Media:TextBytes", "1000"));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Post_WithoutPrefer_GivesAReceiptAndTheResultLater()
    {
        var receipt = await Http.PostAsync("zero", wait: null);
        var result = await Http.ReadAsync(receipt.Headers.Location!.ToString(), wait: 30);
        var again = await Http.ReadAsync(receipt.Headers.Location!.ToString());

        Assert.Equal((202, "accepted"), (receipt.Status, receipt.Text("status")));
        Assert.Equal($"/v1/requests/{receipt.Id}", receipt.Headers.Location!.ToString());
        Assert.Equal((200, "completed", receipt.Id), (result.Status, result.Text("status"), result.Id));
        Assert.Equal(result.Body, again.Body);
    }

    [Fact]
    public async Task Post_SameIdempotencyKey_IsAcceptedOnce()
    {
        var first = await Http.PostAsync(new RequestForm("zero", Key: "k-1"));
        var replay = await Http.PostAsync(new RequestForm("zero", Key: "k-1"));
        var other = await Http.PostAsync(new RequestForm("one", Key: "k-1"));

        Assert.Equal((200, first.Body), (replay.Status, replay.Body));
        Assert.Equal("true", replay.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Code));
        Assert.Equal(1, _expert.Asked);
    }

    [Fact]
    public async Task Post_SameKeyAtTheSameTime_IsAcceptedOnce()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Http.PostAsync(new RequestForm("zero", Key: "k-2"))));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Single(replies.Select(reply => reply.Body).Distinct());
        Assert.Equal(1, _expert.Asked);
    }

    [Theory]
    [InlineData("", 415, "unsupported-content-type")]
    [InlineData("multipart/form-data|x", 415, "unsupported-content-type")]
    [InlineData("multipart/form-data; boundary=b|not a part", 400, "malformed")]
    [InlineData("multipart/form-data; boundary=b|--b\r\n\r\nno name\r\n--b--\r\n", 400, "malformed")]
    [InlineData("multipart/form-data; boundary=b|--b--\r\n", 400, "empty-request")]
    [InlineData("application/json|{", 400, "malformed")]
    [InlineData("application/json|[]", 400, "malformed")]
    [InlineData("application/json|{}", 400, "empty-request")]
    [InlineData("""application/json|{"text": null}""", 400, "empty-request")]
    [InlineData("""application/json|{"text": "a", "text": "b"}""", 400, "malformed")]
    [InlineData("""application/json|{"video": "a"}""", 400, "unknown-part")]
    [InlineData("""application/json|{"text": 7}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "\ud800"}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "\udc00\ud800"}""", 400, "malformed")]
    [InlineData("""application/json|{"\ud800": 1}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a", "options": {"fusion": "\ud800"}}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a", "options": {"\ud800": 1}}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a", "options": {"experts": ["\udfff"]}}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a", "options": {"priority": "\ud800"}}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a", "options": {"fusion": "\ud83d\ude00"}}""", 400, "invalid-options")]
    [InlineData("""application/json|{"text": "a", "options": {"fusion": "\\ud800"}}""", 400, "invalid-options")]
    [InlineData("""application/json|{"image": "not base64!"}""", 400, "malformed")]
    [InlineData("""application/json|{"text": "a\u0000b"}""", 415, "unsupported-type")]
    [InlineData("""application/json|{"image": "aGVsbG8gd29ybGQ="}""", 415, "unsupported-type")]
    [InlineData("""application/json|{"image": "iVBORw0KGgoAAAANSUhEUg=="}""", 422, "undecodable")]
    [InlineData("""application/json|{"text": "a", "options": 7}""", 400, "invalid-options")]
    [InlineData("""application/json|{"text": "a", "options": {"experts": ["i"]}}""", 422, "no-expert")]
    public async Task Post_BadBody_IsRefusedWithItsCode(string typeAndBody, int status, string code)
    {
        var parts = typeAndBody.Split('|', 2);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(parts.ElementAtOrDefault(1) ?? ""));
        content.Headers.ContentType = parts[0].Length == 0 ? null : MediaTypeHeaderValue.Parse(parts[0]);

        var reply = await Http.SendAsync(content);

        Assert.Equal((status, code, "application/problem+json"), (reply.Status, reply.Code, reply.ContentType));
        Assert.Equal(status, reply.Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(reply.Text("detail")!);
        Assert.Equal(0, _expert.Asked);
    }

    [Fact]
    public async Task Post_FieldTwice_IsRefused()
    {
        var reply = await Http.SendAsync(new MultipartFormDataContent { { new StringContent("a"), "text" }, { new StringContent("b"), "text" } });

        Assert.Equal((400, "duplicate-part"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_UnknownField_IsRefused()
    {
        var reply = await Http.SendAsync(new MultipartFormDataContent { { new StringContent("a"), "text" }, { new StringContent("b"), "video" } });

        Assert.Equal((400, "unknown-part"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Post_TextOverItsLimit_IsTooLarge()
    {
        var form = await Http.PostAsync(new string('a', 1001));
        var json = await Http.SendAsync(JsonContent.Create(new { text = new string('a', 1001) }));

        Assert.Equal((413, "too-large"), (form.Status, form.Code));
        Assert.Equal((413, "too-large"), (json.Status, json.Code));
        Assert.True(form.Json.GetProperty("errors").TryGetProperty("text", out _));
    }

    [Fact]
    public async Task Post_BodyOverItsLimit_IsTooLarge()
    {
        var form = await Http.PostAsync(image: new byte[200_001]);
        var json = await Http.SendAsync(JsonContent.Create(new { image = new byte[200_001] }));

        Assert.Equal((413, "too-large"), (form.Status, form.Code));
        Assert.Equal((413, "too-large"), (json.Status, json.Code));
    }

    [Fact]
    public async Task Post_ManyWrongOptions_NamesAll()
    {
        var shape = await Http.PostAsync("zero", options: """{"k": 0, "deadlineMs": "soon", "colour": 1, "experts": [], "subscription": "a.b"}""");
        var names = await Http.PostAsync("zero", options: """{"strategy": "guess", "fusion": "cold", "experts": ["a", "z"]}""");
        var ensemble = await Http.PostAsync("zero", options: """{"ensemble": "letters"}""");

        Assert.Equal(
            ["options.colour", "options.deadlineMs", "options.experts", "options.k", "options.subscription"],
            shape.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(
            ["options.experts[1]", "options.fusion", "options.strategy"],
            names.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(["options.ensemble"], ensemble.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.All([shape, names, ensemble], reply => Assert.Equal((400, "invalid-options"), (reply.Status, reply.Code)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("é")]
    public async Task Post_BadIdempotencyKey_IsRefused(string key)
    {
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http.BaseAddress!, "v1/requests"));
        request.Content = JsonContent.Create(new { text = "zero" });
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await client.SendAsync(request);

        var reply = await Reply.FromAsync(response);

        Assert.Equal((400, "invalid-idempotency-key"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Get_UnknownId_IsNotFound()
    {
        foreach (var id in new[] { Guid.NewGuid().ToString(), "nonsense", "a%20b" })
        {
            var reply = await Http.ReadAsync($"v1/requests/{id}");
            Assert.Equal((404, "request-not-found"), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task Get_UnknownRoute_IsAProblem()
    {
        var route = await Http.ReadAsync("v2/nothing");
        using var response = await Http.DeleteAsync(new Uri("v1/requests", UriKind.Relative));
        var method = await Reply.FromAsync(response);

        Assert.Equal((404, "not-found", "application/problem+json"), (route.Status, route.Code, route.ContentType));
        Assert.Equal((405, "method-not-allowed"), (method.Status, method.Code));
    }

    [Fact]
    public async Task Feedback_FollowsTheResult()
    {
        var id = (await Http.PostAsync("zero")).Id;

        var first = await Http.FeedbackAsync(id, new { label = "1" });
        var repeat = await Http.FeedbackAsync(id, new { label = "1" });
        var differs = await Http.FeedbackAsync(id, new { label = "2" });
        var unknownLabel = await Http.FeedbackAsync(id, new { label = "nine" });
        var unknownId = await Http.FeedbackAsync(Guid.NewGuid().ToString(), new { label = "1" });
        var noLabel = await Http.FeedbackAsync(id, new { });

        Assert.Equal((204, 204), (first.Status, repeat.Status));
        Assert.Equal((409, "feedback-differs"), (differs.Status, differs.Code));
        Assert.Equal((422, "unknown-label"), (unknownLabel.Status, unknownLabel.Code));
        Assert.Equal((404, "request-not-found"), (unknownId.Status, unknownId.Code));
        Assert.Equal((400, "malformed"), (noLabel.Status, noLabel.Code));
    }

    [Fact]
    public async Task Catalog_NamesExpertsAndEnsembles()
    {
        var experts = await Http.ReadAsync("v1/experts");
        var ensemble = await Http.ReadAsync("v1/ensembles/digits");
        var unknown = await Http.ReadAsync("v1/ensembles/letters");

        Assert.Equal(["a", "i"], experts.Json.EnumerateArray().Select(expert => expert.GetProperty("name").GetString()));
        Assert.Equal("text", experts.Json[0].GetProperty("modality").GetString());
        Assert.Equal("cpu", experts.Json[0].GetProperty("device").GetString());
        Assert.Equal(3, ensemble.Json.GetProperty("labels").GetArrayLength());
        Assert.Contains("top-k", ensemble.Json.GetProperty("strategies").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("soft", ensemble.Json.GetProperty("defaults").GetProperty("strategy").GetString());
        Assert.Equal((404, "ensemble-not-found"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task OpenApi_DescribesEveryRoute()
    {
        var document = (await Http.ReadAsync("openapi/v1.json")).Json;

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Path: path.Name, Method: operation.Name, operation.Value)).ToArray();
        Assert.Equal(
            [
                "/health/live", "/health/ready", "/v1/ensembles/{name}", "/v1/ensembles/{name}/weights", "/v1/ensembles/{name}/weights", "/v1/ensembles/{name}/weights", "/v1/events", "/v1/experts", "/v1/requests", "/v1/requests/{id}", "/v1/requests/{id}/events", "/v1/requests/{id}/feedback",
                "/v1/subscriptions", "/v1/subscriptions", "/v1/subscriptions/{name}", "/v1/subscriptions/{name}",
                "/v1/subscriptions/{name}/deliveries", "/v1/subscriptions/{name}/deliveries/{id}/retry",
            ],
            operations.Select(operation => operation.Path).Order(StringComparer.Ordinal));
        Assert.All(operations, operation => Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!));
        var post = operations.Single(operation => operation.Path == "/v1/requests").Value;
        Assert.Equal(
            ["200", "202", "400", "408", "413", "415", "422", "503"],
            post.GetProperty("responses").EnumerateObject().Select(response => response.Name));
        Assert.Equal(2, post.GetProperty("requestBody").GetProperty("content").EnumerateObject().Count());
        Assert.Equal(
            ["Prefer", "Idempotency-Key", "Cache-Control"], post.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Health_AnswersBothProbes()
    {
        Assert.Equal("live", (await Http.ReadAsync("health/live")).Text("status"));
        Assert.Equal("ready", (await Http.ReadAsync("health/ready")).Text("status"));
    }
}
