"""What the site promises every visitor: no scripts needed, no cookies, and little to fetch."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from neighbourhoods.models import Neighbourhood
from proposals import actions
from tests.e2e.full_world import draw_borders, safe_photo
from tests.factories import NOW, make_budget, make_neighbourhood, make_proposal
from tests.test_matrix import TABLE

pytestmark = pytest.mark.browser
FIRST_VISIT, NEXT_PAGE = 150_000, 25_000  # bytes, compressed as they travel
PACKED_ALREADY = {"font", "image"}


@pytest.fixture
def town_with_ideas(ria, wim, centrum, haven, theme):
    """Seven wijken on the map, a budget, and more ideas than fit on a page, half of them with a photo."""
    for name in ("Noord", "Oost", "Zuid", "West", "Dorp"):
        make_neighbourhood(name)
    draw_borders(Path(settings.BASE_DIR))
    make_budget(centrum)
    ideas = []
    for number in range(24):
        photos = [(safe_photo(), "Een plein")] if number % 2 else []
        idea = make_proposal(ria, centrum, "submitted", title=f"Een heel gewoon idee, nummer {number}", photos=photos)
        ideas.append(actions.publish_proposal(idea, actor=wim, now=NOW))
    return ideas


@pytest.fixture
def public_pages(town_with_ideas):
    """Addresses of every page that anyone may read."""
    known = {"": {}, "wijk": {"slug": "centrum"}, "published": {"pk": town_with_ideas[0].pk}}
    known["budget"] = {"pk": Neighbourhood.objects.get(slug="centrum").budgets.get().pk}
    return [
        reverse(name, kwargs=known[thing])
        for name, (thing, own, _other, _post) in TABLE.items()
        if "visitor:200" in own and not name.endswith(("_csv", "_txt"))
    ]


def test_every_public_page_says_the_same_without_scripts(open_browser, public_pages):
    with_scripts, without = open_browser(), open_browser(javascript=False)
    for address in public_pages:
        texts = []
        for page in (with_scripts, without):
            assert page.goto(address).ok
            texts.append(page.locator("body").inner_text())
        assert texts[0] == texts[1], address


def test_reading_sets_no_cookie_and_stores_nothing(open_browser, public_pages):
    page = open_browser()
    for address in public_pages:
        page.goto(address)
        stored = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        assert stored == [0, 0, ""], address
    assert page.context.cookies() == []


def weigh(page, go, known):
    """Bytes that travel when `go()` opens a page: what was not fetched before (`known`, addresses), each compressed on its own."""
    answers = []

    def keep(answer):
        answers.append(answer)

    page.on("response", keep)
    go()
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", keep)
    sizes = {}
    for answer in answers:
        if answer.url in known or not answer.ok:
            continue
        body = answer.body()
        packed = answer.request.resource_type in PACKED_ALREADY and not answer.url.endswith(".svg")
        sizes[answer.url] = len(body) if packed else len(gzip.compress(body, 6))
    known.update(url for url in sizes if "/static/" in url or "/fotos/" in url)
    return sizes


def test_a_first_visit_and_the_next_pages_are_light(open_browser, town_with_ideas):
    page, known = open_browser(), set()
    first = weigh(page, lambda: page.goto("/"), known)
    assert any("woff2" in url for url in first)  # else the font came from nowhere and nothing is proved
    assert sum(first.values()) <= FIRST_VISIT, first
    idea = town_with_ideas[0]
    for address in (
        "/ideeen/",
        "/wijken/centrum/",
        idea.get_absolute_url(),
        "/geld/",
        "/hoe-werkt-het/",
        "/account/login/",
    ):
        sizes = weigh(page, lambda address=address: page.goto(address), known)
        photos = {url: size for url, size in sizes.items() if "/fotos/" in url}
        rest = sum(sizes.values()) - sum(photos.values())
        assert rest <= NEXT_PAGE, (address, sizes)
        # Photos are what people came for; lists show them small and fetch them when they come into sight.
        assert all(size <= NEXT_PAGE for size in photos.values()), (address, photos)
