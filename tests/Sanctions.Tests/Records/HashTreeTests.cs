using System.Security.Cryptography;
using ExternalAction.Sanctions.Records;

namespace ExternalAction.Sanctions.Tests.Records;

public sealed class HashTreeTests
{
    // The inputs and roots that implementations of Certificate Transparency (RFC 6962) test themselves with.
    private static readonly byte[][] _published =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(hex => SHA256.HashData([0, .. Convert.FromHexString(hex)])),
    ];

    [Theory]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_the_one_that_RFC_6962_gives(int leaves, string root) => Assert.Equal(root, Convert.ToHexStringLower(HashTree.Root(_published.AsSpan(0, leaves))));

    [Fact]
    public void Every_leaf_of_a_tree_of_any_size_is_proved_at_its_own_place_and_at_no_other()
    {
        for (var count = 1; count <= 40; count++)
        {
            var leaves = Leaves(count);
            var root = HashTree.Root(leaves);
            for (var i = 0; i < count; i++)
            {
                var proof = HashTree.Proof(leaves, i);
                Assert.Equal([i], Enumerable.Range(0, count).Where(place => HashTree.Verify(leaves[i], place, count, proof, root)));
            }
        }
    }

    [Fact]
    public void A_proof_does_not_fit_another_leaf_another_root_or_with_a_hash_altered_taken_out_or_added()
    {
        var leaves = Leaves(11);
        var root = HashTree.Root(leaves);
        var proof = HashTree.Proof(leaves, 9).ToArray();
        Assert.True(HashTree.Verify(leaves[9], 9, 11, proof, root));
        Assert.False(HashTree.Verify(leaves[8], 9, 11, proof, root));
        Assert.False(HashTree.Verify(leaves[9], 9, 11, proof, HashTree.Root(Leaves(12))));
        Assert.False(HashTree.Verify(leaves[9], 9, 11, proof[..^1], root));
        Assert.False(HashTree.Verify(leaves[9], 9, 11, [.. proof, root], root));
        Assert.False(HashTree.Verify(leaves[9], 11, 11, proof, root));
        for (var i = 0; i < proof.Length; i++)
        {
            var altered = proof.Select(h => (byte[])h.Clone()).ToArray();
            altered[i][0] ^= 1;
            Assert.False(HashTree.Verify(leaves[9], 9, 11, altered, root));
        }
    }

    private static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => SHA256.HashData([0, (byte)i]))];
}
