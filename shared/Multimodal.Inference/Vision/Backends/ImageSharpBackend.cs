using Multimodal.Inference.Vision.Formats;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace Multimodal.Inference.Vision.Backends;

/// <summary>
/// Decodes with ImageSharp, in managed code. <see cref="ImageLayout"/> first checks that the file is complete.
/// </summary>
internal sealed class ImageSharpBackend : IImageBackend
{
    private const int BytesPerPixel = 4;
    private const int ReserveMegabytes = 16, PooledMegabytes = 64;

    // libvips reduces WebP by averages over areas while it loads, and other types by Lanczos. These resamplers are closest (decision 0112).
    private static readonly Dictionary<ImageType, (IImageDecoder Decoder, IResampler Resampler)> Formats = new()
    {
        [ImageType.Jpeg] = (new JpegDecoder { IgnoreMetadata = true }, KnownResamplers.Lanczos3),
        [ImageType.Png] = (new PngDecoder { IgnoreMetadata = true }, KnownResamplers.Lanczos3),
        [ImageType.Webp] = (new WebpDecoder { IgnoreMetadata = true }, KnownResamplers.Box),
        [ImageType.Gif] = (new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }, KnownResamplers.Lanczos3),
        [ImageType.Bmp] = (new BmpDecoder(), KnownResamplers.Lanczos3),
    };

    // No format is registered, so that a file can only reach the decoder of its type.
    private readonly Configuration _configuration;

    /// <summary>Creates a backend with limited buffers.</summary>
    /// <param name="maxPixels">Largest image in pixels. Larger buffers are not allocated.</param>
    public ImageSharpBackend(long maxPixels) => _configuration = new Configuration
    {
        // Requests run in parallel, so each image uses one thread.
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
        {
            AllocationLimitMegabytes = (int)((maxPixels * BytesPerPixel) >> 20) + ReserveMegabytes,
            MaximumPoolSizeMegabytes = PooledMegabytes,
        }),
    };

    /// <inheritdoc/>
    public bool Supports(ImageType type) => Formats.ContainsKey(type);

    /// <inheritdoc/>
    public ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type)
    {
        if (!ImageLayout.TryRead(bytes, type, out var layout))
        {
            return null;
        }

        return ExifOrientation.Read(layout.Exif).IsSideways
            ? new ImageHeader(layout.Height, layout.Width, layout.Unsupported)
            : new ImageHeader(layout.Width, layout.Height, layout.Unsupported);
    }

    /// <inheritdoc/>
    public RgbImage? Decode(ReadOnlySpan<byte> bytes, int maxEdge, RelativeRectangle part)
    {
        if (ImageType.Sniff(bytes) is not { } type || !Supports(type))
        {
            return null;
        }

        // On broken files ImageSharp throws NullReferenceException, IndexOutOfRangeException, DivideByZeroException and others.
#pragma warning disable CA1031
        try
        {
            if (!ImageLayout.TryRead(bytes, type, out var layout) || layout.Unsupported is not null)
            {
                return null;
            }

            return type == ImageType.Jpeg
                ? Decode<Rgb24>(layout, type, maxEdge, part)
                : Decode<Rgba32>(layout, type, maxEdge, part);
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    private unsafe RgbImage? Decode<TPixel>(in ImageLayout layout, ImageType type, int maxEdge, RelativeRectangle part)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var decoder = Formats[type].Decoder;
        fixed (byte* file = layout.File)
        {
            using UnmanagedMemoryStream stream = new(file, layout.File.Length);

            // ImageSharp must agree with our parser on the header before it allocates memory for the pixels.
            var info = ((IImageInfoDetector)decoder).Identify(_configuration, stream, CancellationToken.None);
            if (info?.Width != layout.Frame.Width
                || info.Height != layout.Frame.Height
                || (type == ImageType.Png && !PngRows.AreComplete(layout.File)))
            {
                return null;
            }

            stream.Position = 0;
            using var frame = decoder.Decode<TPixel>(_configuration, stream, CancellationToken.None);
            if (layout.Frame.Covers(layout.Width, layout.Height))
            {
                return Finish(frame, layout, type, maxEdge, part);
            }

            using Image<TPixel> canvas = new(
                _configuration, layout.Width, layout.Height, (layout.IsOpaque ? Color.Black : Color.Transparent).ToPixel<TPixel>());
            CopyFrame(frame, canvas, layout.Frame);
            return Finish(canvas, layout, type, maxEdge, part);
        }
    }

    private static RgbImage Finish<TPixel>(Image<TPixel> image, in ImageLayout layout, ImageType type, int maxEdge, RelativeRectangle part)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var size = ReducedSize(image.Size(), type, maxEdge);
        if (size != image.Size())
        {
            image.Mutate(context => context.Resize(size, Formats[type].Resampler, compand: false));
        }

        var turn = ExifOrientation.Read(layout.Exif);
        if (turn != ExifOrientation.None)
        {
            image.Mutate(context => context.RotateFlip(turn.Rotate, turn.Flip));
        }

        var (left, top, width, height) = part == default
            ? (0, 0, image.Width, image.Height)
            : part.ToPixels(image.Width, image.Height);
        var pixels = new byte[3 * width * height];
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < height; y++)
            {
                Flatten(rows.GetRowSpan(top + y).Slice(left, width), pixels.AsSpan(3 * width * y));
            }
        });
        return new RgbImage(width, height, pixels);
    }

    /// <summary>
    /// Computes the exact size of the thumbnail of libvips. libvips first loads a JPEG at a half, a quarter or an eighth, rounded down.
    /// libwebp rounds halves to even.
    /// </summary>
    private static Size ReducedSize(Size size, ImageType type, int maxEdge)
    {
        (double width, double height) = (size.Width, size.Height);
        var shrink = Math.Max(width, height) / maxEdge;
        if (shrink <= 1)
        {
            return size;
        }

        if (type == ImageType.Webp)
        {
            var scale = 1 / shrink;
            return new Size(Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
        }

        if (type == ImageType.Jpeg && shrink >= 4)
        {
            var factor = shrink >= 16 ? 8 : shrink >= 8 ? 4 : 2;
            (width, height) = (Math.Max(1, Math.Floor(width / factor)), Math.Max(1, Math.Floor(height / factor)));
            shrink = Math.Max(1, Math.Max(width, height) / maxEdge);
        }

        // libvips multiplies by the inverse, which rounds some halves down.
        return new Size((int)((width * (1 / Math.Min(shrink, width))) + 0.5), (int)((height * (1 / Math.Min(shrink, height))) + 0.5));
    }

    /// <summary>Copies the part of a frame that is inside the image.</summary>
    private static void CopyFrame<TPixel>(Image<TPixel> frame, Image<TPixel> canvas, FrameArea area)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int width = Math.Min(area.Width, canvas.Width - area.Left), height = Math.Min(area.Height, canvas.Height - area.Top);
        if (width > 0 && height > 0)
        {
            frame.ProcessPixelRows(canvas, (from, to) =>
            {
                for (var y = 0; y < height; y++)
                {
                    from.GetRowSpan(y)[..width].CopyTo(to.GetRowSpan(area.Top + y)[area.Left..]);
                }
            });
        }
    }

    /// <summary>Blends pixels with a white background, rounded down as in libvips.</summary>
    private static void Flatten<TPixel>(ReadOnlySpan<TPixel> row, Span<byte> rgb)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rgba32 colour = default;
        for (var x = 0; x < row.Length; x++)
        {
            row[x].ToRgba32(ref colour);
            var white = 255 * (255 - colour.A);
            rgb[3 * x] = (byte)(((colour.R * colour.A) + white) / 255);
            rgb[(3 * x) + 1] = (byte)(((colour.G * colour.A) + white) / 255);
            rgb[(3 * x) + 2] = (byte)(((colour.B * colour.A) + white) / 255);
        }
    }
}
