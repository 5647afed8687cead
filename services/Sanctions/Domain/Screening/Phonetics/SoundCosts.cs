namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// What it costs, in hundredths of a wrong letter, to take one sound for another or to leave one out. Words of all scripts
/// are written in one alphabet of sounds (see <see cref="SoundWriter"/>); some letters of it stand for a doubt that a spelling
/// leaves open, e.g. <c>c</c> for "ch", which is ч in English, ш in French and х in German.
/// </summary>
/// <remarks>
/// Vowels aeiou and 7 (ё), 0 (ㅓ), U (ㅡ); glides y j; optional vowels of consonant scripts W (و) I (ي) A (ا ع);
/// consonants b p d t g k f v w m n l r s z h x(kh) S(sh) Z(zh) C(ch) J(dzh) T(ts);
/// doubts c(ch) 1(tj) 2(dj) 4(c before e, i) 5(final c) 6(other c) 8(ذ ض ظ) 9(ㅈ) G(gh) Q(q) X(initial x) K(ㄱ) D(ㄷ) B(ㅂ) R(ㄹ).
/// </remarks>
internal static class SoundCosts
{
    internal const int WrongLetter = 100;
    private const string Vowels = "aeiou70UWIA";

    private const string SubstitutionTable =
        "ae30 ao25 au40 ai45 ei22 eo35 eu45 io50 iu45 ou20 " +
        "7e0 7o5 7a30 7i25 7u30 0o3 0u15 0e25 0a35 0i40 Uu3 Uo20 Ue20 Ui25 Ua40 " +
        "yi5 ye30 ja60 yj5 ji10 je35 yI0 jI5 " +
        "Wu0 Wo5 Ww0 Wv5 Wa40 We40 Wi45 Wf30 Wb45 Ii0 Ie8 Ia30 Io45 Iu45 Aa0 Ae8 Ai25 Ao15 Au20 AI25 AW35 AU30 " +
        "bp35 dt35 gk35 zs30 vf25 ZS35 JC30 vb40 vw5 wu15 vu30 wb50 wf35 pf45 mn50 lr60 gh20 gx35 xk25 xh10 hk60 " +
        "Ss30 Zz25 ZJ15 Jd50 Jz35 Jg35 Jj15 Jy35 CS25 CT30 Ct45 Ck60 Ts25 Tz25 Tt40 CZ35 dz50 ts70 jZ15 jx35 jh35 jg40 " +
        "cC5 cS15 cx5 ck15 ch15 cJ20 cZ25 cT35 cg40 cs45 " +
        "1t10 1C5 1T30 1c10 1S35 1d35 2d10 2J5 2Z20 2j25 2g25 2z40 2C35 2t40 " +
        "4s5 4T5 4C15 4k40 4S30 4z25 4c15 5k10 5T15 5C20 5s35 5c10 5x30 5g40 6k5 6C30 6T30 6s30 6c10 6g35 6x25 " +
        "8d5 8z5 8t30 8s30 8T35 9J3 9C5 9c5 9j5 9Z20 9z25 9g40 " +
        "Gg5 Gh15 Gx20 Gk15 GQ10 Gc25 Qk5 Qg10 Qx20 QC15 Qc10 Qh40 XS10 Xs10 Xz15 Xk30 Xx20 Xh30 XC25 Xc15 XZ25 " +
        "Kk3 Kg3 KQ5 KG8 Kx25 Kc20 Dd3 Dt3 Bb3 Bp3 Bv30 Bf30 Rr0 Rl3 Rn30";

    private static readonly byte[] SubstitutionCosts = LoadSubstitutions();
    private static readonly byte[] OmissionCosts = LoadOmissions();

    internal static bool IsVowel(char sound) => Vowels.Contains(sound, StringComparison.Ordinal);

    /// <summary>Vowels and glides: what a consonant script leaves out.</summary>
    internal static bool IsSoft(char sound) => sound is 'y' or 'j' || IsVowel(sound);

    /// <summary>The cost of one sound where the other name has another.</summary>
    internal static int Substitute(char a, char b) => SubstitutionCosts[((a & 127) << 7) | (b & 127)];

    /// <summary>The cost of a sound that the other name does not have.</summary>
    internal static int Omit(char sound) => OmissionCosts[sound & 127];

    private static byte[] LoadSubstitutions()
    {
        var costs = new byte[128 * 128];
        Array.Fill(costs, (byte)WrongLetter);
        foreach (char vowel in Vowels)
        {
            foreach (char other in Vowels)
            {
                costs[(vowel << 7) | other] = 45;
            }
        }

        for (int c = 0; c < 128; c++)
        {
            costs[(c << 7) | c] = 0;
        }

        foreach (string rule in SubstitutionTable.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (rule.Length > 2)
            {
                byte cost = byte.Parse(rule.AsSpan(2), provider: null);
                costs[(rule[0] << 7) | rule[1]] = cost;
                costs[(rule[1] << 7) | rule[0]] = cost;
            }
        }

        return costs;
    }

    private static byte[] LoadOmissions()
    {
        var costs = new byte[128];
        Array.Fill(costs, (byte)WrongLetter);
        foreach (char vowel in Vowels)
        {
            costs[vowel] = 35;
        }

        costs['y'] = costs['j'] = 10;
        costs['h'] = 25;
        costs['G'] = 50;
        costs['W'] = costs['I'] = 25;
        costs['A'] = 12;
        return costs;
    }
}
