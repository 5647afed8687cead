using System.Text;

namespace ExternalAction.Sanctions.Domain.Screening.Phonetics;

/// <summary>
/// Letters of the other alphabets and the sounds they stand for. Pairs of letters come first where a script writes one sound
/// with two. Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian and Turkic Cyrillic share one table, because a
/// name does not say which language it is in; where they differ, <see cref="SoundCosts"/> is lenient (г as g or h).
/// </summary>
internal static class AlphabetSounds
{
    private static readonly Dictionary<string, string> Letters = Load(
        // Cyrillic
        "а a б b в v г g ґ g д d е e ё 7 ж Z з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х x ц T ч C ш S щ S ъ - ы i ь - э e ю yu я ya " +
        "і i ї i є e ў w ђ 2 ѓ g ќ k љ l њ n ћ C џ J ј j ѕ z дж J дз 8 ә a ғ G қ Q ң n ө o ұ u ү u һ h ӣ i ӯ u ҷ J ҳ h ӏ - " +
        // Greek
        "α a β v γ g δ d ε e ζ z η i θ t ι i κ k λ l μ m ν n ξ ks ο o π p ρ r σ s τ t υ i φ f χ x ψ ps ω o ου u αι e ει i οι i υι i αυ av ευ ev μπ b ντ d γκ g γγ ng τζ J τσ T " +
        // Arabic and Persian
        "ا A ب b ت t ث t ج J ح h خ x د d ذ 8 ر r ز z س s ش S ص s ض 8 ط t ظ 8 ع A غ G ف f ق Q ك k ل l م m ن n ه h و W ي I ة A پ p چ C ژ Z گ g " +
        // Hebrew
        "א A ב b ג g ד d ה h ו W ז z ח h ט t י I כ k ל l מ m נ n ס s ע A פ p צ T ק k ר r ש S ת t " +
        // Georgian
        "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ Z რ r ს s ტ t უ u ფ p ქ k ღ G ყ Q შ S ჩ C ც T ძ 8 წ T ჭ C ხ x ჯ J ჰ h " +
        // Armenian
        "ա a բ b գ g դ d ե e զ z է e ը e թ t ժ Z ի i լ l խ x ծ T կ k հ h ձ 8 ղ G ճ C մ m յ y ն n շ S ո o չ C պ p ջ J ռ r ս s վ v տ t ր r ց T ւ v փ p ք k օ o ֆ f ու u և ev " +
        // Kana, one sound for one sign
        "ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ Si ス su セ se ソ so タ ta チ Ci ツ Tu テ te ト to ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho " +
        "マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ va ン n ヴ v");

    internal static void Write(ReadOnlySpan<char> word, StringBuilder sounds)
    {
        var lookup = Letters.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < word.Length; i++)
        {
            if (i + 1 < word.Length && lookup.TryGetValue(word.Slice(i, 2), out string? pair))
            {
                sounds.Append(pair);
                i++;
            }
            else if (word[i] == 'ъ' && i > 0 && i + 1 < word.Length && word[i + 1] is not ('е' or 'ё' or 'ю' or 'я' or 'є' or 'ї'))
            {
                sounds.Append('a'); // Bulgarian: a vowel between consonants
            }
            else if (lookup.TryGetValue(word.Slice(i, 1), out string? sound))
            {
                sounds.Append(sound);
            }
            else if (char.IsAsciiLetterOrDigit(word[i]))
            {
                sounds.Append(word[i]);
            }
        }
    }

    private static Dictionary<string, string> Load(string table)
    {
        string[] cells = table.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var letters = new Dictionary<string, string>(cells.Length / 2);
        for (int i = 0; i < cells.Length; i += 2)
        {
            letters[cells[i]] = cells[i + 1] == "-" ? "" : cells[i + 1];
        }

        return letters;
    }
}
