using System.IO.Compression;
using System.Text;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Files;

namespace ExternalAction.Sanctions.Tests.Lists;

/// <summary>The list files beside the tests, read once, and small helpers to make others.</summary>
internal static class Files
{
    private static readonly Lazy<ListFile> FullList = new(() => Read("eu_fsf_2026-05-01.xml.gz"));
    private static readonly Lazy<ListFile> UnList = new(() => Read("un_consolidated_2026-02-27.xml.gz"));

    public static ListFile Full => FullList.Value;

    public static ListFile Un => UnList.Value;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    public static ListFile Read(string name, ReadOptions? options = null)
    {
        using var stream = File.OpenRead(PathOf(name));
        return ListFileReader.Read(stream, options);
    }

    public static ListFile Parse(string text, ReadOptions? options = null) => Parse(Encoding.UTF8.GetBytes(text), options);

    public static ListFile Parse(byte[] bytes, ReadOptions? options = null) => ListFileReader.Read(new MemoryStream(bytes), options);

    public static async Task<byte[]> WriteAsync(ListHeader header, IEnumerable<Entry> entries, bool extendedCsv = false)
    {
        using var output = new MemoryStream();
        await ListFileWriter.WriteAsync(output, header, entries, extendedCsv);
        return output.ToArray();
    }

    public static byte[] Gunzip(string name)
    {
        using var stream = new GZipStream(File.OpenRead(PathOf(name)), CompressionMode.Decompress);
        using var output = new MemoryStream();
        stream.CopyTo(output);
        return output.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }

    /// <summary>An export with the entities given as XML text.</summary>
    public static string Export(params string[] entities) =>
        $"""<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-05-01T08:25:35.000+02:00" globalFileId="7">{string.Concat(entities)}</export>""";

    /// <summary>A sound entity, with room for more children and other attributes.</summary>
    public static string Entity(string key = "1", string children = "", string programme = "UKR", string type = "person", string attributes = "") =>
        $"""
        <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.{key}.1" logicalId="{key}" {attributes}>
        <regulation regulationType="regulation" organisationType="council" publicationDate="2024-01-02" entryIntoForceDate="2024-01-03" numberTitle="2024/1" programme="{programme}" logicalId="9"><publicationUrl>http://x</publicationUrl></regulation>
        <subjectType code="{type}" classificationCode="P"/>
        <nameAlias firstName="" middleName="" lastName="" wholeName="Name of {key}" function="" title="" nameLanguage="" strong="true" regulationLanguage="en" logicalId="1"/>
        {children}</sanctionEntity>
        """;
}
