using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads forms: multipart/form-data (RFC 7578) and application/x-www-form-urlencoded.</summary>
internal sealed class FormReader(FieldLimits limits)
{
    /// <summary>The field in which browsers name the charset of the other fields (RFC 7578, section 4.6).</summary>
    private const string CharsetField = "_charset_";

    private const int MaxCharsetBytes = 64;
    private const int MaxPartHeaders = 100;
    private const int MaxParts = 1000;

    /// <summary>Reads a multipart form.</summary>
    /// <param name="boundary">The boundary.</param>
    /// <param name="body">The body.</param>
    /// <param name="isFormOfPage">Whether a person submitted the form of a web page.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public async Task<Outcome<SubmissionFields>> ReadMultipartAsync(string boundary, Stream body, bool isFormOfPage, CancellationToken cancellationToken)
    {
        var fields = new SubmissionFields(limits);
        var texts = new List<(PartHeader Header, byte[] Content)>();
        string? charset = null;
        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = MaxPartHeaders };
        for (var count = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; count++)
        {
            if (count == MaxParts || PartHeader.Read(section) is not { } header)
            {
                return count == MaxParts
                    ? Problems.Malformed($"The form has more than {MaxParts} fields. Send the fields text, image, audio and options.")
                    : Problems.Malformed("A multipart section has no field name. Give each section a Content-Disposition header with the name of its field.");
            }

            if (header.Name == CharsetField)
            {
                charset = await BoundedBody.ReadAsync(section.Body, MaxCharsetBytes, cancellationToken) is { } name ? Encoding.Latin1.GetString(name) : null;
                continue;
            }

            if (limits.Of(header.Name) is not { } limit)
            {
                if (await CheckUnknownAsync(header, section.Body, isFormOfPage, cancellationToken) is { } unknown)
                {
                    return unknown;
                }

                fields.Ignore(header.Name);
                continue;
            }

            var content = await ReadPartAsync(header, section, limit, cancellationToken);
            if (content.Value is not { } read)
            {
                return content.Problem!;
            }

            // The charset of the form may follow the text that it applies to.
            var problem = IsText(header.Name) ? Keep(texts, header, read) : fields.Add(header.Name, DataUrl(read), header.FileName is { Length: > 0 });
            if (problem is not null)
            {
                return problem;
            }
        }

        return AddTexts(fields, texts, charset) is { } refused ? refused : fields;
    }

    /// <summary>Reads a form that is completely in memory. It cannot contain files: browsers send their names only.</summary>
    public Outcome<SubmissionFields> ReadUrlEncoded(byte[] body, bool isFormOfPage)
    {
        var fields = new SubmissionFields(limits);
        var parsed = UrlEncodedForm.Parse(body).ConvertAll(field => (Name: Encoding.UTF8.GetString(field.Name), field.Value));
        var charset = parsed.Find(field => field.Name == CharsetField).Value is { Length: > 0 } named ? Encoding.Latin1.GetString(named) : null;
        foreach (var (name, value) in parsed)
        {
            if (name == CharsetField || (limits.Of(name) is null && (value.Length == 0 || UnknownFields.IsIgnored(name, isFormOfPage))))
            {
                fields.Ignore(name);
                continue;
            }

            if (limits.Of(name) is null)
            {
                return Problems.UnknownPart(name, UnknownFields.Hint(name));
            }

            var content = IsText(name) ? Charsets.ToUtf8(value, charset, $"field '{name}'") : FileOf(name, value);
            if (content.Value is not { } read)
            {
                return content.Problem!;
            }

            if (fields.Add(name, read) is { } problem)
            {
                return problem;
            }
        }

        return fields;
    }

    /// <returns>The refusal of an unknown field; null if it is ignored.</returns>
    private static async Task<Problem?> CheckUnknownAsync(PartHeader header, Stream content, bool isFormOfPage, CancellationToken cancellationToken)
    {
        var isFile = header.FileName is { Length: > 0 };
        return (!isFile && UnknownFields.IsIgnored(header.Name, isFormOfPage)) || await content.ReadAsync(new byte[1], cancellationToken) == 0
            ? null
            : Problems.UnknownPart(header.Name, UnknownFields.Hint(header.Name));
    }

    private static async Task<Outcome<byte[]>> ReadPartAsync(PartHeader header, MultipartSection section, int limit, CancellationToken cancellationToken)
    {
        // The limit is that of the decoded part; a charset or a transfer encoding makes it larger.
        var encodedLimit = (int)Math.Min((long)limit * TransferEncodings.MaxGrowth, Array.MaxLength);
        if (await BoundedBody.ReadAsync(section.Body, encodedLimit, cancellationToken) is not { } encoded)
        {
            return Problems.PartTooLarge(header.Name, limit);
        }

        var decoded = TransferEncodings.Decode(header.TransferEncoding, encoded, header.Name);
        return decoded.Value?.Length > limit && (!IsText(header.Name) || header.Charset is null) ? Problems.PartTooLarge(header.Name, limit) : decoded;
    }

    private static Problem? Keep(List<(PartHeader Header, byte[] Content)> texts, PartHeader header, byte[] content)
    {
        if (content.Length > 0)
        {
            texts.Add((header, content));
        }

        return null;
    }

    private static Problem? AddTexts(SubmissionFields fields, List<(PartHeader Header, byte[] Content)> texts, string? charset)
    {
        foreach (var (header, content) in texts)
        {
            var isOptions = header.Name == FieldLimits.OptionsField;
            var converted = isOptions
                ? Charsets.JsonToUtf8(content, header.Charset ?? charset)
                : Charsets.ToUtf8(content, header.Charset ?? charset, $"field '{header.Name}'");
            if (converted.Value is not { } text)
            {
                return converted.Problem;
            }

            // A text area for options that a person left empty still contains line breaks.
            if (fields.Add(header.Name, isOptions && text.All(c => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') ? [] : text) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Decodes a data URL, as <c>canvas.toDataURL()</c> returns it. No file format begins with its scheme.</summary>
    private static byte[] DataUrl(byte[] content) =>
        Base64Text.IsDataUrl(content) && Base64Text.Decode(Encoding.Latin1.GetString(content)) is { } decoded ? decoded : content;

    private static Outcome<byte[]> FileOf(string name, byte[] value) =>
        value.Length == 0 ? value

        // In this encoding a plus sign that a client did not escape arrives as a space.
        : Base64Text.Decode(Encoding.UTF8.GetString(value).Replace(' ', '+')) is { } file ? file
        : Problems.Malformed(
            $"The form has a file name in the field '{name}', not a file. Set enctype=\"multipart/form-data\" on the form element, or send the file in base64.");

    private static bool IsText(string name) => name is "text" or FieldLimits.OptionsField;
}
