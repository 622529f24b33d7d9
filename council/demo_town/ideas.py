"""The ideas of Voorbeeldstad: one or more in every state of the walk. All made up."""

from dataclasses import dataclass, field

from council.demo_town.people import HAVENBUURT, LINDENKWARTIER, NOORDERVELD, OOSTERHOF, RIVIERENWIJK, ZANDLO

GREEN, PLAY, SAFE, MEET = "Groen en buiten", "Voorzieningen", "Veilig", "Elkaar ontmoeten"


@dataclass(frozen=True)
class Idea:
    """`days` ago it was sent in. `milestones`: (what, promised days from the start, done days from the start or None).

    `payments`: (for what, euros). `comments`: (who, text, reply or None), a reply being (who, text).
    """

    key: str
    place_code: str
    author: str
    status: str
    days: int
    title: str
    what: str
    why: str
    place: str
    theme: str
    euros: int | None
    subject: str = ""
    supports: int = 0
    joined: tuple = ()
    reason: str = ""
    question: str = ""
    answer: str = ""
    estimate: int = 0
    check: dict = field(default_factory=dict)
    comments: tuple = ()
    milestones: tuple = ()
    news: tuple = ()
    payments: tuple = ()
    budget: str = ""


CAN = {
    "technical": "yes",
    "legal": "yes",
    "land_owner": "Gemeente",
    "upkeep": "Groenbeheer neemt het mee in de gewone ronde.",
}

