"""What everybody may read: the town, a wijk, and the small files."""

import datetime
import re

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import server_error

from neighbourhoods import actions
from neighbourhoods.models import Meeting, Membership, Neighbourhood, Role, Round
from neighbourhoods.town_map import town_map
from tests import factories

DAY = datetime.timedelta(days=1)
PUBLIC = ["home", "how_it_works", "accessibility", "privacy"]


@pytest.fixture
def voorbeeldstad(town, settings):
    call_command("import_neighbourhoods", str(settings.BASE_DIR / "neighbourhoods" / "data" / "voorbeeldstad.geojson"))
    return list(Neighbourhood.objects.all())


@pytest.fixture
def running(centrum, wim):
    """A round in which residents can send in ideas today."""
    today = timezone.now()
    one = Round(
        name="Ronde van nu",
        ideas_from=today - 5 * DAY,
        ideas_until=today + 20 * DAY,
        check_until=today + 40 * DAY,
        choose_until=today + 60 * DAY,
    )
    return actions.save_round(one, [centrum], actor=wim, now=today)


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_visitor_reads_without_an_account_and_without_a_cookie(name, language, centrum, client):
    response = client.get(language + reverse(f"neighbourhoods:{name}"))
    assert response.status_code == 200
    assert not response.cookies
    assert "<form" not in response.text
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_are_read_only(name, centrum, client):
    assert client.post(reverse(f"neighbourhoods:{name}"), {}).status_code == 405


def test_a_site_that_is_not_set_up_yet_says_so(db, client):
    assert "Er zijn nog geen wijken" in client.get("/").text


def test_the_map_has_a_link_per_wijk_and_the_list_beside_it_too(voorbeeldstad, client):
    page = client.get("/").text
    svg = page[page.index('<svg class="wp-map__svg"') : page.index("</svg>", page.index("wp-map__svg"))]
    in_list = page[page.index('<ol class="wp-wijken"') :]
    assert len(voorbeeldstad) == svg.count("<a ") == svg.count("</title><path")
    for wijk in voorbeeldstad:
        assert f'href="{wijk.get_absolute_url()}"><title>{wijk.name} ' in svg
        assert f'href="{wijk.get_absolute_url()}">{wijk.name}</a>' in in_list
    # The numbers on the map are those of the list.
    numbers = re.findall(r"<title>([^<]+)</title><path.*?>(\d+)</text></a>", svg)
    assert numbers == [(f"{wijk.name} {place}", str(place)) for place, wijk in enumerate(voorbeeldstad, 1)]


def test_a_name_stands_on_the_map_only_where_it_fits(voorbeeldstad):
    shapes = town_map(voorbeeldstad).shapes
    assert any(shape.name_fits for shape in shapes.values())
    long_name = voorbeeldstad[0]
    Neighbourhood.objects.filter(pk=long_name.pk).update(
        name="Een naam die nergens tussen de grenzen past, hoe dan ook"
    )
    caches["pages"].clear()
    assert not town_map(list(Neighbourhood.objects.all())).shapes[long_name.code].name_fits


def test_without_borders_there_is_a_list_and_no_map(centrum, client):
    page = client.get("/").text
    assert "wp-map__svg" not in page
    assert centrum.get_absolute_url() in page


def test_the_home_page_says_what_runs_and_until_when(running, haven, client):
    page = client.get("/").text
    assert "In 1 wijk kunt u nu ideeën insturen." in page
    assert "Ideeën insturen tot" in page
    assert "Er loopt nu geen ronde" in page  # in Haven


def test_the_home_page_shows_new_ideas_and_what_happened_and_no_drafts(ria, wim, centrum, published, client):
    draft = factories.make_proposal(ria, centrum, "draft", title="Geheim plan")
    page = client.get("/").text
    assert page.count(published.title) == 2  # as a card and as the last thing that happened
    assert draft.title not in page


def test_the_page_of_a_wijk_shows_dates_people_and_the_next_meeting(running, centrum, wim, tom, ria, client):
    now = timezone.now()
    for days, title in ((-3, "Overleg van vorige week"), (4, "Overleg van volgende week")):
        Meeting.objects.create(neighbourhood=centrum, title=title, starts_at=now + days * DAY, place="De Kop")
    page = client.get(centrum.get_absolute_url()).text
    assert "U kunt nu ideeën insturen" in page
    assert "Overleg van volgende week" in page
    assert "Overleg van vorige week" not in page
    assert "Wim" in page
    assert "Tom" in page
    assert "Ria" not in page  # who lives where is nobody's business
    assert "team van bewoners" in page
    assert "<form" not in page


