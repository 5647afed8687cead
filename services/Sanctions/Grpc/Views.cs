using System.Globalization;
using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.ServiceDefaults;
using Google.Protobuf.WellKnownTypes;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Grpc;

/// <summary>
/// Listings and regimes as the contract shows them. The public sees what is or was in force, without evidence and without
/// the observations of the subject; the table of fields and roles is docs/roles.md.
/// </summary>
internal static class Views
{
    /// <summary>The whole listing, as far as the caller may see it.</summary>
    public static Proto.Listing Of(Listing listing, bool isPublic)
    {
        var view = Head(listing);
        view.Content = Content(listing);
        view.Notifications.Add(listing.Notifications.Select(Of));
        view.Acts.Add(listing.Kept.Regulations.Select(r => Of(r, listing)));
        view.Derogations.Add(listing.Derogations.Select(Of));
        view.Reviews.Add(listing.Reviews.Select(r => new Proto.Review { Date = Day(r.Date), Outcome = Names.Map<ReviewOutcome, Proto.ReviewOutcome.Types.Value>(r.Outcome), Text = isPublic ? "" : r.Text }));
        if (!isPublic)
        {
            view.Evidence.Add(listing.Grounds.Evidence);
            view.Observations.Add(listing.Observations.Select(o => new Proto.Observation { ReceivedOn = Day(o.ReceivedOn), From = o.From, Summary = o.Summary }));
        }
        return view;
    }

    /// <summary>The listing's head: who it is and where it stands.</summary>
    public static Proto.Listing Head(Listing listing) => new()
    {
        Id = listing.Id,
        List = listing.List,
        Regime = listing.Regime,
        Type = Names.Map<SubjectType, Proto.SubjectType.Types.Value>(listing.Kept.SubjectType),
        State = Names.Map<ListingState, Proto.ListingState.Types.Value>(listing.State),
        EuReferenceNumber = listing.Kept.EuReferenceNumber ?? "",
        ListKey = listing.IsOnFile ? listing.Kept.Key : "",
        UnitedNationsId = listing.Kept.UnitedNationId,
        Caption = listing.Caption,
        ProposedBy = listing.ProposedBy ?? (listing.IsProposal ? Proposing.HighRepresentative : ""),
        DecisionId = listing.DecisionId ?? "",
        ListedOn = Day(listing.Kept.DesignationDate ?? listing.Kept.Regulations.Select(r => r.EntryIntoForceDate).Min()),
        EffectDate = Day(listing.Act?.EffectDate),
        Notification = NotificationOf(listing),
        NextReviewDue = Day(listing.NextReviewDue),
        Delisting = listing.Delisting is { } end
            ? new Proto.Delisting { Reason = Names.Map<DelistingReason, Proto.DelistingReason.Types.Value>(end.Reason), Act = end.Act, Date = Day(end.Date), Text = end.Text }
            : null,
        AliasVersion = AliasVersion(listing),
        CreatedAt = Timestamp.FromDateTimeOffset(listing.Created.RecordedAt),
        UpdatedAt = Timestamp.FromDateTimeOffset(listing.Updated.RecordedAt),
        Position = listing.Updated.Position,
    };

    /// <summary>The version of a listing's names.</summary>
    public static string AliasVersion(Listing listing) => listing.NamesPosition.ToString(CultureInfo.InvariantCulture);

    /// <summary>An act of a listing.</summary>
    public static Proto.LegalAct Of(Regulation act, Listing listing) => new()
    {
        Number = act.NumberTitle,
        Kind = act.Type,
        Organisation = act.OrganisationType,
        PublicationDate = Day(act.PublicationDate),
        EffectDate = Day(act.EntryIntoForceDate),
        Url = act.PublicationUrl,
        DecisionId = listing.Act is { DecisionId: { } decision } own && act.NumberTitle.StartsWith(own.Number, StringComparison.Ordinal) ? decision : "",
    };

    /// <summary>A regime.</summary>
    public static Proto.Regime Of(Regime regime, int listings)
    {
        var view = new Proto.Regime
        {
            Code = regime.Record.Code,
            Title = regime.Record.Title,
            BasicDecision = regime.Record.BasicDecision,
            RhythmMonths = regime.Record.RhythmMonths,
            ExpiryDate = Day(regime.ExpiryDate),
            Listings = listings,
            Source = regime.Record.Source,
            RenewedBy = regime.RenewedBy ?? "",
            RenewedByAct = regime.RenewedByAct ?? "",
            Position = regime.Position,
        };
        view.FrameworkActs.Add(regime.Record.FrameworkActs);
        return view;
    }

