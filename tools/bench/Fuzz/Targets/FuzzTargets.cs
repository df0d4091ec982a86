using System.Text;
using Multimodal.Bench.Fuzz.Mutation;
using Multimodal.Bench.Fuzz.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Fuzz.Targets;

/// <summary>
/// Creates inputs. An input depends on the seed of the run, its target and its number only, so any of them can be created again alone.
/// </summary>
internal sealed class FuzzTargets
{
    /// <summary>Prefix of the targets that are decoded in a process of their own.</summary>
    public const string MediaPrefix = "media-";

    /// <summary>The target that goes to the broker.</summary>
    public const string Amqp = "amqp";

    private const string Path = "/v1/requests";

    private static readonly string[] Encodings = ["gzip", "br", "zstd", "deflate", "identity", "GZIP", "gzip, br", "x-gzip"];

    private readonly int _seed;
    private readonly IReadOnlyDictionary<string, FuzzSeed[]> _media;
    private readonly IReadOnlyList<(string Field, byte[] File)> _files;
    private readonly FileMutator _mutator;
    private readonly JsonBody _json;
    private readonly MultipartBody _multipart;
    private readonly Dictionary<string, Func<Random, byte[]>> _requests;

    /// <param name="seed">The seed of the run.</param>
    /// <param name="seeds">The files to mutate.</param>
    public FuzzTargets(int seed, IReadOnlyList<FuzzSeed> seeds)
    {
        _seed = seed;
        _media = seeds.GroupBy(one => one.Format).ToDictionary(group => MediaPrefix + group.Key, group => group.ToArray());
        _files = [.. seeds.Where(one => one.Modality != Modality.Text).Select(one => (one.Modality == Modality.Image ? "image" : "audio", one.Bytes))];
        _mutator = new FileMutator([.. seeds.Select(one => one.Bytes)]);
        _json = new JsonBody(_files, _mutator);
        _multipart = new MultipartBody(_files, _mutator);
        var (raw, others, amqp) = (new RawHttp(_mutator), new OtherEndpoints(_mutator), new AmqpBody(_json));
        _requests = new Dictionary<string, Func<Random, byte[]>>(StringComparer.Ordinal)
        {
            ["http"] = raw.Create,
            ["endpoints"] = others.Create,
            ["multipart"] = Multipart,
            ["json"] = random => HttpMessage.Post(Path, JsonType(random), _json.Create(random, random.Next(3) == 0 ? OptionsText.Create(random) : null)),
            ["options"] = random => HttpMessage.Post(
                Path, "application/json", Encoding.UTF8.GetBytes($"{{\"text\": \"seven\", \"options\": {OptionsText.Create(random)}}}")),
            ["encoding"] = Encoded,
            ["upload"] = Upload,
            [Amqp] = amqp.Create,
        };
    }

    /// <summary>The targets that go to the gateway.</summary>
    public static IReadOnlyList<(string Target, int Percent)> Requests { get; } =
    [
        ("http", 6), ("endpoints", 5), ("multipart", 12), ("json", 12), ("options", 9), ("encoding", 5), ("upload", 6), (Amqp, 10),
    ];

    /// <summary>The targets that are decoded in a process of their own, one per format.</summary>
    public IReadOnlyList<string> Media => [.. _media.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The medium of a media target.</summary>
    public Modality ModalityOf(string target) => _media[target][0].Modality;

    /// <summary>Creates an input.</summary>
    public FuzzInput Create(string target, int number)
    {
        var random = new Random(Hash(target, number));
        return new FuzzInput(target, number, _requests.TryGetValue(target, out var create) ? create(random) : Mutated(_media[target], random));
    }

    private byte[] Mutated(FuzzSeed[] seeds, Random random)
    {
        var file = seeds[random.Next(seeds.Length)];
        return file.Modality == Modality.Text && random.Next(2) == 0
            ? _mutator.MutateBytes(Encoding.UTF8.GetBytes(HostileText.Create(random)), random)
            : _mutator.Mutate(file.Bytes, random);
    }

    private byte[] Multipart(Random random)
    {
        var body = _multipart.Create(random, out var type);
        return HttpMessage.Post(Path, type, body);
    }

    private static string JsonType(Random random) => random.Next(10) switch
    {
        0 => "application/json; charset=utf-8",
        1 => "application/json; charset=utf-16",
        2 => "text/json",
        3 => "application/merge-patch+json",
        _ => "application/json",
    };

    /// <summary>A body with a Content-Encoding, at times a wrong one or one that expands to much more than it should.</summary>
    private byte[] Encoded(Random random)
    {
        var body = random.Next(12) == 0
            ? Encoding.UTF8.GetBytes("{\"text\": \"" + new string('7', random.Next(1, 30_000_000)) + "\"}")
            : _json.Create(random, null);
        var used = Encodings[random.Next(4)];
        var compressed = HttpMessage.Compress(body, used);
        return HttpMessage.Post(
            Path,
            "application/json",
            random.Next(3) == 0 ? _mutator.MutateBytes(compressed, random) : compressed,
            random.Next(4) == 0 ? Encodings[random.Next(Encodings.Length)] : used);
    }

    /// <summary>A file as a raw body, or as the only part of a form.</summary>
    private byte[] Upload(Random random)
    {
        var (field, file) = _files[random.Next(_files.Count)];
        var bytes = random.Next(8) > 0 ? _mutator.Mutate(file, random) : file;
        if (random.Next(3) == 0)
        {
            string[] types = [$"{field}/png", $"{field}/wav", $"{field}/*", "application/octet-stream", "text/plain", field];
            return HttpMessage.Post(Path, types[random.Next(types.Length)], bytes);
        }

        return HttpMessage.Post(
            Path,
            "multipart/form-data; boundary=fuzz",
            HttpMessage.Join(
                $"--fuzz\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"x\"\r\n\r\n", [.. bytes, .. "\r\n--fuzz--\r\n"u8]));
    }

    /// <summary>FNV-1a, because the runtime's own hash of a string differs from process to process.</summary>
    private int Hash(string target, int number)
    {
        var hash = 2_166_136_261u;
        foreach (var part in Encoding.UTF8.GetBytes(FormattableString.Invariant($"{_seed}/{target}/{number}")))
        {
            hash = (hash ^ part) * 16_777_619u;
        }

        return (int)hash;
    }
}
