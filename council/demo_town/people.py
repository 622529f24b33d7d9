"""The people of Voorbeeldstad. All made up; the addresses can't exist (.example)."""

from dataclasses import dataclass

from neighbourhoods.models import Role


@dataclass(frozen=True)
class Person:
    """`roles` are pairs of a role and the code of a wijk (None: the whole town). Who has a `hint` can be chosen at /demo/."""

    key: str
    name: str
    roles: tuple
    hint: str = ""


BINNENSTAD, RIVIERENWIJK, NOORDERVELD, LINDENKWARTIER, HAVENBUURT, OOSTERHOF, ZANDLO = (
    f"WK99000{number}" for number in range(1, 8)
)


def _in(role, *codes):
    return tuple((role, code) for code in codes)


PEOPLE = [
    Person("ria", "Ria Bakker", _in(Role.RESIDENT, RIVIERENWIJK), "Schrijft ideeën, steunt en reageert."),
    Person("youssef", "Youssef El Amrani", _in(Role.RESIDENT, RIVIERENWIJK), "Doet mee met het idee van een ander."),
    Person("joke", "Joke de Wit", _in(Role.RESIDENT, NOORDERVELD), "Bewoner van een andere wijk."),
    Person(
        "tom",
        "Tom Peters",
        _in(Role.RESIDENT, RIVIERENWIJK) + _in(Role.TEAM_MEMBER, RIVIERENWIJK),
        "Zit in het wijkteam van de Rivierenwijk.",
    ),
    Person(
        "wim",
        "Wim Jansen",
        _in(Role.NEIGHBOURHOOD_MANAGER, RIVIERENWIJK),
        "Bekijkt ideeën, beslist of het kan en kent geld toe.",
    ),
    Person(
        "nadia",
        "Nadia Haddad",
        _in(Role.NEIGHBOURHOOD_MANAGER, BINNENSTAD, HAVENBUURT),
        "Wijkmanager van twee wijken met een echte ronde.",
    ),
    Person(
        "sandra",
        "Sandra Groen",
        _in(Role.NEIGHBOURHOOD_MANAGER, NOORDERVELD, LINDENKWARTIER, OOSTERHOF, ZANDLO),
        "Wijkmanager van vier andere wijken.",
    ),
    Person(
        "cora", "Cora Meijer", _in(Role.COMMUNITY_WORKER, RIVIERENWIJK, NOORDERVELD), "Helpt bewoners met hun idee."
    ),
    Person("alice", "Alice Vermeer", ((Role.ALDERPERSON, None),), "Volgt alle wijken."),
    Person("carla", "Carla de Boer", _in(Role.COUNCILLOR, RIVIERENWIJK, BINNENSTAD), "Volgt het geld van twee wijken."),
    Person("gijs", "Gijs Dekker", ((Role.COUNCIL_REGISTRY, None),), "Werkt voor de gemeenteraad."),
    Person("fien", "Fien Mulder", ((Role.FINANCE_OFFICER, None),), "Maakt budgetten en verhoogt ze."),
    Person("bea", "Bea Willems", ((Role.MUNICIPAL_ADMIN, None),), "Regelt mensen, thema's en de naam van de gemeente."),
    # People who bring ideas in the other wijken.
    Person("daan", "Daan Visser", _in(Role.RESIDENT, LINDENKWARTIER)),
    Person("meilin", "Mei-Lin Chen", _in(Role.RESIDENT, OOSTERHOF)),
    Person("piet", "Piet Hoekstra", _in(Role.RESIDENT, ZANDLO)),
    Person("fatima", "Fatima Yilmaz", _in(Role.RESIDENT, HAVENBUURT)),
    Person("emma", "Emma Smit", _in(Role.RESIDENT, BINNENSTAD) + _in(Role.TEAM_MEMBER, BINNENSTAD)),
    Person("anneke", "Anneke Vos", _in(Role.RESIDENT, NOORDERVELD) + _in(Role.TEAM_MEMBER, NOORDERVELD)),
    Person("hassan", "Hassan Kaya", _in(Role.RESIDENT, HAVENBUURT) + _in(Role.TEAM_MEMBER, HAVENBUURT)),
    Person("lies", "Lies Brouwer", _in(Role.RESIDENT, LINDENKWARTIER) + _in(Role.TEAM_MEMBER, LINDENKWARTIER)),
    Person("jan", "Jan Mulder", _in(Role.RESIDENT, OOSTERHOF) + _in(Role.TEAM_MEMBER, OOSTERHOF)),
    Person("trijntje", "Trijntje Postma", _in(Role.RESIDENT, ZANDLO) + _in(Role.TEAM_MEMBER, ZANDLO)),
]

# Neighbours who support ideas and nothing else.
FIRST_NAMES = (
    "Aisha Bram Chantal Dirk Els Farid Greetje Henk Ilse Jamal Karin Lars Marijke Niels Olga Patrick Roos Samir Tineke Umut Vera Willem "
    "Xander Yvonne Zeynep Anton Bianca Cees Dunya Erik Femke Gerard Hanneke Ivo Jolanda Koen Linda Mohamed Nel Otto"
).split()
LAST_NAMES = ("de Jong", "Bos", "Kuipers", "Dijkstra", "van Dam", "Prins", "Blom", "Schouten")
