using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using ExternalAction.Journal;

namespace ExternalAction.Benchmarks;

/// <summary>A signed receipt, and the bare ES256 signature in it: what every recorded vote pays on top of its row.</summary>
[MemoryDiagnoser]
public class ReceiptBenchmark
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _text = new byte[400];
    private readonly Receipt _receipt = new(
        "decisions", Guid.NewGuid(), 123_456, default, DateTimeOffset.UnixEpoch,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["decision"] = "0190a5c4-3f6e-7c11-8a54-6b7f1d2e3c4b", ["memberState"] = "IE", ["position"] = "FOR" });

    [Benchmark(Baseline = true)]
    public byte[] BareSignature() => _key.SignData(_text, HashAlgorithmName.SHA256);

    [Benchmark]
    public string SignedReceipt() => SignedStatements.Write(_receipt, "kid", _key);
}
