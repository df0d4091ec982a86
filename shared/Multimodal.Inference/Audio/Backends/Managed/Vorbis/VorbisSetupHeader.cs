using System.Numerics;

namespace Multimodal.Inference.Audio.Backends.Managed.Vorbis;

/// <summary>
/// Walks over the setup header of a Vorbis stream (Vorbis I, section 4.2.4) before NVorbis reads it, for two things: which modes
/// have long blocks, and whether NVorbis may read it at all. NVorbis makes tables as large as the header asks for, and a list that
/// ends too soon keeps it reading zeros for ever.
/// </summary>
internal ref struct VorbisSetupHeader
{
    // libvorbis writes some 10,000 entries and 40,000 values. An entry costs NVorbis about 60 bytes, a value 4.
    private const int MostEntries = 1 << 17;
    private const int MostValues = 1 << 20;
    private const int LongestCode = 32;

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

    /// <summary>Whether each mode has long blocks.</summary>
    /// <exception cref="InvalidDataException">The header is broken or asks for too much.</exception>
    public static bool[] ReadModes(ReadOnlySpan<byte> packet, int channels)
    {
        Require(packet.StartsWith("\u0005vorbis"u8));
        return new VorbisSetupHeader(packet[7..], channels).ReadModes();
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("The setup header of the Vorbis stream is broken or asks for too much.");
        }
    }

    /// <summary>Bits that a number up to <paramref name="most"/> takes.</summary>
    private static int BitsFor(int most) => 32 - BitOperations.LeadingZeroCount((uint)most);

    private bool[] ReadModes()
    {
        Repeat(8, static (ref VorbisSetupHeader setup) => setup.ReadBook());
        // Transforms in the time domain, of which there are none.
        Repeat(6, static (ref VorbisSetupHeader setup) => setup._bits.Skip(16));
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipFloor());
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipResidue());
        Repeat(6, static (ref VorbisSetupHeader setup) => setup.SkipMapping());
        var modes = new bool[_bits.Read(6) + 1];
        foreach (ref var isLong in modes.AsSpan())
        {
            isLong = _bits.ReadFlag();
            // Window, transform and mapping.
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
            Require(!_bits.IsPastEnd && _entries <= MostEntries && _values <= MostValues);
        }
    }

    private void ReadBook()
    {
        Require(_bits.Read(24) == 0x564342);
        var (dimensions, entries) = ((int)_bits.Read(16), (int)_bits.Read(24));
        _entries += entries;
        Require(dimensions > 0 && entries > 0 && _entries <= MostEntries);
        _books.Add((entries, dimensions));
        SkipCodes(entries);
        var kind = _bits.Read(4);
        Require(kind <= 2);
        if (kind > 0)
        {
            _values += (long)entries * dimensions;
            // The least value and the step between two.
            _bits.Skip(32 + 32);
            var width = (int)_bits.Read(4) + 1;
            _bits.Skip(1);
            _bits.Skip(width * (kind == 1 ? Roots(entries, dimensions) : (long)entries * dimensions));
        }
    }

    /// <summary>The lengths of the codes: in order and counted, or one by one with or without gaps.</summary>
    private void SkipCodes(int entries)
    {
        if (_bits.ReadFlag())
        {
            var (length, done) = ((int)_bits.Read(5) + 1, 0);
            for (; done < entries; length++)
            {
                done += (int)_bits.Read(BitsFor(entries - done));
                Require(length <= LongestCode && done <= entries && !_bits.IsPastEnd);
            }

            return;
        }

        var hasGaps = _bits.ReadFlag();
        for (var i = 0; i < entries; i++)
        {
            if (!hasGaps || _bits.ReadFlag())
            {
                _bits.Skip(5);
            }
        }
    }

    /// <summary>The largest r with r^dimensions at most <c>entries</c>: lookup1_values (section 9.2.3).</summary>
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
            // Order, rate, size of the bark map, and bits and offset of the amplitude.
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
        // Begin, end and size of a partition.
        _bits.Skip(24 + 24 + 24);
        var (classifications, book) = ((int)_bits.Read(6) + 1, (int)_bits.Read(8));
        Require(book < _books.Count);
        // NVorbis makes a row of as many numbers as the book has dimensions, for each of its entries that means something.
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
