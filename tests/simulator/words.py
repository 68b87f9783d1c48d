"""The words simulated titles are made of. Names and words are common ones; no real person or work is meant."""

from __future__ import annotations

from typing import NamedTuple


class Tongue(NamedTuple):
    """One language of the simulated trade.

    Attributes:
        code: ISO 639-2/B (List 74).
        titles: Patterns with ``{a}`` (adjective), ``{n}`` and ``{m}`` (nouns).
        sentences: Sentences for descriptions, with the same slots and ``{p}`` for a name.
        western: Whether cp1252 can write it, so that it may stand in a spreadsheet.
    """

    code: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    titles: tuple[str, ...]
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]
    sentences: tuple[str, ...]
    western: bool


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH = (
    "When {p} returns to the {a} {n} of childhood, nothing is where it was left.",
    "What begins as a search for a {a} {n} becomes a reckoning with a {m} nobody in town will name.",
    "Told over one summer and one winter, this is a story of a {n}, a {m} and the people between them.",
    "“You never asked about the {n},” says {p} – and after that evening there is no way back.",
    "With patience and a dry sense of humour, the author follows three generations from the {n} to the {m}.",
    "Every letter mentions the {a} {m}; none of them says who built it.",
    "{p} has until the first snow to find out whom the {a} {n} belongs to.",
    "A quiet, exact and often very funny book about work, weather & the price of a {n}.",
    "The new recording restores a chapter about the {m} that earlier editions left out.",
    "Listeners who liked the earlier volumes will recognise the {n} – and will be glad of the {m}.",
    "Nobody believed {p}, least of all the sister who had kept the {m} hidden for eleven years.",
    "The result is a portrait of a {a} place at the moment when it stops believing in the {n}.",
)
_GERMAN = (
    "Als {p} nach Jahren zurückkehrt, ist vom {n} nur noch die Erinnerung geblieben.",
    "Eine Geschichte über Freundschaft, Verrat und die Frage, wem ein {n} gehört.",
    "Drei Generationen, ein {m} und ein Sommer, der alles verändert – mit leisem Humor erzählt.",
    "„Vom {n} hast du nie gesprochen“, sagt {p}, und danach gibt es kein Zurück.",
    "Niemand in der Straße will wissen, was aus dem {m} geworden ist.",
    "Das ungekürzte Hörbuch enthält ein Kapitel, das bisher nur gedruckt vorlag.",
)
_SWEDISH = (
    "När {p} återvänder till byn är ingenting som förr.",
    "En berättelse om vänskap, svek och frågan om vem som äger ett {n}.",
    "Under en sommar och en vinter följer vi tre generationer på väg mot ett {m}.",
    "”Du frågade aldrig om {n}”, säger {p} – och efter den kvällen finns ingen väg tillbaka.",
    "Ingen på ön vill minnas vad som hände med {m}.",
    "Den nya inspelningen innehåller ett kapitel som tidigare bara funnits i tryck.",
)
_FRENCH = (
    "Quand {p} revient au village, rien n’est plus à sa place.",
    "Une histoire d’amitié, de trahison et d’un {n} que personne n’ose réclamer.",
    "« Tu ne m’as jamais parlé du {n} », dit {p} ; après ce soir-là, tout change.",
    "En un été et un hiver, trois générations se retrouvent autour d’un {m}.",
    "Personne dans la rue ne veut savoir ce qu’est devenu le {m}.",
    "Ce nouvel enregistrement intégral restitue un chapitre longtemps resté inédit.",
)

