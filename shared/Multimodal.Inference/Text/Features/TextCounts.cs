using System.Text;

namespace Multimodal.Inference.Text.Features;

/// <summary>Counts over the characters and words of a text. Words are separated by white space.</summary>
internal struct TextCounts
{
    private const string Roman = "ivxIVX";
    private const string Vowels = "aeiouyAEIOUY";
    private const string LeetSymbols = "$@|!";

    private int _letters, _uppercase, _vowels, _repeated;
    private int _words, _wordCharacters, _loneLetters, _loneDigits, _romanWords, _leetWords;
    private int _digitRun, _digitRuns, _longestDigitRun;
    private int _wordLength, _wordLetters, _wordRoman, _wordDigits;
    private int _lastWord, _longestWord;
    private Rune _last;

    /// <summary>Number of characters counted so far.</summary>
    public int Characters { get; private set; }

    /// <summary>Counts a character.</summary>
    public void Add(Rune scalar, CharacterClass kind)
    {
        Characters++;
        var letter = kind is >= CharacterClass.Latin and <= CharacterClass.OtherLetter;
        var digit = kind is CharacterClass.AsciiDigit or CharacterClass.OtherDigit;
        _letters += letter ? 1 : 0;
        _uppercase += letter && Rune.IsUpper(scalar) ? 1 : 0;
        _vowels += scalar.IsAscii && Vowels.Contains((char)scalar.Value) ? 1 : 0;
        _repeated += scalar == _last && kind != CharacterClass.Space ? 1 : 0;
        _last = scalar;

        _digitRun = digit ? _digitRun + 1 : 0;
        _digitRuns += _digitRun == 1 ? 1 : 0;
        _longestDigitRun = Math.Max(_longestDigitRun, _digitRun);

        if (kind == CharacterClass.Space)
        {
            EndWord();
            return;
        }

        _wordLength++;
        _wordLetters += letter ? 1 : 0;
        _wordRoman += scalar.IsAscii && Roman.Contains((char)scalar.Value) ? 1 : 0;
        _wordDigits += digit || (scalar.IsAscii && LeetSymbols.Contains((char)scalar.Value)) ? 1 : 0;
    }

    /// <summary>Counts the last word. Call it once, after the last character.</summary>
    public void Finish() => EndWord();

    /// <summary>Writes the 15 measures, in the order of their names in <see cref="TextFeatures"/>.</summary>
    public readonly void Write(Span<float> values)
    {
        values[0] = MathF.Log(1 + Characters) / 4;
        values[1] = MathF.Log(1 + _words) / 2;
        values[2] = Math.Min(2, Share(_wordCharacters, _words) / 8);
        values[3] = Share(_uppercase, _letters);
        values[4] = Share(_vowels, _letters);
        values[5] = Share(_repeated, Characters);
        values[6] = Math.Min(4, _digitRuns) / 4f;
        values[7] = Math.Min(4, _longestDigitRun) / 4f;
        values[8] = _digitRuns == 1 && _longestDigitRun == 1 ? 1 : 0;
        values[9] = Share(_loneLetters, _words);
        values[10] = Share(_romanWords, _words);
        values[11] = Share(_leetWords, _words);
        values[12] = Share(_loneDigits, _words);
        values[13] = _words == 0 ? 0 : 1f / _lastWord;
        values[14] = Math.Min(1, _longestWord / 12f);
    }

    private static float Share(int part, int whole) => whole == 0 ? 0 : (float)part / whole;

    private void EndWord()
    {
        if (_wordLength > 0)
        {
            _words++;
            _wordCharacters += _wordLength;
            _loneLetters += _wordLetters == 1 && _wordDigits == 0 ? 1 : 0;
            _loneDigits += _wordLetters == 0 && _wordDigits == 1 ? 1 : 0;
            _lastWord = Math.Max(1, _wordLetters + _wordDigits);
            _longestWord = Math.Max(_longestWord, _wordLetters);
            _romanWords += _wordLetters > 0 && _wordRoman == _wordLetters ? 1 : 0;
            _leetWords += _wordLetters > 0 && _wordDigits > 0 ? 1 : 0;
        }

        _wordLength = _wordLetters = _wordRoman = _wordDigits = 0;
    }
}
