namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>The letters of the alphabet of sounds as codes below 64, with the costs of <see cref="SoundCosts"/> by code, for <see cref="LaneDistance"/>.</summary>
internal static class SoundAlphabet
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789SZCJTWIAUGQXKDBR";
    private const byte Unknown = byte.MaxValue;

    private static readonly byte[] CodeOf = LoadCodes();
    private static readonly byte[] Substitutions = LoadSubstitutions();

    /// <summary>Writes the codes of a word; false when a sound has none.</summary>
    internal static bool Encode(ReadOnlySpan<char> sounds, Span<byte> codes)
    {
        for (int i = 0; i < sounds.Length; i++)
        {
            byte code = sounds[i] < 128 ? CodeOf[sounds[i]] : Unknown;
            if (code == Unknown)
            {
                return false;
            }

            codes[i] = code;
        }

        return true;
    }

    /// <summary>The costs of every sound in the place of one.</summary>
    internal static ReadOnlySpan<byte> CostsOf(byte code) => Substitutions.AsSpan(code * LaneDistance.Codes, LaneDistance.Codes);

    private static byte[] LoadCodes()
    {
        var codes = new byte[128];
        Array.Fill(codes, Unknown);
        for (int i = 0; i < Letters.Length; i++)
        {
            codes[Letters[i]] = (byte)i;
        }

        return codes;
    }

    private static byte[] LoadSubstitutions()
    {
        var costs = new byte[Letters.Length * LaneDistance.Codes];
        for (int a = 0; a < Letters.Length; a++)
        {
            for (int b = 0; b < Letters.Length; b++)
            {
                costs[(a * LaneDistance.Codes) + b] = (byte)SoundCosts.Substitute(Letters[a], Letters[b]);
            }
        }

        return costs;
    }
}
