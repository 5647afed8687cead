using System.IO.Compression;
using System.Text.Json;
using System.Xml;
using BenchmarkDotNet.Attributes;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;

namespace ExternalAction.Benchmarks.Lists;

/// <summary>
/// The whole EU list (5,860 entities, 23 MB of XML) in and out: read from gzip and from plain XML, compared with itself in another
/// order, written, stored and replayed. The reference in the same run is the framework's XML parser walking the file without
/// building anything: a reader cannot be faster than that.
/// </summary>
[MemoryDiagnoser]
public class ListFilesBenchmark
{
    private byte[] _packed = [];
    private byte[] _plain = [];
    private ListFile _list = null!;
    private Dictionary<string, Entry> _current = [];
    private List<Entry> _shuffled = [];
    private List<byte[]> _stored = [];

    /// <summary>Reads the file once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _packed = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "eu_fsf_2026-05-01.xml.gz"));
        using var gzip = new GZipStream(new MemoryStream(_packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        _plain = plain.ToArray();
        _list = Read();
        _current = _list.Entries.ToDictionary(entry => entry.Key);
        _shuffled = [.. Read().Entries.Select(entry => entry with { Names = entry.Names.Items.Reverse().ToSequence() })];
        _stored = [.. _list.Entries.Select(entry => JsonSerializer.SerializeToUtf8Bytes(entry))];
    }

    /// <summary>The framework's parser alone.</summary>
    [Benchmark(Baseline = true)]
    public int WalkTheXml()
    {
        using var xml = XmlReader.Create(new MemoryStream(_plain));
        var nodes = 0;
        while (xml.Read())
        {
            nodes += xml.AttributeCount;
        }

        return nodes;
    }

    /// <summary>Import of the plain file, to entries.</summary>
    [Benchmark]
    public ListFile Read() => ListFileReader.Read(new MemoryStream(_plain));

    /// <summary>Import of the compressed file, to entries.</summary>
    [Benchmark]
    public ListFile ReadGzip() => ListFileReader.Read(new MemoryStream(_packed));

    /// <summary>Comparison with a list of the same content whose names are in another order.</summary>
    [Benchmark]
    public ListDiff Compare() => ListDiff.Between(_current, _shuffled);

    /// <summary>Export as XML.</summary>
    [Benchmark]
    public Task WriteXml() => ListFileWriter.WriteAsync(Stream.Null, _list.Header, _list.Entries);

    /// <summary>Export as CSV.</summary>
    [Benchmark]
    public Task WriteCsv() => ListFileWriter.WriteAsync(Stream.Null, _list.Header with { Format = ListFormat.FsfCsv }, _list.Entries);

    /// <summary>The entries out of their stored form, as at a replay of the journal.</summary>
    [Benchmark]
    public int Replay() => _stored.Sum(row => JsonSerializer.Deserialize<Entry>(row)!.Names.Count);
}
