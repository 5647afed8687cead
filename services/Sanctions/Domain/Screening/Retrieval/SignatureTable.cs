using System.Numerics;
using ExternalAction.Sanctions.Domain.Screening.Names;

namespace ExternalAction.Sanctions.Domain.Screening.Retrieval;

/// <summary>Different signatures side by side in memory, so that those near one are found in a single quick pass. Immutable.</summary>
internal sealed class SignatureTable
{
    private readonly Signature[] signatures;
    private readonly uint[] counts;
    private readonly byte[] lengths;
    private readonly byte[] doubtful;

    /// <param name="signatures">In the order in which <see cref="Near"/> will name them.</param>
    internal SignatureTable(Signature[] signatures)
    {
        this.signatures = signatures;
        counts = [.. signatures.Select(s => s.Counts)];
        lengths = [.. signatures.Select(s => (byte)s.Length)];
        doubtful = [.. signatures.Select(s => (byte)s.Doubtful)];
    }

    /// <summary>Adds the positions of all signatures for which <see cref="Signature.Near"/> holds.</summary>
    internal void Near(Signature signature, List<int> found)
    {
        Span<uint> meets = stackalloc uint[Signature.Sets];
        signature.FillMeets(meets);
        int length = signature.Length;
        for (int s = 0; s < signatures.Length; s++)
        {
            int allowed = Signature.Allowed(length, lengths[s]);
            if (Math.Abs(length - lengths[s]) <= allowed
                && BitOperations.PopCount(signature.Counts ^ counts[s]) <= (2 * allowed) + signature.Doubtful + doubtful[s]
                && signature.Differences(meets, signatures[s]) <= allowed)
            {
                found.Add(s);
            }
        }
    }
}
