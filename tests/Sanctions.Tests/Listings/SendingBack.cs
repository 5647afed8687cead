using ExternalAction.Sanctions.Domain;
using ExternalAction.Sanctions.Domain.Lists;
using ExternalAction.Sanctions.Grpc;
using Grpc.Core;
using static ExternalAction.Sanctions.Tests.Listings.Spec;
using static ExternalAction.Sanctions.Tests.Listings.Steps;
using Proto = ExternalAction.Contracts.Sanctions.V1;

namespace ExternalAction.Sanctions.Tests.Listings;

/// <summary>A client reads a listing, changes a line and sends it back: it must have seen everything that it replaces.</summary>
public sealed class SendingBack
{
    private static readonly Entry Filed = Entry("5") with
    {
        Names = [new Name { Whole = "Boris Example", First = "Boris", Last = "Example", Language = "EN", Gender = "M", Title = "Dr", Function = "Chief", LogicalId = 1, Remarks = ["r"] }],
        BirthDates = [new BirthDate { Year = 1970, City = "Minsk", ZipCode = "220030", Country = new Country("BY", "BELARUS"), LogicalId = 1 }],
        Addresses = [new Address { Street = "1 Main St", AsAtListingTime = true, Contacts = [new Contact("EMAIL", "a@b.c"), new Contact("PHONE", "+375 1")], Country = new Country("BY", "BELARUS"), LogicalId = 1 }],
        Identifications =
        [
            new Identification
            {
                TypeCode = "passport",
                TypeDescription = "National passport",
                Number = "АВ1",
                LatinNumber = "AB1",
                NameOnDocument = "Barys Example",
                IssuedBy = "MVD",
                IssuedDate = Day("2001-02-03"),
                ValidFrom = Day("2001-02-04"),
                ValidTo = Day("2011-02-03"),
                Diplomatic = true,
                ReportedLost = true,
                RevokedByIssuer = true,
                Region = "Minsk region",
                Country = new Country("BY", "BELARUS"),
                LogicalId = 1,
            },
        ],
    };

    [Fact]
    public void What_is_read_of_a_listing_and_sent_back_changes_nothing()
    {
        var given = Given(FileArrives(added: [Filed]));
        var read = Views.Of(given.Listing("eu-5"), isPublic: true).Content;
        Assert.Equal(("EMAIL", "a@b.c"), (read.Addresses[0].Contacts[0].Key, read.Addresses[0].Contacts[0].Value));
        Assert.Equal(("2001-02-04", "Barys Example", true), (read.Identifications[0].ValidFrom, read.Identifications[0].NameOnDocument, read.Identifications[0].RevokedByIssuer));
        given.When(IsAmended(Contents.Read(read, []), AnAct(), id: "eu-5")).ThenNothing();

        // One telephone number more is an amendment.
        read.Addresses[0].Contacts.Add(new Proto.Contact { Key = "PHONE", Value = "+375 2" });
        given.When(IsAmended(Contents.Read(read, []), AnAct(), id: "eu-5")).ThenOne<ListingAmended>();
        Assert.Equal(3, given.Listing("eu-5").Entry.Addresses[0].Contacts.Count);
    }

    [Fact]
    public void Every_notification_is_shown_and_the_last_one_counts()
    {
        var view = Views.Of(Given([.. IsListed(), IsNotified(), IsNotified(method: NotificationMethod.Direct)]).Listing(), isPublic: true);
        Assert.Equal([Proto.NotificationMethod.Types.Value.Notice, Proto.NotificationMethod.Types.Value.Direct], view.Notifications.Select(n => n.Method));
        Assert.Equal(view.Notifications[^1], view.Notification);
    }

    [Fact]
    public void What_is_emptied_is_not_given_as_well()
    {
        var amendment = new Proto.AmendListingRequest { Clear = { Proto.ContentPart.Types.Value.BirthDates, Proto.ContentPart.Types.Value.Evidence } };
        Assert.Equal([ContentPart.BirthDates, ContentPart.Evidence], Contents.Cleared(amendment));
        amendment.Evidence.Add("file 1");
        Assert.Contains("clear[1]", Assert.Throws<RpcException>(() => Contents.Cleared(amendment)).Status.Detail, StringComparison.Ordinal);
    }
}