def test_a_wijk_that_is_not_there_is_not_found(town, client):
    assert client.get("/wijken/nergens/").status_code == 404
    assert client.get("/wijken/" + "x" * 5000 + "/").status_code == 404


def test_a_meeting_that_was_called_off_stays_with_its_reason(centrum, wim, sign_in, client):
    now = timezone.now()
    meeting = Meeting(neighbourhood=centrum, title="Wandeling", starts_at=now + DAY, place="De kerk")
    meeting = actions.save_meeting(meeting, actor=wim, now=now)
    url = reverse("neighbourhoods:cancel_meeting", args=[meeting.pk])
    assert "reason" in sign_in(wim).post(url, {"reason": " "}).context["form"].errors
    assert sign_in(wim).post(url, {"reason": "Er komt storm."}).status_code == 302
    assert sign_in(wim).post(url, {"reason": "Nog eens."}).status_code == 302
    page = client.get(centrum.get_absolute_url()).text
    assert "Afgezegd" in page
    assert "Er komt storm." in page
    assert sign_in(wim).get(reverse("neighbourhoods:change_meeting", args=[meeting.pk])).status_code == 302


def test_security_txt_says_where_to_write_and_is_never_out_of_date(town, client):
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.text.splitlines())
    expires = datetime.datetime.fromisoformat(lines["Expires"])
    assert 179 * DAY < expires - timezone.now() <= 180 * DAY
    assert lines["Contact"] == "mailto:wijken@voorbeeldstad.example"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_without_an_address_there_is_no_security_txt(db, client):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_robots_keep_out_of_endless_lists_and_private_pages(client, db):
    text = client.get("/robots.txt").text
    assert "Disallow: /*?" in text
    assert "Disallow: /beheer/" in text


def test_the_page_of_a_crash_asks_the_database_nothing(rf):
    """No fixture gives this test a database: touching one would fail it."""
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "<h1" in response.text


@pytest.mark.parametrize(("path", "status"), [("/nergens/", 404), ("/?q=%00", 400)])
def test_what_goes_wrong_gets_a_page_in_the_look_of_the_site(path, status, town, client):
    response = client.get(path)
    assert response.status_code == status
    assert "<h1" in response.text
    assert "Wijkportaal" in response.text


# --- Lists ask the database as often for 200 rows as for 10 ---


def _queries(client, url):
    caches["pages"].clear()
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def _fill(count, centrum, actor):
    now = timezone.now()
    for number in range(count):
        wijk = factories.make_neighbourhood(f"Wijk {Neighbourhood.objects.count()}")
        user = factories.make_user(f"Lid {number}")
        factories.give_role(user, Role.TEAM_MEMBER, centrum)
        Meeting.objects.create(neighbourhood=centrum, title="Overleg", starts_at=now + DAY, place="De Kop")
        one = Round(
            name=f"Ronde {number}",
            ideas_from=now - DAY,
            ideas_until=now + DAY,
            check_until=now + 2 * DAY,
            choose_until=now + 3 * DAY,
        )
        actions.save_round(one, [centrum, wijk], actor=actor, now=now)


def test_the_number_of_queries_does_not_grow(centrum, wim, bea, client, settings):
    settings.PAGE_CACHE_SECONDS = 0
    pages = {name: reverse(f"neighbourhoods:{name}") for name in ("home", "administration", "people", "log")}
    pages["detail"] = centrum.get_absolute_url()
    client.force_login(bea)
    _fill(10, centrum, wim)
    few = {name: _queries(client, url) for name, url in pages.items()}
    _fill(190, centrum, wim)
    assert {name: _queries(client, url) for name, url in pages.items()} == few
    assert Membership.objects.count() > 200


@pytest.mark.parametrize(("name", "most"), [("home", 8), ("detail", 14)])
def test_a_visitor_costs_few_queries(name, most, running, published, client, settings):
    settings.PAGE_CACHE_SECONDS = 0
    url = reverse(f"neighbourhoods:{name}", args=[running.neighbourhoods.get().slug] if name == "detail" else [])
    assert _queries(client, url) <= most
