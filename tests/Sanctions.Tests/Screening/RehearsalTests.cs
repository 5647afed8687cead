using ExternalAction.Sanctions.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>What a service goes through once it stands must go through: nobody would hear of a fault there.</summary>
public class RehearsalTests
{
    [Fact]
    public async Task A_list_of_invented_subjects_goes_the_whole_way_from_file_to_hit()
    {
        var found = Rehearsal.Screen(await Rehearsal.ImportAsync(CancellationToken.None));

        // A person of the file, a company of the file, and one listed after it.
        Assert.Contains(found, hit => hit.EntityId == "later");
        Assert.Contains(found, hit => hit.Matched.Text.Contains("Shipping", StringComparison.Ordinal));
        Assert.Contains(found, hit => hit.Matched.Text.StartsWith("Anna Sergeevna", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_in_earnest_ends_it()
    {
        var rehearsal = Rehearsal.RepeatAsync(times: 1_000, import: true, CancellationToken.None);

        Rehearsal.End();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rehearsal.WaitAsync(TimeSpan.FromSeconds(60)));
    }
}
