using System.Text;

namespace ExternalAction.Journal;

/// <summary>
/// Turns UTF-8 into strings and gives the same string again for the same bytes. Rows repeat a handful of type names
/// and actors a million times; without this a replay would allocate each of them anew. Not for several threads.
/// </summary>
internal sealed class TextCache
{
    private const int Slots = 1024;
    private readonly (byte[] Utf8, string Text)[] _slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref _slots[unchecked((uint)hash.ToHashCode()) % Slots];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }
}
