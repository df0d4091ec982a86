using System.Text;
using Multimodal.Bench.Fuzz.Mutation;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates requests to the other addresses of the API. Event streams are not among them, because they do not end.</summary>
/// <param name="mutator">Mutates bodies.</param>
internal sealed class OtherEndpoints(FileMutator mutator)
{
    private static readonly string[] Ids =
    [
        "0190a5c6-0000-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "x", "%00", "%ff", "..%2f..", "{}", "0190a5c6000070008000000000000000", "%F0%9F%98%80", "a%2Fb", "-1",
        "(0190a5c6-0000-7000-8000-000000000000)",
    ];

    private static readonly string[] Queries =
    [
        "", "?", "?state=failed", "?state=%00", "?state=failed&state=failed", "?after=x&limit=-1", "?limit=99999999999", "?limit=", "?before=0190a5c6-0000-7000-8000-000000000000", "?x=%zz", "?after=%F0%9F%98%80",
    ];

    private static readonly string[] Subscriptions =
    [
        "{\"name\": \"fuzz\", \"kind\": \"events\"}", "{\"name\": \"fuzz\", \"kind\": \"queue\", \"maxLength\": 1, \"expiresSeconds\": 60}", "{\"name\": \"a.b\", \"kind\": \"queue\"}", "{\"name\": 1}", "[]",
        "{\"name\": \"fuzz\", \"kind\": \"webhook\", \"url\": \"nonsense\"}", "{\"name\": \"fuzz\", \"kind\": \"webhook\", \"url\": \"file:///etc/passwd\"}", "{\"name\": \"fuzz\", \"statuses\": [\"x\", null, {}]}",
        "{\"name\": \"fuzz\", \"kind\": \"queue\", \"maxLength\": 1e400, \"expiresSeconds\": -1}", "{\"name\": \"\\ud800\", \"kind\": \"events\"}",
    ];

    private static readonly string[] Feedbacks = ["{\"label\": \"7\"}", "{\"label\": 7}", "{}", "null", "{\"label\": null}", "{\"label\": \"\\ud800\"}", "{\"label\": \"7\", \"label\": \"8\"}", "[\"7\"]"];

    private static readonly string[] Weights = ["{}", "{\"state\": {}}", "{\"state\": null}", "{\"state\": {\"learner\": \"hedge\", \"weights\": [1e308, -1]}}", "[]"];

    /// <summary>Creates a request.</summary>
    public byte[] Create(Random random)
    {
        var (id, query) = (Ids[random.Next(Ids.Length)], Queries[random.Next(Queries.Length)]);
        return random.Next(14) switch
        {
            0 => HttpMessage.Bodiless("GET", $"/v1/requests/{id}{query}"),
            1 => HttpMessage.Bodiless("GET", $"/v1/ensembles/{id}{query}"),
            2 => HttpMessage.Bodiless("GET", $"/v1/subscriptions/{id}{query}"),
            3 => HttpMessage.Bodiless("GET", $"/v1/subscriptions/{id}/deliveries{query}"),
            4 => HttpMessage.Bodiless("GET", $"/v1/ensembles/{id}/weights{query}"),
            5 => HttpMessage.Bodiless("DELETE", $"/v1/subscriptions/{(random.Next(2) == 0 ? "fuzz" : id)}"),
            6 => HttpMessage.Bodiless("DELETE", $"/v1/ensembles/{id}/weights"),
            7 => HttpMessage.Bodiless("GET", $"/openapi/v1.json{query}"),
            8 or 9 => Json("POST", $"/v1/requests/{id}/feedback", Feedbacks, random),
            10 or 11 => Json("POST", "/v1/subscriptions", Subscriptions, random),
            12 => Json("PUT", $"/v1/ensembles/{(random.Next(2) == 0 ? "digits" : id)}/weights", Weights, random),
            _ => Json("POST", $"/v1/subscriptions/{id}/deliveries/{id}/retry", Feedbacks, random),
        };
    }

    private byte[] Json(string method, string path, string[] bodies, Random random)
    {
        var body = Encoding.UTF8.GetBytes(bodies[random.Next(bodies.Length)]);
        body = random.Next(3) == 0 ? mutator.MutateBytes(body, random) : body;

        // A webhook of a subscription could name any host.
        body = body.AsSpan().IndexOf("http"u8) >= 0 ? [] : body;
        var post = HttpMessage.Post(path, "application/json", body);
        return method == "POST" ? post : [.. Encoding.UTF8.GetBytes(method), .. post.AsSpan("POST".Length)];
    }
}
