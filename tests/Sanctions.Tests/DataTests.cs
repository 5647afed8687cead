namespace ExternalAction.Sanctions.Tests;
public sealed class DataTests
{
    [Fact]
    public void The_real_list_is_beside_the_tests() => Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Data", "eu_fsf_2026-05-01.xml.gz")));
}