    /// <summary>A day as text; empty when there is none.</summary>
    public static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A score: decimal text with four places.</summary>
    public static string Score(decimal score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    private static Proto.Content Content(Listing listing)
    {
        var entry = listing.Entry;
        var content = new Proto.Content { StatementOfReasons = listing.Grounds.StatementOfReasons };
        content.Names.Add(entry.Names.Select(n => new Proto.Name
        {
            WholeName = n.Text,
            FirstName = n.First,
            MiddleName = n.Middle,
            LastName = n.Last,
            Language = n.Language,
            Script = n.Script.ToString(),
            Weak = n.IsWeak,
            Title = n.Title,
            Function = n.Function,
            Gender = n.Gender ?? "",
            Remark = string.Join("; ", n.Remarks),
        }));
        content.BirthDates.Add(entry.BirthDates.Select(b => new Proto.BirthDate
        {
            Date = Day(b.Date),
            Year = b.Year ?? 0,
            Month = b.Month ?? 0,
            Day = b.Day ?? 0,
            YearFrom = b.YearFrom ?? 0,
            YearTo = b.YearTo ?? 0,
            Circa = b.Circa,
            Calendar = b.Calendar == BirthCalendar.Islamic ? "ISLAMIC" : "GREGORIAN",
            City = b.City,
            Place = b.Place,
            Region = b.Region,
            Country = Code(b.Country),
            ZipCode = b.ZipCode,
        }));
        content.Citizenships.Add(entry.Citizenships.Where(c => c.Country.IsKnown).Select(c => Code(c.Country)));
        content.Addresses.Add(entry.Addresses.Select(a => new Proto.Address
        {
            Street = a.Street,
            City = a.City,
            ZipCode = a.ZipCode,
            PoBox = a.PoBox,
            Region = a.Region,
            Place = a.Place,
            Country = Code(a.Country),
            Remark = string.Join("; ", a.Remarks),
            Contacts = { a.Contacts.Select(c => new Proto.Contact { Key = c.Key, Value = c.Value }) },
            AsAtListingTime = a.AsAtListingTime,
        }));
        content.Identifications.Add(entry.Identifications.Select(i => new Proto.Identification
        {
            Type = i.TypeCode,
            Number = i.Number,
            Country = Code(i.Country),
            IssuedBy = i.IssuedBy,
            Issued = Day(i.IssuedDate),
            ValidTo = Day(i.ValidTo),
            KnownExpired = i.KnownExpired,
            KnownFalse = i.KnownFalse,
            Remark = string.Join("; ", i.Remarks),
            ValidFrom = Day(i.ValidFrom),
            Diplomatic = i.Diplomatic,
            ReportedLost = i.ReportedLost,
            RevokedByIssuer = i.RevokedByIssuer,
            LatinNumber = i.LatinNumber,
            NameOnDocument = i.NameOnDocument,
            Region = i.Region,
            TypeDescription = i.TypeDescription,
        }));
        content.Remarks.Add(entry.Remarks);
        content.Measures.Add(MeasuresOf(listing));
        return content;
    }

    /// <summary>The measures that apply to a listing.</summary>
    public static IEnumerable<Proto.Measure.Types.Value> MeasuresOf(Listing listing) => listing.Grounds.Measures.Select(Names.Map<Measure, Proto.Measure.Types.Value>);

    /// <summary>A country's code, or the name where a list gives no code; empty when it is not known.</summary>
    private static string Code(Country country) => !country.IsKnown ? "" : country.Code is { Length: > 0 } and not "00" ? country.Code : country.Description;

    private static Proto.Notification NotificationOf(Listing listing) => listing.Notifications.IsEmpty
        ? new Proto.Notification { State = listing.IsNotificationDue ? Proto.NotificationState.Types.Value.Due : Proto.NotificationState.Types.Value.NotDue }
        : Of(listing.Notifications[^1]);

    private static Proto.Notification Of(Notification told) => new()
    {
        State = Proto.NotificationState.Types.Value.Notified,
        Method = Names.Map<NotificationMethod, Proto.NotificationMethod.Types.Value>(told.Method),
        Date = Day(told.Date),
        Reference = told.Reference,
        ObservationsUntil = Day(told.ObservationsUntil),
    };

    private static Proto.Derogation Of(DerogationRecorded derogation) => new()
    {
        Ground = Names.Map<DerogationGround, Proto.DerogationGround.Types.Value>(derogation.Ground),
        MemberState = derogation.MemberState ?? "",
        Authority = derogation.Authority,
        From = Day(derogation.From),
        Until = Day(derogation.Until),
        Reference = derogation.Reference,
        Text = derogation.Text,
    };
}
