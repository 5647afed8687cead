using System.Numerics;

namespace ExternalAction.Sanctions.Domain.Screening.Names;

/// <summary>
/// The consonants of a word in order, each as the set of groups it may belong to; vowels, glides and h are left out. Words whose
/// signatures differ in too many places are not compared further. This is part of what "similar" means here, not a shortcut beside
/// it: the list scan and the index apply the same rule, so they cannot disagree.
/// </summary>
internal sealed class Signature : IEquatable<Signature>, IComparable<Signature>
{
    /// <summary>How many sets of the seven groups there are.</summary>
    internal const int Sets = 128;

    private const int MostConsonants = 16;

    private readonly byte[] sets;
    private readonly uint counts;
    private readonly int doubtful;
    private readonly int hash;

    private Signature(byte[] sets)
    {
        this.sets = sets;
        var hashing = new HashCode();
        hashing.AddBytes(sets);
        hash = hashing.ToHashCode();
        foreach (byte set in sets)
        {
            if (BitOperations.IsPow2(set))
            {
                int shift = BitOperations.TrailingZeroCount(set) * 3;
                uint three = (counts >> shift) & 7;
                counts |= ((three << 1 | 1) & 7) << shift;
            }
            else
            {
                doubtful++;
            }
        }
    }

    internal static Signature Of(string sounds)
    {
        Span<byte> row = stackalloc byte[MostConsonants];
        int n = 0;
        foreach (char sound in sounds)
        {
            byte set = Set(sound);
            if (set != 0 && n < MostConsonants && !(n > 0 && row[n - 1] == set))
            {
                row[n++] = set;
            }
        }

        return new Signature(row[..n].ToArray());
    }

    /// <summary>How many consonants there are.</summary>
    internal int Length => sets.Length;

    /// <summary>The groups that a consonant may belong to, one bit each.</summary>
    internal byte this[int place] => sets[place];

    /// <summary>In how many places rows of these lengths may differ: one, or two in longer words.</summary>
    internal static int Allowed(int length, int otherLength) => Math.Max(length, otherLength) <= 4 ? 1 : 2;

    /// <summary>Whether two rows of consonants differ in few places.</summary>
    internal static bool Near(Signature x, Signature y)
    {
        if (!MayBeNear(x, y))
        {
            return false;
        }

        Span<uint> meets = stackalloc uint[Sets];
        x.FillMeets(meets);
        return x.Differences(meets, y) <= Allowed(x.Length, y.Length);
    }

    /// <summary>A quick bound: how often each group occurs may not differ by more than the differences allowed can explain.</summary>
    internal static bool MayBeNear(Signature x, Signature y)
    {
        int allowed = Allowed(x.Length, y.Length);
        return Math.Abs(x.Length - y.Length) <= allowed && BitOperations.PopCount(x.counts ^ y.counts) <= (2 * allowed) + x.doubtful + y.doubtful;
    }

    /// <summary>For every set of groups, the places of this row that it meets.</summary>
    internal void FillMeets(Span<uint> meets)
    {
        meets.Clear();
        for (int i = 0; i < sets.Length; i++)
        {
            for (int group = sets[i]; group != 0; group &= group - 1)
            {
                meets[group & -group] |= 1u << i;
            }
        }

        for (int set = 1; set < Sets; set++)
        {
            meets[set] |= meets[set & (set - 1)] | meets[set & -set];
        }
    }

    /// <summary>Myers' bit-parallel edit distance; position i of this row is bit i, a sign of the other meets a position when their sets meet.</summary>
    internal int Differences(ReadOnlySpan<uint> meets, Signature other)
    {
        if (sets.Length == 0)
        {
            return other.sets.Length;
        }

        uint vp = (1u << sets.Length) - 1, vn = 0, last = 1u << (sets.Length - 1);
        int distance = sets.Length;
        foreach (byte sign in other.sets)
        {
            uint equal = meets[sign & (Sets - 1)];
            uint d0 = unchecked((((equal & vp) + vp) ^ vp) | equal | vn);
            uint hp = vn | ~(d0 | vp);
            uint hn = d0 & vp;
            distance += (hp & last) != 0 ? 1 : (hn & last) != 0 ? -1 : 0;
            hp = hp << 1 | 1;
            hn <<= 1;
            vp = hn | ~(d0 | hp);
            vn = hp & d0;
        }

        return distance;
    }

    public bool Equals(Signature? other) => other is not null && sets.AsSpan().SequenceEqual(other.sets);

    /// <summary>Shorter ones first, those of one length by their signs.</summary>
    public int CompareTo(Signature? other) =>
        other is null ? 1 : sets.Length != other.sets.Length ? sets.Length.CompareTo(other.sets.Length) : sets.AsSpan().SequenceCompareTo(other.sets);

    public override bool Equals(object? obj) => Equals(obj as Signature);

    public override int GetHashCode() => hash;

    /// <summary>The groups a consonant may belong to, one bit each; 0 for sounds that come and go.</summary>
    private static byte Set(char sound) => sound switch
    {
        'c' or 'Q' or '6' or '5' => (1 << 5) | (1 << 6),
        '1' or '2' or '8' => (1 << 4) | (1 << 6),
        '4' or 'X' => (1 << 5) | (1 << 6),
        'R' => (1 << 3) | (1 << 2),
        'w' => 1,
        'W' or 'G' or 'j' => 0,
        _ => Group(sound) is var group and >= 0 ? (byte)(1 << group) : (byte)0,
    };

    internal static int Group(char sound) => sound switch
    {
        'b' or 'p' or 'f' or 'v' or 'B' => 0,
        'm' => 1,
        'n' => 2,
        'l' or 'r' or 'R' => 3,
        't' or 'd' or 'D' => 4,
        'k' or 'g' or 'x' or 'K' => 5,
        's' or 'z' or 'S' or 'Z' or 'C' or 'J' or 'T' or '9' => 6,
        _ => -1,
    };
}
