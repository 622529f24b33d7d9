"""Pages about money: each figure leads to exactly the rows that make it up, for as many queries with ten as with hundreds of rows."""

import datetime
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets import actions
from budgets.models import Budget, Transfer, figures
from tests.factories import NOW, make_award, make_budget, make_proposal
from wijkportaal.money import format_euros

TODAY = NOW.date()


def pay(project, cents, actor):
    return actions.record_payment(project, amount_cents=cents, reason="Bankje", paid_on=TODAY, actor=actor, now=NOW)


@pytest.fixture
def busy(ria, olga, wim, hans, fien, centrum, haven, project):
    """A town with an own and a shared budget, payments, a correction and an end."""
    payment = pay(project, 12_345, wim)
    pay(project, 10_000, wim)
    actions.reverse_payment(payment, reason="Het was € 102.", actor=wim, now=NOW)
    shared = make_budget(centrum, haven, amount_cents=300_000, actor=fien, name="Samen")
    stopped = make_award(
        make_proposal(ria, centrum, "feasible", manager=wim), shared, amount_cents=80_000, actor=wim
    ).proposal
    actions.cancel_project(stopped, reason="De grond is verkocht.", actor=wim, now=NOW)
    make_award(make_proposal(olga, haven, "feasible", manager=hans), shared, amount_cents=50_000, actor=hans)
    return project


