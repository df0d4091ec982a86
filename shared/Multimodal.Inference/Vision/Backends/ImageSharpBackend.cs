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
    public ImageHeader? ReadHeader(ReadOnlySpan<byte> bytes, ImageType type, long maxPixels)
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

            if (type == ImageType.Jpeg)
            {
                using var photo = DecodeFrame<Rgb24>(layout, type);
                return photo is null ? null : Finish(photo, layout, type, maxEdge, part);
            }

            using var canvas = Compose(bytes, type, layout);
            return canvas is null ? null : Finish(canvas, layout, type, maxEdge, part);
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    /// <summary>Draws the frames up to the first one with which the image is not blank, or the first frame if there is none.</summary>
    private Image<Rgba32>? Compose(ReadOnlySpan<byte> bytes, ImageType type, in ImageLayout first)
    {
        var canvas = DecodeFrame<Rgba32>(first, type);
        if (canvas is not null && !first.Frame.Covers(first.Width, first.Height))
        {
            using var frame = canvas;
            var ground = first.IsOpaque ? Color.Black : Color.Transparent;
            canvas = new Image<Rgba32>(_configuration, first.Width, first.Height, ground.ToPixel<Rgba32>());
            Draw(frame, canvas, first.Frame, replaces: true);
        }

        if (canvas is null || !ImageLayout.TryRead(bytes, type, out _, frame: 1) || !IsBlank(canvas))
        {
            return canvas;
        }

        using var search = canvas.Clone();
        if (!TryFindContent(bytes, type, search, first))
        {
            return canvas;
        }

        canvas.Dispose();
        return search.Clone();
    }

    private bool TryFindContent(ReadOnlySpan<byte> bytes, ImageType type, Image<Rgba32> canvas, in ImageLayout first)
    {
        var (area, disposal) = (first.Frame, first.Disposal);
        Image<Rgba32>? before = null;
        try
        {
            var limit = FrameSearch.Limit(canvas.Width, canvas.Height, bytes.Length);
            for (var index = 1; index < limit && ImageLayout.TryRead(bytes, type, out var layout, index); index++)
            {
                Dispose(canvas, area, disposal, before);
                before?.Dispose();
                before = layout.Disposal == FrameDisposal.Restore ? canvas.Clone() : null;
                using var frame = DecodeFrame<Rgba32>(layout, type);
                if (frame is null)
                {
                    return false;
                }

                Draw(frame, canvas, layout.Frame, layout.Replaces);
                if (!IsBlank(canvas))
                {
                    return true;
                }

                (area, disposal) = (layout.Frame, layout.Disposal);
            }

            return false;
        }
        finally
        {
            before?.Dispose();
        }
    }

    private unsafe Image<TPixel>? DecodeFrame<TPixel>(in ImageLayout layout, ImageType type)
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
            return decoder.Decode<TPixel>(_configuration, stream, CancellationToken.None);
        }
    }

    private static bool IsBlank(Image<Rgba32> image) => BlankImage.IsBlank(Flatten(image, new PixelBox(0, 0, image.Width, image.Height)));

    private static RgbImage Flatten(Image<Rgba32> image, PixelBox part)
    {
        var rgba = new byte[4 * image.Width * image.Height];
        image.CopyPixelDataTo(rgba);
        return Transparency.Flatten(rgba, image.Width, part);
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
        if (image is Image<Rgba32> transparent)
        {
            return Flatten(transparent, new PixelBox(left, top, left + width, top + height));
        }

        var pixels = new byte[3 * width * height];
        image.ProcessPixelRows(rows =>
        {
            Rgba32 colour = default;
            for (var y = 0; y < height; y++)
            {
                var row = rows.GetRowSpan(top + y).Slice(left, width);
                var target = pixels.AsSpan(3 * width * y);
                for (var x = 0; x < width; x++)
                {
                    row[x].ToRgba32(ref colour);
                    (target[3 * x], target[(3 * x) + 1], target[(3 * x) + 2]) = (colour.R, colour.G, colour.B);
                }
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

    /// <summary>Draws the part of a frame that is inside the image.</summary>
    private static void Draw(Image<Rgba32> frame, Image<Rgba32> canvas, FrameArea area, bool replaces)
    {
        int width = Math.Min(area.Width, canvas.Width - area.Left), height = Math.Min(area.Height, canvas.Height - area.Top);
        if (width <= 0 || height <= 0)
        {
            return;
        }

        frame.ProcessPixelRows(canvas, (from, to) =>
        {
            for (var y = 0; y < height; y++)
            {
                var source = from.GetRowSpan(y)[..width];
                var target = to.GetRowSpan(area.Top + y)[area.Left..];
                for (var x = 0; x < width; x++)
                {
                    target[x] = replaces || source[x].A == 255 ? source[x] : Blend(source[x], target[x]);
                }
            }
        });
    }

    /// <summary>Blends a pixel over another one, both not premultiplied.</summary>
    private static Rgba32 Blend(Rgba32 over, Rgba32 under)
    {
        // The weights are alpha times 255.
        int top = over.A * 255, below = under.A * (255 - over.A), sum = top + below;
        return sum == 0 ? default : new Rgba32(
            (byte)(((over.R * top) + (under.R * below)) / sum),
            (byte)(((over.G * top) + (under.G * below)) / sum),
            (byte)(((over.B * top) + (under.B * below)) / sum),
            (byte)(sum / 255));
    }

    /// <summary>Prepares the canvas for the next frame.</summary>
    private static void Dispose(Image<Rgba32> canvas, FrameArea area, FrameDisposal disposal, Image<Rgba32>? before)
    {
        if (disposal == FrameDisposal.Restore && before is not null)
        {
            Draw(before, canvas, new FrameArea(0, 0, canvas.Width, canvas.Height), replaces: true);
        }
        else if (disposal != FrameDisposal.Keep)
        {
            using Image<Rgba32> nothing = new(area.Width, area.Height);
            Draw(nothing, canvas, area, replaces: true);
        }
    }
}