IDEAS = [
    # --- Rivierenwijk ---
    Idea(
        "eettafel", RIVIERENWIJK, "ria", "draft", 2, "Lange eettafel in de Waalstraat",
        "Eén keer per maand zetten we een lange tafel op straat. Iedereen neemt iets mee.",
        "Veel mensen eten alleen. Zo leren we elkaar kennen.", "Waalstraat", MEET, 600, "meal",
    ),
    Idea(
        "schommel", RIVIERENWIJK, "youssef", "submitted", 12, "Een schommel voor rolstoelen",
        "Bij de speeltuin aan de Lekstraat staat niets voor kinderen in een rolstoel. Een rolstoelschommel is een bak waar je in rijdt.",
        "Dan kunnen alle kinderen samen spelen.", "Speeltuin Lekstraat", PLAY, 9500, "playground",
    ),
    Idea(
        "zebrapad", RIVIERENWIJK, "tom", "submitted", 4, "Zebrapad bij basisschool De Brug",
        "Auto's rijden hard op de Maaslaan. Een zebrapad en een bord helpen kinderen veilig over.",
        "Elke ochtend gaat het bijna mis.", "Maaslaan, bij de school", SAFE, None, "crossing",
    ),
    Idea(
        "lampen", RIVIERENWIJK, "ria", "returned", 20, "Meer licht op het Spuipad",
        "Het is er donker in de winter.", "", "Spuipad", SAFE, None, "lights",
        reason="Schrijf erbij tussen welke straten het te donker is, en hoe laat. Dan kunnen wij gaan kijken.",
    ),
    Idea(
        "moestuin", RIVIERENWIJK, "ria", "published", 34, "Moestuin achter het buurthuis",
        "Achter het buurthuis ligt een veldje waar niets mee gebeurt. Wij willen daar tien bakken met groente, laag en hoog. "
        "De hoge bakken zijn ook goed voor mensen die niet kunnen bukken.\n\nWij zorgen zelf voor de tuin. Er is al een groep van zes mensen.",
        "Samen tuinieren is gezond en gezellig. Kinderen zien waar eten vandaan komt.", "Veldje achter buurthuis De Stroom", GREEN, 3200, "garden",
        supports=31, joined=("youssef", "tom"),
        question="Wie geeft de planten water in de zomervakantie?",
        comments=(
            ("joke", "Bij ons in het Noorderveld werkt zo'n tuin heel goed. Kom gerust kijken!", ("ria", "Graag! Ik bel u deze week.")),
            ("tom", "Is er een kraan in de buurt?", ("ria", "Ja, aan de achterkant van het buurthuis.")),
        ),
        check={"technical": "yes", "technical_note": "De grond is schoon. Dat is in het voorjaar gemeten.", "land_owner": "Gemeente"},
        estimate=3400,
    ),
    Idea(
        "fietsen", RIVIERENWIJK, "youssef", "feasible", 61, "Fietsenrekken bij de winkels",
        "Bij de winkels aan het IJsselplein staan fietsen overal. Twintig rekken lossen dat op.",
        "Mensen met een rollator of kinderwagen kunnen er nu niet langs.", "IJsselplein", PLAY, 4800, "bikes", supports=44,
        reason="Het kan. Er is ruimte naast de glasbakken en de winkels vinden het goed.", estimate=5100,
        check={**CAN, "upkeep": "Rekken gaan ongeveer vijftien jaar mee. De gemeente veegt eromheen.", "cost_note": "Twintig rekken van € 210 en de bestrating."},
        comments=(("ria", "Hard nodig. Ik til mijn fiets er nu elke keer overheen.", None),),
    ),
    Idea(
        "bankjes", RIVIERENWIJK, "tom", "in_progress", 150, "Vijf bankjes langs de Rijnkade",
        "Langs de kade kun je mooi wandelen, maar nergens zitten. Wij willen vijf bankjes met een leuning.",
        "Ouderen komen weer buiten als ze onderweg kunnen rusten.", "Rijnkade", GREEN, 7500, "bench",
        supports=67, joined=("ria",), reason="Het kan. De bankjes komen op plekken waar de kade breed genoeg is.", estimate=8000,
        check={**CAN, "cost_note": "Vijf bankjes van € 1.350 met plaatsen.", "legal": "conditions", "legal_note": "Twee plekken zijn van het waterschap. Dat vindt het goed."},
        milestones=(("Plekken gekozen met bewoners", 14, 12), ("Bankjes besteld", 30, 30), ("Bankjes geplaatst", 45, None), ("Opening met koffie", 120, None)),
        news=("We liepen met twaalf bewoners langs de kade en kozen vijf plekken.", "De bankjes zijn besteld. De maker heeft het druk; het duurt iets langer."),
        payments=(("Aanbetaling bankjes", 2700), ("Koffie bij de wandeling", 48)),
    ),
    Idea(
        "boekenkast", RIVIERENWIJK, "ria", "completed", 290, "Boekenkast op het Merwedeplein",
        "Een kast op straat waar iedereen een boek kan pakken of brengen.", "Lezen voor iedereen, ook zonder geld.", "Merwedeplein", MEET, 900, "mural",
        supports=38, reason="Het kan. De kast staat stevig en dicht bij een lantaarn.", estimate=950,
        check={**CAN, "upkeep": "De bedenkers houden de kast schoon."},
        milestones=(("Kast gemaakt door de klusgroep", 25, 24), ("Kast geplaatst", 40, 38)),
        news=("De klusgroep van het buurthuis maakt de kast van oud hout.", "De kast staat! Er lagen de eerste dag al veertig boeken in."),
        payments=(("Hout en verf", 412), ("Fundering", 310)),
    ),
    Idea(
        "markt", RIVIERENWIJK, "youssef", "infeasible", 110, "Elke week markt op het Merwedeplein",
        "Een kleine markt met groente en vis, elke zaterdag.", "De supermarkt is ver voor ouderen.", "Merwedeplein", MEET, 12000, "", supports=15,
        reason="Een weekmarkt mag alleen op plekken die de gemeenteraad kiest. Dit plein is te klein voor de brandweer. Een markt van één dag per jaar kan wel.",
        check={"technical": "conditions", "legal": "no", "legal_note": "Dit plein staat niet in de regels voor markten."},
    ),
    Idea(
        "moestuin2", RIVIERENWIJK, "tom", "merged", 28, "Groente kweken bij De Stroom",
        "Bakken met groente naast het buurthuis.", "Gezond en goedkoop.", "Buurthuis De Stroom", GREEN, 2500, "garden", supports=6,
        reason="Dit is bijna hetzelfde als de moestuin achter het buurthuis. Samen staat u sterker.",
    ),
    # --- Noorderveld ---
    Idea(
        "geveltuin", NOORDERVELD, "joke", "published", 9, "Geveltuintjes in de hele Dennenstraat",
        "Wij halen een rij tegels weg en zetten er planten in. Dertig huizen doen mee.", "Minder hitte, minder water op straat en meer bijen.",
        "Dennenstraat", GREEN, 1800, "garden", supports=26, joined=("anneke",),
        comments=(("anneke", "Mijn straat wil dit ook. Kunnen we de planten samen kopen?", ("joke", "Ja, dat is goedkoper. Ik vraag de kweker.")),),
    ),
    Idea(
        "trapveld", NOORDERVELD, "anneke", "feasible", 75, "Nieuwe doelen op het trapveld", "De doelen zijn kapot. Jongeren zetten nu hun fietsen neer als doel.",
        "Er wordt elke dag gevoetbald.", "Trapveld Eikenlaan", PLAY, 2600, "ball", supports=52, reason="Het kan. De doelen worden vast in de grond gezet.", estimate=2900, check=CAN,
    ),
    Idea(
        "dammetje", NOORDERVELD, "joke", "awarded", 96, "Steiger om te vissen in de vijver", "Een houten steiger aan de zuidkant van de vijver.",
        "Kinderen vissen nu van de steile kant en glijden erin.", "Vijver Berkenpark", PLAY, 6200, "water", supports=41,
        reason="Het kan, als er een hek aan de diepe kant komt.", estimate=6900,
        check={**CAN, "technical": "conditions", "technical_note": "Een hek aan de diepe kant is nodig.", "land_owner": "Waterschap"},
        milestones=(("Vergunning van het waterschap", 40, None), ("Steiger klaar", 110, None)),
    ),
    Idea(
        "plantenbak", NOORDERVELD, "anneke", "completed", 240, "Plantenbakken in de Sparrenhof", "Acht grote bakken met vaste planten.", "Het hof is nu alleen steen.",
        "Sparrenhof", GREEN, 3600, "garden", supports=29, reason="Het kan. De brandweer kan er nog langs.", estimate=3600, check=CAN,
        milestones=(("Bakken geplaatst", 30, 29), ("Beplant met de bewoners", 40, 47)),
        news=("Met twintig mensen hebben we alles geplant. De soep was warm.",), payments=(("Acht plantenbakken", 2240), ("Aarde en planten", 1010)),
    ),
    Idea(
        "hondenveld", NOORDERVELD, "joke", "cancelled", 200, "Hondenveld met hek", "Een stuk gras met een hek, waar honden los mogen.", "Nu lopen honden door de speeltuin.",
        "Hoek Lariksweg", PLAY, 5400, "trees", supports=33, reason="Het kan op de hoek van de Lariksweg.", estimate=5600, check=CAN,
        milestones=(("Afspraken met de buren", 20, None),),
    ),
    # --- Lindenkwartier ---
    Idea(
        "lindebomen", LINDENKWARTIER, "daan", "published", 21, "Nieuwe bomen op het kale plein", "Op het Lindeplein staan nog drie bomen van de twaalf. Wij willen negen nieuwe lindes.",
        "In de zomer is het er te heet om te zitten.", "Lindeplein", GREEN, 11000, "trees", supports=58, joined=("lies",),
        comments=(("lies", "Denk aan de kabels onder het plein.", None),), check={"technical": "conditions", "technical_note": "Onder het plein liggen kabels. Zes bomen kunnen zeker."},
    ),
    Idea(
        "buurtapp", LINDENKWARTIER, "lies", "submitted", 1, "Een prikbord bij de bakker", "Een prikbord met een dak, voor nieuws uit de buurt.", "Niet iedereen zit op internet.",
        "Bakker Kastanjelaan", MEET, 350,
    ),
    Idea(
        "drempels", LINDENKWARTIER, "daan", "infeasible", 130, "Drempels op de Ringweg", "Vier drempels op de Ringweg.", "Er wordt te hard gereden.", "Ringweg", SAFE, None, "crossing", supports=21,
        reason="Over de Ringweg rijden de ambulance en de bus. Daar mogen geen drempels komen. De politie zet er dit jaar vier keer een flitser neer.",
        check={"technical": "no", "legal": "no"},
    ),
    Idea(
        "muur", LINDENKWARTIER, "lies", "in_progress", 120, "Schildering op de blinde muur", "Een kunstenaar schildert met kinderen van de buurt de muur naast de supermarkt.", "De muur is grijs en wordt steeds beklad.",
        "Kastanjelaan 40", MEET, 5200, "mural", supports=47, reason="Het kan. De eigenaar van de muur tekent een brief.", estimate=5500,
        check={**CAN, "land_owner": "De eigenaar van de supermarkt", "legal": "conditions", "legal_note": "De eigenaar moet het schriftelijk goed vinden."},
        milestones=(("Brief van de eigenaar", 10, 9), ("Ontwerp gekozen met kinderen", 25, 26), ("Muur klaar", 75, None)),
        news=("Vierendertig kinderen maakten een tekening. De kunstenaar maakt er één plaat van.",), payments=(("Ontwerp", 1200), ("Verf", 640)), budget="shared",
    ),
    # --- Havenbuurt ---
    Idea(
        "havenlicht", HAVENBUURT, "fatima", "published", 45, "Lampen langs de Oude Haven", "Zes lage lampen langs het pad.", "Vrouwen fietsen nu liever om.", "Pad langs de Oude Haven", SAFE, 8800, "lights", supports=49, joined=("hassan",),
        check={"technical": "yes", "legal": "conditions", "legal_note": "Vleermuizen vliegen langs het water. Het licht moet oranje zijn."}, estimate=9300,
    ),
    Idea(
        "kade", HAVENBUURT, "hassan", "withdrawn", 52, "Zwemtrap aan de kade", "Een trap om veilig uit het water te komen.", "Jongeren zwemmen hier toch.", "Noordkade", PLAY, 1500, "water", supports=9,
        reason="De havenmeester maakt de trap zelf. Geld is niet meer nodig.",
    ),
    Idea(
        "eetmee", HAVENBUURT, "fatima", "completed", 180, "Eet mee in de loods", "Zes avonden samen koken en eten in de loods.", "Nieuwe en oude bewoners kennen elkaar niet.", "Loods 6", MEET, 1800, "meal", supports=36,
        reason="Het kan. De loods is veilig voor zestig mensen.", estimate=1800, check={**CAN, "land_owner": "Havenbedrijf"},
        milestones=(("Eerste avond", 20, 19), ("Zesde avond", 100, 97)), news=("Zestig mensen aan tafel, elf talen.",), payments=(("Huur keuken", 900), ("Borden en pannen", 515)),
    ),
    # --- Oosterhof ---
    Idea(
        "speelplek", OOSTERHOF, "meilin", "feasible", 80, "Speelplek met water en zand", "Een pomp, een goot en een grote zandbak.", "Kleine kinderen hebben hier niets.", "Hof van Oost", PLAY, 14500, "playground", supports=73, joined=("jan",),
        reason="Het kan. Het drinkwaterbedrijf sluit de pomp aan.", estimate=16200, check={**CAN, "cost_note": "Pomp en aansluiting € 9.000, zandbak en goot € 7.200."},
    ),
    Idea(
        "koffie", OOSTERHOF, "jan", "awarded", 70, "Koffiekar voor de flats", "Een bakfiets met koffie staat elke week bij een andere flat.", "Zo leren mensen hun buren kennen.", "De vier flats van Oosterhof", MEET, 2400, "bikes", supports=34,
        reason="Het kan. De welzijnsorganisatie stalt de bakfiets.", estimate=2600, check=CAN, budget="shared",
    ),
    Idea(
        "oversteek", OOSTERHOF, "meilin", "submitted", 15, "Veilige oversteek bij de zorgflat", "Een middenstuk waar je kunt wachten.", "Ouderen halen de overkant niet in één keer.", "Oosterlaan", SAFE, None, "crossing",
    ),
    # --- Dorp Zandlo ---
    Idea(
        "jeudeboules", ZANDLO, "piet", "in_progress", 135, "Jeu-de-boulesbaan bij de kerk", "Twee banen met een bankje erbij.", "Het dorp heeft geen plek om buiten samen te komen.", "Kerkplein Zandlo", MEET, 3900, "bench", supports=48, joined=("trijntje",),
        reason="Het kan. De kerk vindt het goed.", estimate=4100, check={**CAN, "land_owner": "Kerkgemeente Zandlo"},
        milestones=(("Grond afgegraven", 20, 20), ("Banen gevuld", 35, 33), ("Eerste toernooi", 150, None)),
        news=("Twaalf dorpsgenoten hebben met de schop gewerkt. Dat scheelde veel geld.",), payments=(("Split en zand", 1380), ("Randen", 620)),
    ),
    Idea(
        "dorpsboom", ZANDLO, "trijntje", "published", 6, "Bloemen langs het Zandpad", "Wij zaaien bloemen in de berm, van het dorp tot de brug.", "Mooi om te zien, en goed voor vlinders.", "Zandpad", GREEN, 700, "water", supports=19,
    ),
]  # fmt: skip

# One reported reaction, so that the wijkmanager's list isn't empty.
REPORTED = ("fietsen", "piet", "Ga toch lopen, luie mensen!", "ria", "Dit is niet aardig en gaat niet over het idee.")