class Links(HTMLParser):
    """The links of a page with their texts."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.inside = [dict(attrs).get("href", ""), ""]

    def handle_data(self, data):
        if self.inside:
            self.inside[1] += data

    def handle_endtag(self, tag):
        if tag == "a" and self.inside:
            self.found.append(tuple(self.inside))
            self.inside = None


def scopes(centrum, haven):
    everything = Budget.objects.all()
    yield reverse("budgets:town"), everything, None
    for wijk in (centrum, haven):
        yield reverse("budgets:neighbourhood", args=[wijk.slug]), everything.of_neighbourhood(wijk), wijk
    for budget in everything:
        yield budget.get_absolute_url(), Budget.objects.filter(pk=budget.pk), None


def test_every_figure_leads_to_the_rows_that_make_it_up(client, busy, centrum, haven):
    seen = 0
    for url, budgets, wijk in scopes(centrum, haven):
        page = client.get(url).content.decode()
        for name, cents in figures(budgets, wijk).items():
            link = f"{url}?figure={name}"
            if cents:
                assert any(href == link for href, _text in Links(page).found), (link, name)
                assert format_euros(cents) in page
            answer = client.get(link)
            assert answer.context["total"] == cents
            rows = answer.context["page_obj"].paginator.object_list
            assert sum(row.signed_cents for row in rows) == cents, link
            seen += 1
    assert seen >= 20


def test_the_table_per_wijk_links_each_amount_to_rows_that_add_up_to_it(client, busy):
    page = client.get(reverse("budgets:town"))
    cells = [cell for row in page.context["table"].rows for cell in row[1:] if cell.url]
    assert len(cells) > 8
    for cell in cells:
        assert client.get(cell.url).context["total"] == cell.value


def test_each_row_leads_to_its_project_or_its_decision(client, busy, budget):
    page = client.get(reverse("budgets:town"), {"figure": "all"})
    links = {urlsplit(href).path for href, _text in Links(page.content.decode()).found}
    for row in Transfer.objects.all():
        assert (row.proposal or row.budget).get_absolute_url() in links
    assert page.context["page_obj"].paginator.count == Transfer.objects.count()


def test_a_correction_is_shown_beside_what_it_corrects(client, busy):
    page = client.get(reverse("budgets:town"), {"figure": "spent"}).content.decode()
    assert "Het was € 102." in page
    assert format_euros(-12_345) in page


def test_a_year_shows_the_budgets_of_that_year(client, busy, centrum, fien):
    make_budget(
        centrum,
        amount_cents=777,
        actor=fien,
        name="Oud",
        starts_on=datetime.date(2024, 1, 1),
        ends_on=datetime.date(2024, 12, 31),
        decision_on=datetime.date(2023, 11, 1),
    )
    old = client.get(reverse("budgets:town"), {"year": "2024"})
    assert old.context["total"]["granted"] == 777
    assert client.get(reverse("budgets:town"), {"year": "2024", "figure": "granted"}).context["total"] == 777
    assert client.get(reverse("budgets:town"), {"year": "2019"}).context["total"]["granted"] == 0
    with_links = old.content.decode()
    assert f"{reverse('budgets:town')}?figure=granted&amp;year=2024" in with_links


def test_pages_without_money_say_what_to_do(client, town, centrum):
    for url in (reverse("budgets:town"), reverse("budgets:neighbourhood", args=[centrum.slug])):
        page = client.get(url)
        assert page.status_code == 200
        assert "wp-empty" in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "figure=x",
        "figure=" + "a" * 5000,
        "year=x",
        "year=99999999999999999999",
        "year=-1",
        "page=99999999999999999999",
        "page=-1",
        "page=x",
        "page=" + "9" * 5000,
        "figure=spent&page=0",
        "figure=spent&figure=free",
        "x=%F0%9F%92%B6",
    ],
)
def test_odd_addresses_get_a_page(query, client, busy, budget, centrum):
    for url in (
        reverse("budgets:town"),
        reverse("budgets:neighbourhood", args=[centrum.slug]),
        budget.get_absolute_url(),
    ):
        assert client.get(f"{url}?{query}").status_code in {200, 400}


def test_a_visitor_gets_no_cookie_and_no_form(client, busy, budget, centrum):
    for url in (
        reverse("budgets:town"),
        reverse("budgets:neighbourhood", args=[centrum.slug]),
        budget.get_absolute_url(),
    ):
        page = client.get(url)
        assert not page.cookies
        assert 'method="post"' not in page.content.decode()


def test_charts_have_a_title_and_a_description_and_no_style(client, busy):
    page = client.get(reverse("budgets:town")).content.decode()
    charts = re.findall(r'<svg[^>]*role="img".*?</svg>', page, re.DOTALL)
    assert len(charts) == 2
    for chart in charts:
        assert re.search(r"<title id=.*?>.+?</title><desc id=.*?>.*?€.*?</desc>", chart)
    assert "style=" not in page


def test_the_parts_of_a_bar_are_whole_numbers_that_fill_it():
    from budgets.templatetags.budgets_tags import UNITS, bar_parts

    parts = bar_parts({"spent": 1, "to_spend": 333, "free": 666, "granted": 1000}, 1000)
    assert [part["name"] for part in parts] == ["spent", "to_spend", "free"]
    assert parts[-1]["x"] + parts[-1]["width"] == UNITS
    assert all(isinstance(part["width"], int) and part["width"] > 0 for part in parts)


def queries(client, url):
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_more_rows_take_no_more_queries(client, busy, ria, wim, centrum, budget):
    addresses = [
        reverse("budgets:town"),
        reverse("budgets:town") + "?figure=all",
        reverse("budgets:neighbourhood", args=[centrum.slug]),
        reverse("budgets:neighbourhood", args=[centrum.slug]) + "?figure=spent",
        budget.get_absolute_url(),
        budget.get_absolute_url() + "?figure=to_spend",
    ]
    before = {url: queries(client, url) for url in addresses}
    for _ in range(12):
        other = make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget)
        pay(other, 100, wim)
        pay(other, 100, wim)
    make_budget(centrum, actor=budget.transfers.first().actor, name="Nog een")
    assert {url: queries(client, url) for url in addresses} == before
    assert max(before.values()) <= 12, before


def test_the_panels_fit_in_any_page(busy, centrum, wim, ria):
    template = engines["django"].from_string(
        "{% load budgets_tags %}{% money_panel wijk %}{% money_of_project project %}"
    )
    for user, may_pay in ((wim, True), (ria, False)):
        request = RequestFactory().get("/")
        request.user = user
        html = template.render({"wijk": centrum, "project": busy}, request)
        assert (reverse("budgets:spend", args=[busy.pk]) in html) is may_pay
        assert "Wijkteamoverleg" in html
        assert "Veel steun in de wijk." in html


def test_what_a_resident_wrote_is_shown_as_text(client, ria, wim, centrum, budget):
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    project = make_proposal(ria, centrum, "in_progress", manager=wim, budget=budget, title=attack)
    actions.record_payment(project, amount_cents=5, reason=attack, paid_on=TODAY, actor=wim, now=NOW)
    for url in (
        reverse("budgets:town") + "?figure=all",
        reverse("budgets:neighbourhood", args=[centrum.slug]),
        budget.get_absolute_url(),
        project.get_absolute_url(),
    ):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
