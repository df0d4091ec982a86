namespace Multimodal.Inference.Vision;

/// <summary>One reference to a libvips image: a lazy pipeline until its pixels are asked for. Null handle: the step failed.</summary>
internal readonly unsafe ref struct VipsImage : IDisposable
{
    private readonly nint _handle;

    private VipsImage(nint handle) => _handle = handle;

    public bool IsValid => _handle != 0;

    public int Width => VipsNative.vips_image_get_width(_handle);

    public int Height => VipsNative.vips_image_get_height(_handle);

    public int Bands => VipsNative.vips_image_get_bands(_handle);

    public bool HasAlpha => VipsNative.vips_image_hasalpha(_handle) != 0;

    /// <summary>EXIF orientation, 1 to 8; 5 and above swap width and height.</summary>
    public int Orientation => VipsNative.vips_image_get_orientation(_handle);

    /// <summary>Runs an operation that makes an image from encoded bytes. The bytes must stay pinned until the image is disposed.</summary>
    /// <param name="operation">libvips nickname, for example <c>thumbnail_buffer</c>.</param>
    /// <param name="data">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="arguments">Further arguments as (name, value in libvips' text form).</param>
    public static VipsImage FromBuffer(
        string operation, byte* data, int length, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        nint instance = VipsNative.vips_operation_new(operation);
        nint blob = VipsNative.vips_blob_new(0, data, (nuint)length);
        VipsNative.GValue value = default;
        VipsNative.g_value_init(&value, VipsNative.vips_blob_get_type());
        VipsNative.g_value_set_boxed(&value, blob);
        VipsNative.g_object_set_property(instance, "buffer", &value);
        VipsNative.g_value_unset(&value);
        VipsNative.vips_area_unref(blob);
        return Build(instance, arguments);
    }

    /// <summary>Runs an operation of one image to one image; a step after a failed one fails as well.</summary>
    public VipsImage Apply(string operation, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        if (!IsValid)
        {
            return default;
        }

        nint instance = VipsNative.vips_operation_new(operation);
        VipsNative.GValue value = default;
        VipsNative.g_value_init(&value, VipsNative.vips_image_get_type());
        VipsNative.g_value_set_object(&value, _handle);
        VipsNative.g_object_set_property(instance, operation == "extract_area" ? "input" : "in", &value);
        VipsNative.g_value_unset(&value);
        return Build(instance, arguments);
    }

    /// <summary>Computes the pixels: rows top to bottom, bands interleaved. Null when the file turns out to be broken.</summary>
    public byte[]? ToBytes()
    {
        byte* pixels = VipsNative.vips_image_write_to_memory(_handle, out nuint size);
        if (pixels is null)
        {
            VipsNative.vips_error_clear();
            return null;
        }

        try
        {
            return new ReadOnlySpan<byte>(pixels, checked((int)size)).ToArray();
        }
        finally
        {
            VipsNative.g_free(pixels);
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            VipsNative.g_object_unref(_handle);
        }
    }

    private static VipsImage Build(nint instance, scoped ReadOnlySpan<(string Name, string Value)> arguments)
    {
        foreach ((string name, string value) in arguments)
        {
            if (VipsNative.vips_object_set_argument_from_string(instance, name, value) != 0)
            {
                VipsNative.g_object_unref(instance);
                throw new ArgumentException($"libvips does not take {name}={value}.", nameof(arguments));
            }
        }

        // Not vips_object_build: only this entry point honours the block list of Initialise.
        bool isBuilt = VipsNative.vips_cache_operation_buildp(ref instance) == 0;
        nint image = 0;
        if (isBuilt)
        {
            VipsNative.GValue value = default;
            VipsNative.g_value_init(&value, VipsNative.vips_image_get_type());
            VipsNative.g_object_get_property(instance, "out", &value);
            image = VipsNative.g_value_dup_object(&value);
            VipsNative.g_value_unset(&value);
        }
        else
        {
            VipsNative.vips_error_clear();
        }

        VipsNative.vips_object_unref_outputs(instance);
        VipsNative.g_object_unref(instance);
        return new VipsImage(image);
    }
}
