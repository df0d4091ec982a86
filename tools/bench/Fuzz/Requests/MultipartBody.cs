using System.Globalization;
using System.Text;
using Multimodal.Bench.Fuzz.Mutation;

namespace Multimodal.Bench.Fuzz.Requests;

/// <summary>Creates multipart bodies: as clients write them, and with wrong boundaries, headers and line ends.</summary>
/// <param name="media">Files by their field.</param>
/// <param name="mutator">Mutates files and the bytes of the body.</param>
internal sealed class MultipartBody(IReadOnlyList<(string Field, byte[] File)> media, FileMutator mutator)
{
    private static readonly string[] Boundaries =
    [
        "x", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "b", "a b", "===============", "'()+_,-./:=?", "\u00e9", "--", "0123456789012345678901234567890123456789012345678901234567890123456789",
        "01234567890123456789012345678901234567890123456789012345678901234567890", "",
    ];

    private static readonly string[] Names =
    [
        "text", "image", "audio", "options", "", "TEXT", "text[]", "file", "__RequestVerificationToken", "submit", "te\"xt", "text\0", "\u00e9",
    ];

    private static readonly string[] Extra =
    [
        "Content-Type: application/octet-stream", "Content-Type: text/plain; charset=utf-16", "Content-Type: text/plain; charset=nonsense", "Content-Type: image/png",
        "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: 8bit", "Content-Length: 5", "Content-Length: -1",
        "Content-Encoding: gzip", "X: \u0001", "no colon", ": empty name", "Content-Disposition: form-data; name=audio", "Content-Type: multipart/mixed; boundary=inner", " folded: line",
    ];

    /// <summary>Creates a body.</summary>
    /// <param name="random">The source of all choices.</param>
    /// <param name="contentType">The header that belongs to it.</param>
    public byte[] Create(Random random, out string contentType)
    {
        var boundary = random.Next(6) == 0 ? Boundaries[random.Next(Boundaries.Length)] : "fuzz";
        contentType = random.Next(24) switch
        {
            0 => $"multipart/form-data; boundary=\"{boundary}\"",
            1 => "multipart/form-data",
            2 => $"multipart/form-data; boundary={boundary}x",
            3 => $"multipart/mixed; boundary={boundary}",
            4 => $"multipart/form-data; boundary={boundary}; boundary=other",
            _ => $"multipart/form-data; boundary={boundary}",
        };
        using var body = new MemoryStream();
        for (var left = random.Next(10) == 0 ? random.Next(200) : random.Next(1, 4); left > 0; left--)
        {
            Part(body, boundary, random);
        }

        Write(body, random.Next(16) switch
        {
            0 => "",
            1 => $"--{boundary}\r\n",
            2 => $"--{boundary}--",
            3 => $"--{boundary}--\r\nepilogue",
            _ => $"--{boundary}--\r\n",
        });
        var bytes = body.ToArray();
        return random.Next(8) == 0 ? mutator.MutateBytes(bytes, random) : bytes;
    }

    private void Part(MemoryStream body, string boundary, Random random)
    {
        var end = random.Next(15) == 0 ? "\n" : "\r\n";
        var (field, content) = Content(random);
        var name = random.Next(8) == 0 ? Names[random.Next(Names.Length)] : field;
        Write(body, $"--{boundary}{end}");
        Write(body, Disposition(name, random) + end);
        for (var left = random.Next(20) == 0 ? random.Next(60) : random.Next(2); left > 0; left--)
        {
            Write(body, Extra[random.Next(Extra.Length)] + end);
        }

        Write(body, random.Next(30) == 0 ? "" : end);
        body.Write(content);
        Write(body, random.Next(30) == 0 ? "" : end);
    }

    private (string Field, byte[] Content) Content(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return ("text", Encoding.UTF8.GetBytes(HostileText.Create(random)));
            case 1:
                return ("options", Encoding.UTF8.GetBytes(OptionsText.Create(random)));
            case 2:
                var (field, file) = media[random.Next(media.Count)];
                return (field, random.Next(2) == 0 ? mutator.Mutate(file, random) : file);
            default:
                return ("text", []);
        }
    }

    private static string Disposition(string name, Random random) => random.Next(32) switch
    {
        0 => $"Content-Disposition: form-data; name={name}",
        1 => $"Content-Disposition: form-data; filename*=utf-8''%e2%82%ac.png; name=\"{name}\"",
        2 => $"Content-Disposition: form-data; name=\"{name}\"; filename=\"a\"b\"c.png\"",
        3 => $"content-disposition:form-data;name=\"{name}\";filename=\"{new string('f', random.Next(20_000))}\"",
        4 => $"Content-Disposition: attachment; name=\"{name}\"",
        5 => "Content-Type: text/plain",
        6 => $"Content-Disposition: form-data; name=\"{name}\"; name=\"text\"",
        7 => string.Create(CultureInfo.InvariantCulture, $"X-Long: {new string('h', random.Next(40_000))}"),
        8 => $"Content-Disposition: form-data; name*=utf-8''{name}",
        _ => $"Content-Disposition: form-data; name=\"{name}\"; filename=\"blob\"",
    };

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
