"""The parts that pages are made of, and the error pages, each with and without what may be missing."""

from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from wijkportaal.templatetags.wijkportaal_tags import STATUS_COLOURS


@pytest.fixture(autouse=True)
def in_dutch():
    with translation.override("nl"):
        yield


def idea(**changes):
    facts = {
        "title": "<b>Bank</b> bij de vijver",
        "neighbourhood": SimpleNamespace(name="Centrum"),
        "theme": SimpleNamespace(name="Groen", position=5),
        "status": "feasible",
        "get_status_display": "Het kan",
        "support_count": 1,
        "comment_count": 12,
        "cover": None,
        "get_absolute_url": "/ideeen/1/",
        "estimated_cents": None,
        "requested_cents": None,
        "recorded_votes": None,
    }
    return SimpleNamespace(**(facts | changes))


def card(**changes):
    return render_to_string("components/proposal_card.html", {"proposal": idea(**changes)})


def test_a_card_has_one_link_and_says_its_figures_in_words():
    html = card()
    assert html.count("<a ") == 1
    assert "&lt;b&gt;Bank" in html
    assert "persoon steunt dit" in html
    assert "reacties" in html


def test_a_card_shows_our_estimate_before_what_was_asked_and_nothing_when_unknown():
    assert "€" not in card()
    assert "€\u00a04.500" in card(requested_cents=450_000)
    both = card(requested_cents=450_000, estimated_cents=0)
    assert "€\u00a00" in both
    assert "4.500" not in both


def test_a_card_shows_its_photo_or_a_drawing():
    assert "<img" not in card()
    photo = SimpleNamespace(thumbnail_url="/foto/1/klein/", url="/foto/1/")
    assert 'src="/foto/1/klein/" alt=""' in card(cover=photo)


def test_votes_of_elsewhere_are_not_called_support():
    assert "stem" not in card()
    assert "120 stemmen" in card(recorded_votes=120)


@pytest.mark.parametrize("status", [*STATUS_COLOURS, "something-new"])
def test_a_badge_says_the_status_in_words(status):
    html = render_to_string("components/status_badge.html", {"status": status, "label": "In woorden"})
    assert "In woorden" in html
    assert f"wp-badge--{STATUS_COLOURS.get(status, 'neutral')}" in html


def page_links(path, number=2, pages=9):
    request = RequestFactory().get(path)
    page = Paginator(range(pages), 1).page(number)
    return Template('{% include "components/pagination.html" %}').render(
        Context({"page_obj": page, "request": request})
    )


def test_pages_keep_the_filters_and_say_where_you_are():
    html = page_links("/ideeen/?q=boom&page=2&wijk=c")
    assert "?q=boom&amp;wijk=c&amp;page=3" in html
    assert html.count("page=2&amp;") == 0
    assert html.count('aria-current="page"') == 1


def test_what_someone_put_in_the_address_stays_text():
    assert "<script" not in page_links('/ideeen/?q="><script>alert(1)</script>')


def test_one_page_needs_no_pages():
    assert "<nav" not in page_links("/", number=1, pages=1)


def test_breadcrumbs_end_with_this_page():
    html = Template('{% load wijkportaal_tags %}{% breadcrumbs "Centrum" "/wijken/c/" "Ideeën" %}').render(Context())
    assert html.count("<li") == 3
    assert (
        '<span class="utrecht-breadcrumb-nav__link wp-breadcrumbs__current" aria-current="page">Ideeën</span>' in html
    )


@pytest.mark.parametrize(
    ("tag", "role", "kind"),
    [
        ("success", "status", "ok"),
        ("info", "status", "info"),
        ("warning", "alert", "warning"),
        ("error", "alert", "error"),
    ],
)
def test_messages_are_announced(tag, role, kind):
    class Message(str):
        level_tag = tag

    html = render_to_string("components/messages.html", {"messages": [Message("Gelukt & klaar")]})
    assert f'role="{role}"' in html
    assert f"utrecht-alert--{kind}" in html
    assert "Gelukt &amp; klaar" in html


def test_a_table_aligns_its_numbers_and_can_be_scrolled_by_keyboard():
    columns = [SimpleNamespace(label="Wijk", numeric=False), SimpleNamespace(label="Vrij", numeric=True)]
    context = {
        "id": "geld",
        "caption": "Geld",
        "columns": columns,
        "rows": [["Centrum", "€ 5"]],
        "footer": ["Samen", "€ 5"],
    }
    html = render_to_string("components/table.html", context)
    assert 'tabindex="0" role="region" aria-labelledby="geld-caption"' in html
    assert html.count("wp-table__number") == 3
    assert html.count('scope="row"') == 2


def test_steps_say_which_are_done_and_where_it_is_now():
    steps = [SimpleNamespace(label=str(n), state=state) for n, state in enumerate(["done", "current", "upcoming"])]
    html = render_to_string("components/steps.html", {"steps": steps})
    assert html.count("(klaar)") == 1
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("name", ["400", "403_csrf", "500"])
def test_error_pages_made_without_a_request_ask_nothing_of_the_database(name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert f"Code {name[:3]}" in html
    assert "<nav class" not in html


def test_an_unknown_address_gets_our_own_page(client, db):
    answer = client.get("/dit-bestaat-niet/")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "Deze pagina bestaat niet – Wijkportaal</title>" in html
    assert html.count("<main") == 1
    assert 'href="#inhoud"' in html
