namespace Multimodal.Tool.Commands;

/// <summary>The media of one request; null for an absent modality.</summary>
internal sealed record LoadSample(string? Text, byte[]? Image, byte[]? Audio)
{
    /// <summary>Reads the bundled cases, except those that the service rejects.</summary>
    /// <param name="folder">The folder with <c>cases.json</c>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<IReadOnlyList<LoadSample>> ReadAllAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        var samples = new List<LoadSample>();
        foreach (var one in (await DemoCase.ReadAllAsync(folder, cancellationToken)).Where(one => one.Expect.Code is null))
        {
            samples.Add(await ReadAsync(folder, one, cancellationToken));
        }

        return samples;
    }

    /// <summary>Reads the media of one case.</summary>
    /// <param name="folder">The folder of the media.</param>
    /// <param name="one">The case.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<LoadSample> ReadAsync(DirectoryInfo folder, DemoCase one, CancellationToken cancellationToken)
    {
        async Task<byte[]?> BytesAsync(string? file) =>
            file is null ? null : await File.ReadAllBytesAsync(Path.Combine(folder.FullName, file), cancellationToken);
        return new LoadSample(one.Text, await BytesAsync(one.Image), await BytesAsync(one.Audio));
    }

    /// <summary>The body of a POST to <c>/v1/requests</c>.</summary>
    public MultipartFormDataContent ToForm()
    {
        var form = new MultipartFormDataContent();
        if (Text is not null)
        {
            form.Add(new StringContent(Text), "text");
        }

        if (Image is not null)
        {
            form.Add(new ByteArrayContent(Image), "image");
        }

        if (Audio is not null)
        {
            form.Add(new ByteArrayContent(Audio), "audio");
        }

        return form;
    }
}
