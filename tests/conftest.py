"""The people and places that tests are about. Everyone knows them, so a test reads as a sentence."""

import ipaddress
import socket

import pytest
from django.core.cache import caches
from django.utils import translation

from neighbourhoods.models import Municipality, Role
from tests import factories


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    """No page of an earlier test, no file left behind, and Dutch: a request leaves its language active in its thread."""
    settings.MEDIA_ROOT = tmp_path / "media"
    caches["pages"].clear()
    translation.activate(settings.LANGUAGE_CODE)


class OutsideNetworkError(AssertionError):
    """A test, or the code that it calls, wanted to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_outside_network():
    """The site fetches nothing: in the suite only this machine itself can be reached (the database, the test server, the browser)."""

    def guard(name):
        original = getattr(socket.socket, name)

        def guarded(self, *args):
            address = args[-1] if name == "sendto" else args[0]
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
                raise OutsideNetworkError(f"{name} to {address}")
            return original(self, *args)

        return guarded

    def look_up(host, *args, **kwargs):
        if not _is_here(host):
            raise OutsideNetworkError(f"looks up {host}")
        return found(host, *args, **kwargs)

    found = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guard(name))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


def _is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host in {None, "", "localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture
def now():
    return factories.NOW


@pytest.fixture
def town(db):
    return Municipality.objects.create(name="Voorbeeldstad", contact_email="wijken@voorbeeldstad.example")


@pytest.fixture
def centrum(town):
    return factories.make_neighbourhood("Centrum")


@pytest.fixture
def haven(town):
    return factories.make_neighbourhood("Haven")


@pytest.fixture
def theme(db):
    return factories.make_theme()


def _person(name, role, neighbourhood=None):
    user = factories.make_user(name)
    if role:
        factories.give_role(user, role, neighbourhood)
    return user


@pytest.fixture
def ria(centrum):
    """Resident of Centrum."""
    return _person("Ria", Role.RESIDENT, centrum)


@pytest.fixture
def rob(centrum):
    """Another resident of Centrum."""
    return _person("Rob", Role.RESIDENT, centrum)


@pytest.fixture
def olga(haven):
    """Resident of the other wijk, Haven."""
    return _person("Olga", Role.RESIDENT, haven)


@pytest.fixture
def tom(centrum):
    """Member of the wijkteam of Centrum."""
    return _person("Tom", Role.TEAM_MEMBER, centrum)


@pytest.fixture
def wim(centrum):
    """Wijkmanager of Centrum."""
    return _person("Wim", Role.NEIGHBOURHOOD_MANAGER, centrum)


@pytest.fixture
def hans(haven):
    """Wijkmanager of the other wijk, Haven."""
    return _person("Hans", Role.NEIGHBOURHOOD_MANAGER, haven)


@pytest.fixture
def cora(centrum):
    """Community worker in Centrum."""
    return _person("Cora", Role.COMMUNITY_WORKER, centrum)


@pytest.fixture
def carla(town):
    """Councillor, of the whole town."""
    return _person("Carla", Role.COUNCILLOR)


@pytest.fixture
def aad(centrum):
    """Alderperson with Centrum in portfolio."""
    return _person("Aad", Role.ALDERPERSON, centrum)


@pytest.fixture
def gijs(town):
    """Of the council registry."""
    return _person("Gijs", Role.COUNCIL_REGISTRY)


@pytest.fixture
def fien(town):
    """Finance officer."""
    return _person("Fien", Role.FINANCE_OFFICER)


@pytest.fixture
def bea(town):
    """Administrator of the site."""
    return _person("Bea", Role.MUNICIPAL_ADMIN)


@pytest.fixture
def budget(centrum, fien):
    """Fifty thousand euros for Centrum in 2026."""
    return factories.make_budget(centrum, actor=fien)


@pytest.fixture
def published(ria, wim, centrum):
    """Ria's idea, published by Wim."""
    return factories.make_proposal(ria, centrum, "published", manager=wim)


@pytest.fixture
def feasible(ria, wim, centrum):
    return factories.make_proposal(ria, centrum, "feasible", manager=wim)


@pytest.fixture
def project(ria, wim, centrum, budget):
    """Ria's idea as a running project with EUR 1,000."""
    return factories.make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget)


@pytest.fixture
def sign_in(client):
    """`sign_in(ria)` gives a browser in which Ria is signed in."""

    def _sign_in(user):
        client.force_login(user)
        return client

    return _sign_in