TONGUES: tuple[Tongue, ...] = (
    Tongue(
        "eng",
        _split(
            "Alice Amara Ben Bridget Caleb Clara Daniel Edith Esme Fergus Grace Hannah Imogen Jonah Kofi Leila "
            "Martha Ned Olive Priya Quentin Rosa Samuel Tamsin Una Victor Wendy Yasmin Zachary Beatrice"
        ),
        _split(
            "Ashdown Barlow Carrow Denholm Ellery Fairweather Garside Hollis Inchbald Jessop Kettering Lockwood "
            "Marsh Northcote Okafor Pemberton Quill Ravenscroft Sutcliffe Thackray Underhill Varley Whitlock "
            "Yarrow Abara Chaudhry O'Rourke Penhaligon Stroud Winterbourne"
        ),
        (
            "The {a} {n}",
            "A {n} of {m}s",
            "The {n} & the {m}",
            "{a} {m}",
            "The Last {n} before the {m}",
            "No {n} for {p}",
        ),
        _split(
            "Silent Borrowed Crooked Distant Early Faithful Gilded Hollow Inland Jagged Kindly Lesser Marble "
            "Narrow Open Patient Quiet Restless Salted Tidal Unsent Velvet Wandering Yellow"
        ),
        _split(
            "Harbour Orchard Ledger Lantern Meadow Compass Winter River Daughter Clockmaker Garden Letter Island "
            "Bridge Cartographer Beekeeper Window Station Archive Tide Kitchen Sparrow Mirror Quarry Lighthouse "
            "Apprentice Ferry Almanac Threshold Weaver"
        ),
        _ENGLISH,
        western=True,
    ),
    Tongue(
        "ger",
        _split("Anke Bernd Clemens Dörte Elke Friedrich Götz Heike Ingrid Jörg Käthe Lutz Maren Nils Ottilie Ruth Uwe"),
        _split(
            "Ackermann Böhm Dürr Eichinger Fuchsberg Größl Hübner Jäger Köster Lüdtke Möller Öhler Prüfer Schäfer Weiß"
        ),
        ("Das {a}e {n}", "{n} und {m}", "Die Nacht am {n}", "Ein {n} für {p}", "Kein {m} im {n}"),
        _split("stille späte geborgte schmale kühle weiße grüne ferne frühe müde"),
        _split(
            "Haus Ufer Schiff Feld Zimmer Fenster Archiv Dorf Gebirge Märchen Gewässer Theater Gedächtnis Blütenmeer"
        ),
        _GERMAN,
        western=True,
    ),
    Tongue(
        "swe",
        _split("Astrid Björn Cecilia Dag Elin Göran Håkan Ingela Jöns Kerstin Lovisa Måns Nils Östen Pär Sigrid Åsa"),
        _split(
            "Ahlgren Bergström Dahlberg Ekelöf Fältskog Granath Högberg Lindqvist Nyström Öberg Sjögren Wallén Åkesson"
        ),
        ("Det {a} {n}", "{n} och {m}", "Ett {n} i {m}", "{p} och {m}", "Sista {n}"),
        _split("tysta blå lånade smala sena kalla fjärran gömda"),
        _split("huset havet brevet ljuset fönstret skeppet trädet året fjället snöfallet mörkret fyrtornet"),
        _SWEDISH,
        western=True,
    ),
    Tongue(
        "fre",
        _split("Adèle Benoît Camille Édouard Françoise Gaël Hélène Jérôme Léa Maëlle Noël Océane Raphaël Sévérine Zoé"),
        _split("Aubry Bérard Châtelain Desprès Évrard Fournier Garçon Lefèvre Marchal Noiret Perrault Quérel Thévenin"),
        ("Le {n} {a}", "Le {n} et le {m}", "Un {n} pour {p}", "Sans {m}", "Dernier {n} avant l’été"),
        _split("perdu secret étroit lointain gelé oublié fidèle désert"),
        _split("jardin rivage théâtre château phare marché grenier sentier hôtel pêcheur été carnet"),
        _FRENCH,
        western=True,
    ),
    Tongue(
        "spa",
        _split("Álvaro Begoña Concha Íñigo Jesús Lucía Martín Nuria Óscar Ramón Sofía Úrsula"),
        _split("Aragón Bermúdez Cañizares Domínguez Echeverría Gálvez Ibáñez López Muñoz Núñez Peñalver Rincón"),
        ("El {n} {a}", "{n} y {m}", "Un {n} para {p}", "Sin {m}"),
        _split("perdido secreto lejano estrecho callado frágil último"),
        _split("jardín camino otoño faro río sueño balcón puerto cañaveral tejado"),
        _ENGLISH,
        western=True,
    ),
    Tongue(
        "pol",
        _split("Agnieszka Bogumił Czesław Elżbieta Grażyna Jędrzej Łucja Małgorzata Paweł Świętosława Żaneta"),
        _split("Bąk Dąbrowski Gołębiewska Jabłoński Kręglicki Łoś Mączyński Ślęzak Wójcik Żuławska Źrebiec"),
        ("{a} {n}", "{n} i {m}", "Dom nad {m}", "Bez {n}"),
        _split("Cichy Błękitny Późny Ostatni Żółty Śnieżny"),
        _split("ogród księżyc wieczór most dzień żagiel źródło zeszyt gość"),
        _ENGLISH,
        western=False,
    ),
    Tongue(
        "cze",
        _split("Božena Čeněk Dušan Jiří Kateřina Matěj Růžena Šimon Zdeněk Žofie"),
        _split("Dvořáček Hruška Jeřábek Kučera Novotný Procházka Růžička Šťastný Vávra Žáček"),
        ("{a} {n}", "{n} a {m}", "Poslední {n}"),
        _split("Tichý Ztracený Modrý Úzký Dávný"),
        _split("dům příběh večer déšť měsíc ostrov nádraží listopad"),
        _ENGLISH,
        western=False,
    ),
    Tongue(
        "gre",
        _split("Αλέξανδρος Ειρήνη Θεοδώρα Κωνσταντίνος Μαρία Νικόλαος Σοφία"),
        _split("Ανδρέου Γεωργίου Δημητρίου Κωστόπουλος Νικολάου Παππάς"),
        ("{a} {n}", "{n} και {m}"),
        _split("Μεγάλο Παλιό Κρυφό Μικρό"),
        _split("σπίτι νησί ταξίδι φεγγάρι καλοκαίρι παράθυρο"),
        _ENGLISH,
        western=False,
    ),
    Tongue(
        "jpn",
        _split("陽子 健太 美咲 直樹 千尋 蓮 葵 翔太"),
        _split("青木 石川 上野 小林 佐々木 高橋 中村 渡辺"),
        ("{a}{n}", "{n}と{m}", "{n}の{m}"),
        _split("静かな 青い 遠い 古い 小さな"),
        _split("庭 海 手紙 灯台 駅 冬 島 図書館 橋"),
        _ENGLISH,
        western=False,
    ),
)

