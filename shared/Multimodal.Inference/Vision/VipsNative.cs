using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Multimodal.Inference.Vision;

/// <summary>
/// The few C functions of libvips and of the GLib inside the same library. Only fixed-signature functions: variadic ones
/// have another calling convention that P/Invoke cannot express, so operations are built property by property.
/// </summary>
internal static unsafe partial class VipsNative
{
    /// <summary>The file beside this assembly; the name of the npm package's library (package.json pins its version).</summary>
    private const string Library = "libvips-cpp.so.8.18.7";

    private static readonly object InitialisationLock = new();
    private static volatile bool _initialised;

    /// <summary>Starts libvips once: single-threaded operations, no operation cache, only the wanted loaders.</summary>
    /// <exception cref="DllNotFoundException">The native library is not beside the assembly.</exception>
    /// <exception cref="InvalidOperationException">libvips would not start.</exception>
    public static void EnsureInitialised()
    {
        if (_initialised)
        {
            return;
        }

        lock (InitialisationLock)
        {
            if (!_initialised)
            {
                Initialise();
                _initialised = true;
            }
        }
    }

    private static void Initialise()
    {
        if (vips_init("multimodal") != 0)
        {
            throw new InvalidOperationException("libvips did not start.");
        }

        // One image, one core: the service is parallel over requests. Nothing is asked twice, so no operation cache.
        vips_concurrency_set(1);
        vips_cache_set_max(0);
        vips_block_untrusted_set(1);
        vips_operation_block_set("VipsForeignLoad", 1);
        foreach (string loader in (ReadOnlySpan<string>)["Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff"])
        {
            vips_operation_block_set("VipsForeignLoad" + loader, 0);
        }

        // libvips warns on standard error about files that clients sent; a refusal is a value here, so drop the text.
        g_log_set_handler("VIPS", LogLevelMask, &Discard, 0);
    }

    /// <summary>G_LOG_LEVEL_MASK without errors and criticals, which are bugs and should be seen.</summary>
    private const int LogLevelMask = 0xF0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Discard(nint domain, int level, nint message, nint userData)
    {
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int vips_init(string programName);

    [LibraryImport(Library)]
    private static partial void vips_concurrency_set(int concurrency);

    [LibraryImport(Library)]
    private static partial void vips_cache_set_max(int operations);

    [LibraryImport(Library)]
    private static partial void vips_block_untrusted_set(int state);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void vips_operation_block_set(string className, int state);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint g_log_set_handler(
        string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint userData);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint vips_operation_new(string nickname);

    [LibraryImport(Library)]
    public static partial int vips_cache_operation_buildp(ref nint operation);

    [LibraryImport(Library)]
    public static partial void vips_object_unref_outputs(nint vipsObject);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_object_set_argument_from_string(nint vipsObject, string name, string value);

    [LibraryImport(Library)]
    public static partial nint vips_blob_new(nint free, void* data, nuint length);

    [LibraryImport(Library)]
    public static partial nint vips_blob_get_type();

    [LibraryImport(Library)]
    public static partial nint vips_image_get_type();

    [LibraryImport(Library)]
    public static partial void vips_area_unref(nint area);

    [LibraryImport(Library)]
    public static partial int vips_image_get_width(nint image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_height(nint image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_bands(nint image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_orientation(nint image);

    [LibraryImport(Library)]
    public static partial int vips_image_hasalpha(nint image);

    [LibraryImport(Library)]
    public static partial byte* vips_image_write_to_memory(nint image, out nuint size);

    [LibraryImport(Library)]
    public static partial void vips_error_clear();

    [LibraryImport(Library)]
    public static partial void g_free(void* memory);

    [LibraryImport(Library)]
    public static partial void g_object_unref(nint instance);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_set_property(nint instance, string name, GValue* value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_get_property(nint instance, string name, GValue* value);

    [LibraryImport(Library)]
    public static partial GValue* g_value_init(GValue* value, nint type);

    [LibraryImport(Library)]
    public static partial void g_value_set_boxed(GValue* value, nint boxed);

    [LibraryImport(Library)]
    public static partial void g_value_set_object(GValue* value, nint instance);

    [LibraryImport(Library)]
    public static partial nint g_value_dup_object(GValue* value);

    [LibraryImport(Library)]
    public static partial void g_value_unset(GValue* value);

    /// <summary>GObject's tagged value (gvalue.h): a type and two words of data.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GValue
    {
        private readonly nint _type;
        private readonly long _first;
        private readonly long _second;
    }
}
