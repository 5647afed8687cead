using ExternalAction.Decisions.Domain;
using ExternalAction.Decisions.Domain.Voting;
using Proto = ExternalAction.Contracts.Decisions.V1;

namespace ExternalAction.Decisions.Tests.Files;

/// <summary>The domain's words are the contract's words: whoever adds one to either side is told by these tests.</summary>
public sealed class ContractNames
{
    [Fact]
    public void The_domain_and_the_contract_use_the_same_words()
    {
        Same<FileState, Proto.State.Types.Value>();
        Same<FileReason, Proto.ReasonCode.Types.Value>();
        Same<Rule, Proto.Rule.Types.Value>();
        Same<Position, Proto.Position.Types.Value>();
        Same<Outcome, Proto.Outcome.Types.Value>();
        Same<Procedure, Proto.Procedure.Types.Value>();
        Same<Initiative, Proto.Initiative.Types.Value>();
        Same<Institution, Proto.Institution.Types.Value>();
        Same<LinkKind, Proto.LinkKind.Types.Value>();
        Same<MediationOutcome, Proto.MediationOutcome.Types.Value>();
        Same<DueKind, Proto.CalendarEntry.Types.Kind>();
    }

    // Two analyses at a time is the service's limit, not a rule of the domain.
    [Fact]
    public void Every_refusal_has_its_code_in_the_contract() =>
        Same<RefusalCode, Proto.DecisionsError.Types.Code>(but: nameof(Proto.DecisionsError.Types.Code.AnalysisBusy));

    [Fact]
    public void Every_reason_of_a_count_is_a_reason_a_file_may_have() =>
        Assert.Subset(Enum.GetNames<FileReason>().ToHashSet(), Enum.GetNames<ReasonCode>().ToHashSet());

    /// <summary>What the comments of the rpcs promise reaches the API page; a code that no rpc names is a code nobody expects.</summary>
    [Fact]
    public void The_rpcs_name_every_code_of_the_contract_and_no_other()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ExternalAction.sln")))
        {
            folder = folder.Parent!;
        }
        var comments = string.Concat(Directory.GetFiles(Path.Combine(folder.FullName, "services/Contracts/externalaction/decisions/v1"), "*.proto")
            .Where(f => Path.GetFileName(f) != "errors.proto").SelectMany(File.ReadLines).Select(line => line.Trim()).Select(line => line.StartsWith("//", StringComparison.Ordinal) ? line[2..] : "\n"));
        var named = System.Text.RegularExpressions.Regex.Matches(comments, "(?<=Errors:)[A-Z_, ]+", default, TimeSpan.FromMinutes(1))
            .SelectMany(m => m.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(n => n.TrimEnd('.', ' ')).ToHashSet();
        var codes = Proto.DecisionsError.Descriptor.EnumTypes.Single(e => e.Name == "Code").Values.Select(v => v.Name).Where(c => c != "UNSPECIFIED").ToHashSet();
        var shared = ExternalAction.Contracts.Platform.V1.PlatformError.Descriptor.EnumTypes.Single(e => e.Name == "Code").Values.Select(v => v.Name);
        Assert.Empty(codes.Except(named));
        Assert.Empty(named.Except(codes).Except(shared));
    }

    private static void Same<TDomain, TContract>(params string[] but) where TDomain : struct, Enum where TContract : struct, Enum =>
        Assert.Equal(Enum.GetNames<TContract>().Except(["Unspecified", .. but]).Order(StringComparer.Ordinal), Enum.GetNames<TDomain>().Order(StringComparer.Ordinal));
}
