using ExternalAction.Sanctions.Domain.Screening;

namespace ExternalAction.Sanctions.Tests.Screening;

/// <summary>
/// Spellings that users send, from general knowledge of how names are written and romanised, not from the labelled pairs: what is one
/// name must raise an alert (or be worth a look where the names alone leave a doubt), and other people with alike names must not.
/// </summary>
public sealed class UsualSpellingTests
{
    private static readonly decimal Alert = ScreeningProfile.Payments.Alert;
    private static readonly decimal Review = ScreeningProfile.Onboarding.Review;

    [Theory]
    // patronymics dropped, abbreviated, in capitals, family name first
    [InlineData("Игорь Сечин", "Igor Ivanovich SECHIN")]
    [InlineData("SECHIN I.I.", "Igor Ivanovich SECHIN")]
    [InlineData("SECHIN IGOR IVANOVICH", "Igor Ivanovich Sechin")]
    [InlineData("Sechin, Igor", "Igor Ivanovich SECHIN")]
    // ISO 9, BGN, ICAO, German, French, Hungarian, Polish, Swedish conventions
    [InlineData("Ûrij Čajka", "Yury Chaika")]
    [InlineData("Iurii Shcherbakov", "Yuriy Scherbakov")]
    [InlineData("Nikita Chruschtschow", "Nikita Khrushchev")]
    [InlineData("Jewgeni Prigoschin", "Yevgeny Prigozhin")]
    [InlineData("Evgueni Prigojine", "Yevgeny Prigozhin")]
    [InlineData("Jevgenyij Prigozsin", "Yevgeny Prigozhin")]
    [InlineData("Jewgienij Prigożyn", "Yevgeny Prigozhin")]
    [InlineData("Aljaksandr Lukasjenka", "Alexander Lukashenko")]
    // Ukrainian and Russian forms of one name
    [InlineData("Viktor Yanukovich", "Viktor Yanukovych")]
    [InlineData("Mykola Azarov", "Nikolay Azarov")]
    [InlineData("Serhii Kurchenko", "Sergey Kurchenko")]
    [InlineData("Oleh Tsarov", "Oleg Tsaryov")]
    // Arabic and Persian: article, ibn, kunya, several romanisations
    [InlineData("Bashar Assad", "Bashar al-Assad")]
    [InlineData("بشار الأسد", "Bachar el-Assad")]
    [InlineData("Osama bin Ladin", "Usama ben Laden")]
    [InlineData("Aiman Muhammed Rabi al-Zawahiri", "Ayman al-Zawahri")]
    [InlineData("Muammar Qadhafi", "Moammar Gaddafi")]
    [InlineData("Abdelaziz Bouteflika", "Abd al-Aziz Butafliqa")]
    [InlineData("قاسم سلیمانی", "Qasem SOLEIMANI")]
    [InlineData("Ghasem Soleymani", "Qasem SOLEIMANI")]
    [InlineData("Mukhtar Ould Daddah", "Moktar Ould Daddah")]
    // German, Turkish, Vietnamese, Polish, Spanish, Portuguese letters
    [InlineData("Juergen Mueller", "Jürgen Müller")]
    [InlineData("Jurgen Muller", "Jürgen Müller")]
    [InlineData("Hans Großmann", "Hans Grossmann")]
    [InlineData("Ibrahim Yıldız", "Ibrahim Yildiz")]
    [InlineData("IŞIL ÇELİK", "Isil Celik")]
    [InlineData("Nguyễn Văn Thiệu", "Nguyen Van Thieu")]
    [InlineData("Lukasz Walesa", "Łukasz Wałęsa")]
    [InlineData("Diosdado Cabello", "Diosdado CABELLO RONDÓN")]
    [InlineData("Delcy Rodriguez", "Delcy Eloína RODRÍGUEZ GÓMEZ")]
    [InlineData("Joao Goncalves", "João Gonçalves")]
    // Chinese, Korean and Hungarian: family name first or last
    [InlineData("Jong Un Kim", "KIM Jong-un")]
    [InlineData("Kim Jong Eun", "KIM Jong-un")]
    [InlineData("김정은", "Kim Jong Un")]
    [InlineData("Zedong Mao", "毛泽东")]
    [InlineData("Orbán Viktor", "Viktor Orban")]
    // Central Asia and the Caucasus
    [InlineData("Nursultan Nazarbaev", "Nursultan Nazarbayev")]
    [InlineData("Shavkat Mirziyoyev", "Шавкат Мирзиёев")]
    [InlineData("Рамзан Кадыров", "Ramzan KADYROW")]
    [InlineData("Gurbanguly Berdimuhamedow", "Гурбангулы Бердымухамедов")]
    [InlineData("Ilham Əliyev", "Ilham Aliyev")]
    // written in one
    [InlineData("IGORSECHIN", "Igor Sechin")]
    [InlineData("بشارالاسد", "Bashar al-Assad")]
    // initials as payment messages write them, also where the two letters are somebody's name
    [InlineData("PATRUSHEV NP", "Nikolai Platonovich PATRUSHEV")]
    [InlineData("BORTNIKOV AV", "Aleksandr Vasilievich BORTNIKOV")]
    [InlineData("ПАТРУШЕВ НП", "Nikolai Platonovich PATRUSHEV")]
    [InlineData("SKRYNNIKOVA MA", "Marina Aleksandrovna SKRYNNIKOVA")]
    public void Another_usual_spelling_of_a_person_raises_an_alert(string query, string listed) => Assert.True(Person(query, listed) >= Alert, $"{Person(query, listed)}");

