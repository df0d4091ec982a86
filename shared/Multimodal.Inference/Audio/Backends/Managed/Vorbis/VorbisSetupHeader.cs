using System.Numerics;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>
/// Parses the setup header of a Vorbis stream (Vorbis I, section 4.2.4) before NVorbis reads it. It determines which modes use long blocks,
/// and rejects headers that are unsafe for NVorbis. NVorbis allocates tables of any size that the header states, and reads zeros without
/// end if a list is truncated.
/// </summary>
internal ref struct VorbisSetupHeader
{
    // libvorbis writes about 10,000 entries and 40,000 values. NVorbis allocates about 60 bytes per entry and 4 per value.
    private const int MaxEntries = 1 << 17;
    private const int MaxValues = 1 << 20;
    private const int MaxCodeLength = 32;

    private readonly int _channels;
    private readonly List<(int Entries, int Dimensions)> _books = [];
    private BitReader _bits;
    private long _entries;
    private long _values;

    private VorbisSetupHeader(ReadOnlySpan<byte> packet, int channels)
    {
        _bits = new BitReader(packet);
        _channels = channels;
    }

    /// <summary>Reads whether each mode uses long blocks.</summary>
    /// <exception cref="InvalidDataException">The header is broken or too large.</exception>
    public static bool[] ReadModes(ReadOnlySpan<byte> packet, int channels)
    {
        Require(packet.StartsWith("\u0005vorbis"u8));
        return new VorbisSetupHeader(packet[7..], channels).ReadModes();
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("The setup header of the Vorbis stream is broken or too large.");
        }
    }

    /// <summary>Number of bits of a number up to <paramref name="max"/>.</summary>
    private static int BitsFor(int max) => 32 - BitOperations.LeadingZeroCount((uint)max);

    private bool[] ReadModes()
    {
        Repeat(8, static (ref VorbisSetupHeader setup) => setup.ReadBook());
        // Time domain transforms, which Vorbis I does not use.
        Repeat(6, static (ref VorbisSetupHeader setup) => setup._bits.Skip(16));
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipFloor());
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipResidue());
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipMapping());
        var modes = new bool[_bits.Read(6) + 1];
        foreach (ref var isLong in modes.AsSpan())
        {
            isLong = _bits.ReadFlag();
            // Window type, transform type and mapping.
            _bits.Skip(16 + 16 + 8);
        }

        Require(_bits.ReadFlag() && !_bits.IsPastEnd);
        return modes;
    }

    private delegate void Part(ref VorbisSetupHeader setup);

    private void Repeat(int countBits, Part part)
    {
        var count = _bits.Read(countBits) + 1;
        for (var i = 0; i < count; i++)
        {
            part(ref this);
            Require(!_bits.IsPastEnd && _entries <= MaxEntries && _values <= MaxValues);
        }
    }

    private void ReadBook()
    {
        Require(_bits.Read(24) == 0x564342);
        var (dimensions, entries) = ((int)_bits.Read(16), (int)_bits.Read(24));
        _entries += entries;
        Require(dimensions > 0 && entries > 0 && _entries <= MaxEntries);
        _books.Add((entries, dimensions));
        SkipCodes(entries);
        var kind = _bits.Read(4);
        Require(kind <= 2);
        if (kind > 0)
        {
            _values += (long)entries * dimensions;
            // The minimum value and the step between values.
            _bits.Skip(32 + 32);
            var width = (int)_bits.Read(4) + 1;
            _bits.Skip(1);
            _bits.Skip(width * (kind == 1 ? Roots(entries, dimensions) : (long)entries * dimensions));
        }
    }

    /// <summary>Skips the code lengths: ordered with counts, or one by one, with or without unused entries.</summary>
    private void SkipCodes(int entries)
    {
        if (_bits.ReadFlag())
        {
            var (length, done) = ((int)_bits.Read(5) + 1, 0);
            for (; done < entries; length++)
            {
                done += (int)_bits.Read(BitsFor(entries - done));
                Require(length <= MaxCodeLength && done <= entries && !_bits.IsPastEnd);
            }

            return;
        }

        var isSparse = _bits.ReadFlag();
        for (var i = 0; i < entries; i++)
        {
            if (!isSparse || _bits.ReadFlag())
            {
                _bits.Skip(5);
            }
        }
    }

    /// <summary>Returns the largest r with r^dimensions at most <paramref name="entries"/>: lookup1_values (section 9.2.3).</summary>
    private static long Roots(int entries, int dimensions)
    {
        var root = (long)Math.Floor(Math.Pow(entries, 1.0 / dimensions));
        return Math.Pow(root + 1, dimensions) <= entries ? root + 1 : root;
    }

    private void SkipFloor()
    {
        var kind = _bits.Read(16);
        Require(kind <= 1);
        if (kind == 0)
        {
            // Order, rate, size of the Bark map, bits and offset of the amplitude.
            _bits.Skip(8 + 16 + 16 + 6 + 8);
            _bits.Skip(8 * (_bits.Read(4) + 1));
            return;
        }

        var classes = new int[_bits.Read(5)];
        foreach (ref var partition in classes.AsSpan())
        {
            partition = (int)_bits.Read(4);
        }

        var dimensions = new int[classes.Length == 0 ? 0 : classes.Max() + 1];
        foreach (ref var size in dimensions.AsSpan())
        {
            size = (int)_bits.Read(3) + 1;
            var subclasses = (int)_bits.Read(2);
            _bits.Skip((subclasses > 0 ? 8 : 0) + (8 << subclasses));
        }

        _bits.Skip(2);
        var width = _bits.Read(4);
        _bits.Skip(width * classes.Sum(partition => (long)dimensions[partition]));
    }

    private void SkipResidue()
    {
        Require(_bits.Read(16) <= 2);
        // Begin, end and partition size.
        _bits.Skip(24 + 24 + 24);
        var (classifications, book) = ((int)_bits.Read(6) + 1, (int)_bits.Read(8));
        Require(book < _books.Count);
        // NVorbis allocates one number per dimension for each entry of the book that is a valid classification.
        _values += Math.Min(_books[book].Entries, (long)Math.Pow(classifications, _books[book].Dimensions)) * _books[book].Dimensions;
        var books = 0;
        for (var i = 0; i < classifications; i++)
        {
            var stages = _bits.Read(3);
            stages |= _bits.ReadFlag() ? _bits.Read(5) << 3 : 0;
            books += BitOperations.PopCount(stages);
        }

        _bits.Skip(8 * books);
    }

    private void SkipMapping()
    {
        Require(_bits.Read(16) == 0);
        var submaps = _bits.ReadFlag() ? (int)_bits.Read(4) + 1 : 1;
        var couplings = _bits.ReadFlag() ? (int)_bits.Read(8) + 1 : 0;
        _bits.Skip(2 * couplings * BitsFor(_channels - 1));
        _bits.Skip(2 + (submaps > 1 ? 4 * _channels : 0));
        // An unused placeholder, a floor and a residue.
        _bits.Skip(submaps * (8 + 8 + 8));
    }
}