SUBJECTS: tuple[tuple[str, str, str, str], ...] = (
    # BISAC code and heading, Thema code and heading.
    ("FIC000000", "FICTION / General", "FBA", "Modern and contemporary fiction: general and literary"),
    (
        "FIC022000",
        "FICTION / Mystery & Detective / General",
        "FFL",
        "Crime and mystery: hard-boiled crime, noir fiction",
    ),
    ("FIC031000", "FICTION / Thrillers / General", "FH", "Thriller / suspense fiction"),
    ("FIC014000", "FICTION / Historical / General", "FV", "Historical fiction"),
    ("FIC009000", "FICTION / Fantasy / General", "FM", "Fantasy"),
    ("FIC028000", "FICTION / Science Fiction / General", "FL", "Science fiction"),
    ("FIC027000", "FICTION / Romance / General", "FR", "Romance"),
    ("FIC004000", "FICTION / Classics", "FBC", "Classic fiction: general and literary"),
    ("BIO000000", "BIOGRAPHY & AUTOBIOGRAPHY / General", "DNB", "Biography: general"),
    ("HIS000000", "HISTORY / General", "NH", "History"),
    ("SCI000000", "SCIENCE / General", "PD", "Science: general issues"),
    ("BUS000000", "BUSINESS & ECONOMICS / General", "KJ", "Business and Management"),
    ("SEL000000", "SELF-HELP / General", "VS", "Self-help, personal development and practical advice"),
    ("JUV000000", "JUVENILE FICTION / General", "YF", "Children’s / Teenage fiction and true stories"),
    ("TRV000000", "TRAVEL / General", "WT", "Travel and holiday"),
)
KEYWORDS = _split(
    "village family secrets island winter archive sisters friendship train letters harbour inheritance memory "
    "wartime detective orchard music migration lighthouse kitchen humour debut bestseller saga unabridged"
)
IMPRINTS = ("Northern Lamp", "Blue Door", "Small Hours", "Tidewater", "Second Listen", "Plain Voice", "Loft")

COUNTRIES: tuple[str, ...] = _split(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
"""ISO 3166-1 alpha-2, as List 91 has them."""
