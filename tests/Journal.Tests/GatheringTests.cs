namespace ExternalAction.Journal.Tests;

/// <summary>Whom a batch waits for before it leaves.</summary>
public sealed class GatheringTests
{
    private readonly Gathering _gathering = new();
    private int _before;

    [Fact]
    public async Task Callers_who_come_back_are_waited_for_each_time()
    {
        for (var batch = 0; batch < 40; batch++)
        {
            Assert.True(await LooksAsync(answered: 8, returning: 8));
        }
    }

    [Fact]
    public async Task Callers_who_do_not_come_back_are_tried_again_only_after_a_while()
    {
        Assert.True(await LooksAsync(answered: 8, returning: 0));
        for (var batch = 0; batch < 16; batch++)
        {
            Assert.False(await LooksAsync(answered: 8, returning: 0));
        }

        Assert.True(await LooksAsync(answered: 8, returning: 8));
        Assert.True(await LooksAsync(answered: 8, returning: 8));
    }

    [Fact]
    public async Task What_was_queued_before_the_answers_is_not_taken_for_those_who_come_back()
    {
        _before = 20;
        Assert.True(await LooksAsync(answered: 8, returning: 0));
        Assert.False(await LooksAsync(answered: 8, returning: 0));
    }

    [Fact]
    public async Task Nobody_waits_after_a_lone_command()
    {
        Assert.False(await LooksAsync(answered: 1, returning: 1));
        Assert.True(await LooksAsync(answered: 2, returning: 2));
    }

    /// <summary>Answers a batch and waits before the next; true if anybody looked who is back.</summary>
    private async Task<bool> LooksAsync(int answered, int returning)
    {
        var looks = 0;
        _gathering.Answering(answered, _before);
        await _gathering.WaitAsync(() =>
        {
            looks++;
            return _before + returning;
        });
        return looks > 0;
    }
}