    /// <summary>ISO 9 with the family name first: each doubt is small, together they leave one.</summary>
    [Fact]
    public void A_scholarly_romanisation_in_another_order_is_worth_a_look() => Assert.True(Person("Ŝerbakov Ûrij", "Yuri Shcherbakov") >= Review);

    [Theory]
    [InlineData("Igor Sechin", "Ivan Sechin")]
    [InlineData("Sergei Ivanov", "Sergei Petrov")]
    [InlineData("Ivan Igorevich Sechin", "Igor Ivanovich Sechin")]
    [InlineData("Vladimir Putin", "Vladimir Lutin Petrov")]
    [InlineData("Igor Putin", "Vladimir Putin")]
    [InlineData("Maher al-Assad", "Bashar al-Assad")]
    [InlineData("محمد حسن", "محمود حسين")]
    [InlineData("علی رضایی", "Ali Larijani")]
    [InlineData("حسين علي", "Hassan Ali")]
    [InlineData("محمد جعفري", "Mohammad Jaffer Khan")]
    [InlineData("فاطمة الزهراء", "Fayez Zahran")]
    [InlineData("Kim Jong-nam", "Kim Jong-un")]
    [InlineData("Kim Yong-il", "Kim Jong-un")]
    [InlineData("Li Wei", "Liu Wei")]
    [InlineData("José García", "José González")]
    [InlineData("Juan Pérez García", "Juan Pérez Maduro")]
    [InlineData("Oleg Petrov", "Olga Petrova")]
    [InlineData("Omar Hassan", "Amir Hussein")]
    [InlineData("Jafar Ali", "Afra Ali")]
    [InlineData("Anna Schmidt", "Hannes Schmitz")]
    [InlineData("Kim Ji-young", "KIM Young-Nam")]
    [InlineData("PATRUSHEV SG", "Nikolai Platonovich PATRUSHEV")]
    public void Another_person_with_an_alike_name_raises_no_alert(string query, string listed) => Assert.True(Person(query, listed) < Alert, $"{Person(query, listed)}");

    [Theory]
    // legal forms and signs
    [InlineData("Rosneft", "PAO Rosneft'")]
    [InlineData("ПАО «НК «Роснефть»", "Rosneft Oil Company")]
    [InlineData("Almaz-Antey", "AO \"Almaz Antey\"")]
    [InlineData("OOO Concord Catering", "ООО «Конкорд Кейтеринг»")]
    [InlineData("Huawei Technologies Co., Ltd.", "HUAWEI TECHNOLOGIES CO LTD")]
    [InlineData("Smith & Wesson Holding", "Smith and Wesson Holdings")]
    [InlineData("Khatam al-Anbiya Construction Headquarters", "KHATAM AL ANBIA CONSTRUCTION HEADQUARTER")]
    [InlineData("ALMAZANTEY", "Almaz-Antey")]
    // the same words in another language
    [InlineData("Банк Россия", "Bank Rossiya")]
    [InlineData("Banque Centrale de Syrie", "Central Bank of Syria")]
    [InlineData("Zentralbank von Syrien", "Zentral Bank Syrien")]
    [InlineData("Министерство обороны Российской Федерации", "Ministry of Defence of the Russian Federation")]
    [InlineData("Ministère de la défense de Biélorussie", "Ministry of Defence of Belarus")]
    [InlineData("Uralvagonzavod", "АО «НПК «Уралвагонзавод»")]
    public void Another_usual_spelling_of_an_organisation_is_worth_a_look(string query, string listed) => Assert.True(Organisation(query, listed) >= Review, $"{Organisation(query, listed)}");

    [Theory]
    [InlineData("Ministry of Defence of Belarus", "Ministry of Defence of Syria")]
    [InlineData("Ministère de la défense de Biélorussie", "Ministry of Defence of Iran")]
    [InlineData("Central Bank of Syria", "Central Bank of Iran")]
    [InlineData("Bank Otkritie", "Bank Rossiya")]
    [InlineData("Engineering Company", "Инженерная компания Вектор")]
    [InlineData("Tehran Steel Works", "Isfahan Steel Works")]
    [InlineData("Fund 7", "Fonds 8")]
    [InlineData("Deutsche Bank AG", "Bank Melli Iran")]
    // a place and words of trade, not all of them the same
    [InlineData("Bank of Korea", "Foreign Trade Bank of Korea")]
    [InlineData("Bank of Moscow", "CREDIT BANK OF MOSCOW")]
    [InlineData("Central Bank of Libya", "Libyan Agricultural Bank")]
    [InlineData("Central Bank of Iraq", "Central Bank of Iran")]
    [InlineData("Korea National Oil Corporation", "Korea National Insurance Corporation")]
    [InlineData("Hong Kong Trading Limited", "Hong Kong Electronics")]
    [InlineData("Korea Electric Power Corporation", "Kola Electric Company")]
    [InlineData("Korean Air", "Karanir")]
    [InlineData("Mario Rossi", "marine russe")]
    public void Another_organisation_with_alike_words_raises_no_alert(string query, string listed) => Assert.True(Organisation(query, listed) < Alert, $"{Organisation(query, listed)}");

    private static decimal Person(string a, string b) => NameComparer.Compare(SubjectType.Person, a, b).Score;

    private static decimal Organisation(string a, string b) => NameComparer.Compare(SubjectType.Enterprise, a, b).Score;
}
