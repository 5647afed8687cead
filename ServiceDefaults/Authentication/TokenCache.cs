// Remembers validated tokens by their SHA-256, so that a signature is checked once per token and not once per request.
// Two generations: when the young one is full it becomes the old one and the old one is dropped. Constant work, a hard
// bound on memory, and a token in use moves back to the young generation.
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ExternalAction.ServiceDefaults;

/// <summary>Validated tokens until they expire.</summary>
internal sealed class TokenCache(int size)
{
    private readonly int _half = size / 2;
    private readonly Lock _turn = new();
    private volatile ConcurrentDictionary<Digest, CallerPrincipal> _young = new();
    private volatile ConcurrentDictionary<Digest, CallerPrincipal> _old = new();
    private int _youngCount;

    /// <summary>SHA-256 of a token's UTF-16: the token itself is not kept.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
    {
        public static Digest Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash); // its UTF-16 as it lies: nothing is copied
            var words = MemoryMarshal.Cast<byte, ulong>(hash);
            return new Digest(words[0], words[1], words[2], words[3]);
        }
    }

    /// <summary>The principal of a token validated before and not expired, or null.</summary>
    public CallerPrincipal? Find(Digest token, DateTimeOffset now)
    {
        if (_young.TryGetValue(token, out var found))
        {
            return found.Caller.TokenExpires > now ? found : null;
        }

        if (_old.TryGetValue(token, out found) && found.Caller.TokenExpires > now)
        {
            Add(token, found);
            return found;
        }

        return null;
    }

    /// <summary>Remembers a token.</summary>
    public void Add(Digest token, CallerPrincipal principal)
    {
        lock (_turn)
        {
            if (!_young.TryAdd(token, principal))
            {
                _young[token] = principal;
                return;
            }

            _youngCount++;
            if (_youngCount >= _half)
            {
                _old = _young;
                _young = new ConcurrentDictionary<Digest, CallerPrincipal>();
                _youngCount = 0;
            }
        }
    }
}
