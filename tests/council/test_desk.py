"""The council's desk: who may look, every figure equals the rows that it leads to, and no text of an unpublished idea."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets import actions as money
from council import figures
from council.views import ROWS_PER_PAGE
from neighbourhoods.models import Role
from proposals import actions
from proposals.workflow import RUNNING, Status
from tests.factories import give_role, make_budget, make_proposal

DASHBOARD = "council:dashboard"


@pytest.fixture
def now():
    return timezone.now()


def days(number):
    return datetime.timedelta(days=number)


def project_with_promise(ria, wim, wijk, budget, start, promised_on, *, moved_to=None, title="Project"):
    """A project that runs since `start`, with one step."""
    by = {"actor": wim, "now": start}
    project = make_proposal(ria, wijk, "awarded", manager=wim, budget=budget, now=start, title=title)
    step = actions.plan_milestone(project, title="Alles staat er", promised_on=promised_on, **by)
    actions.start_project(project, **by)
    if moved_to:
        actions.replan_milestone(step, promised_on=moved_to, reason="De leverancier levert later.", **by)
    return project


@pytest.fixture
def town_at_work(ria, olga, wim, hans, fien, centrum, haven, now):
    """Ideas in every status in two wijken, projects early and late, waits short and long."""
    today, long_ago = timezone.localdate(now), now - days(60)
    year = {
        "starts_on": today - days(200),
        "ends_on": today + days(30),
        "decision_on": today - days(300),
        "now": now - days(200),
    }
    budget = make_budget(centrum, haven, actor=fien, **year)
    for author, manager, wijk in ((ria, wim, centrum), (olga, hans, haven)):
        for status in Status:
            if status not in {"in_progress", "not_chosen"}:
                make_proposal(author, wijk, status, manager=manager, budget=budget, now=now - days(3))
        make_proposal(author, wijk, "submitted", manager=manager, now=now - days(40), title="Kanarie")
        for ago in (35, 5, 10):
            make_proposal(author, wijk, "feasible", manager=manager, now=now - days(ago))
        args = (author, manager, wijk, budget, long_ago)
        project_with_promise(*args, today - days(10), title=f"Te laat in {wijk}")
        project_with_promise(*args, today - days(30), moved_to=today - days(1), title=f"Weer te laat in {wijk}")
        project_with_promise(*args, today + days(5), moved_to=today + days(25), title=f"Verschoven in {wijk}")
        project_with_promise(*args, today, title=f"Vandaag in {wijk}")
    return budget


def links_with_numbers(page):
    """(number, address) of each cell with a link, in all tables of ideas, waits and projects."""
    for name in ("ideas_table", "projects_table"):
        table = page.context[name]
        for row in [*table.rows, table.footer]:
            yield from ((cell.value, cell.url) for cell in row[1:] if cell.url)
    waiting = page.context["waiting_table"]
    for row in [*waiting.rows, waiting.footer]:
        yield from ((row[place].value, row[place].url) for place in (1, 4) if row[place].url)
    yield from ((int(bar["value_text"]), bar["url"]) for bar in page.context["status_bars"])


def test_every_number_leads_to_exactly_so_many_rows(sign_in, carla, town_at_work):
    client = sign_in(carla)
    found = list(links_with_numbers(client.get(reverse(DASHBOARD))))
    assert len(found) > 50
    for number, url in found:
        page = client.get(url)
        assert page.context["page_obj"].paginator.count == number, url
        assert len(page.context["rows"]) == min(number, ROWS_PER_PAGE)


def test_every_amount_leads_to_rows_that_add_up_to_it(sign_in, carla, town_at_work):
    client = sign_in(carla)
    table = client.get(reverse(DASHBOARD)).context["money_table"]
    cells = [cell for row in [*table.rows, table.footer] for cell in row[1:] if cell.url]
    assert cells
    for cell in cells:
        assert client.get(cell.url).context["total"] == cell.value, cell.url


def test_every_idea_that_was_sent_in_is_in_one_column(town_at_work, centrum):
    counts = figures.ideas_per_neighbourhood()[centrum.pk]
    assert sum(counts[name] for name in figures.IDEA_COLUMNS) == counts["all"]
    assert counts["all"] == figures.sent_in().filter(neighbourhood=centrum).count()
    assert sum(counts[name] for name in figures.STATUS_LABELS) == counts["all"]
    columns = [figures.statuses_in(name) for name in figures.IDEA_COLUMNS]
    assert frozenset().union(*columns) == frozenset(Status) - {Status.DRAFT}
    assert sum(map(len, columns)) == len(Status) - 1
    assert figures.statuses_in("running") == RUNNING


def test_late_is_after_the_promised_day_and_not_on_it(town_at_work, centrum, now):
    today = timezone.localdate(now)
    states = dict(figures.projects(today).running().filter(neighbourhood=centrum).values_list("title", "state"))
    assert states["Vandaag in Centrum"] == "on_time"
    assert states["Te laat in Centrum"] == "late"
    assert states["Verschoven in Centrum"] == "moved"
    tomorrow = dict(figures.projects(today + days(1)).values_list("title", "state"))
    assert tomorrow["Vandaag in Centrum"] == "late"


def test_waits_are_counted_in_days_from_the_moment_the_wait_began(town_at_work, centrum, now):
    waits = figures.waiting_per_neighbourhood(now)[centrum.pk]
    assert sorted(waits) == sorted([40, 35, 10, 5, 3, 3, 3, *[3] * (len(waits) - 7)])
    assert max(waits) == 40
    assert figures.median([1, 2, 9]) == 2
    assert figures.median([]) is None


def test_the_answer_counts_from_sending_in_to_the_first_answer(ria, wim, centrum, now):
    idea = make_proposal(ria, centrum, "published", manager=wim, now=now - days(30))
    actions.reject_proposal(idea, reason="Kan niet.", actor=wim, now=now - days(9))
    idea.refresh_from_db()
    actions.reopen_proposal(idea, reason="Toch nog eens.", actor=wim, now=now - days(5))
    idea.refresh_from_db()
    actions.reject_proposal(idea, reason="Nee.", actor=wim, now=now - days(1))
    assert figures.decisions_per_neighbourhood(now)[centrum.pk] == [21]
    old = now + days(366)
    assert figures.decisions_per_neighbourhood(old)[centrum.pk] == []


def test_it_begins_with_what_needs_attention(sign_in, carla, town_at_work):
    page = sign_in(carla).get(reverse(DASHBOARD))
    attention = page.context["attention"]
    assert [row["project"].title for row in attention["late"]][:2] == ["Te laat in Centrum", "Te laat in Haven"]
    assert attention["late_count"] == 4
    assert attention["late"][0]["days_late"] == 10
    assert attention["late"][2]["reason"] == "De leverancier levert later."
    assert attention["long_count"] == 4
    assert attention["ending"] == [town_at_work]
    text = page.content.decode()
    assert text.index('id="aandacht"') < text.index('id="geld"')
    client = sign_in(carla)
    assert client.get(attention["late_url"]).context["page_obj"].paginator.count == 4
    assert client.get(attention["long_url"]).context["page_obj"].paginator.count == 4


def test_ones_own_wijken_come_first_and_what_needs_attention_is_theirs(sign_in, aad, town_at_work, centrum):
    client = sign_in(aad)
    page = client.get(reverse(DASHBOARD))
    assert [item["wijk"] for item in page.context["portfolio"]] == [centrum]
    assert page.context["ideas_table"].rows[0][0].value == "Centrum"
    attention = page.context["attention"]
    assert attention["late_count"] == 2
    for key in ("late", "long"):
        rows = client.get(attention[f"{key}_url"]).context["page_obj"].paginator
        assert rows.count == attention[f"{key}_count"]


def test_a_calm_town_says_so(sign_in, carla, centrum):
    page = sign_in(carla).get(reverse(DASHBOARD))
    assert page.status_code == 200
    assert "utrecht-alert--ok" in page.content.decode()


def test_one_wijk_in_depth(sign_in, carla, town_at_work, centrum, haven):
    client = sign_in(carla)
    page = client.get(reverse("council:neighbourhood", args=[centrum.slug]))
    text = page.content.decode()
    assert "Te laat in Centrum" in text
    assert "Haven</a>" not in text.split("<main")[1].split("</main")[0]
    assert page.context["running"][0]["days_late"] == 10
    for state in page.context["states"]:
        assert client.get(state["url"]).context["page_obj"].paginator.count == state["number"]
    assert client.get(page.context["waiting_url"]).context["page_obj"].paginator.count == page.context["waiting"]
    assert client.get(page.context["decided_url"]).context["page_obj"].paginator.count == page.context["decided"]


def test_of_many_projects_the_longest_overdue_is_never_left_out(
    sign_in, carla, town_at_work, ria, wim, centrum, now, monkeypatch
):
    monkeypatch.setattr("council.views.ROWS_PER_PAGE", 1)
    long_ago = now - days(60)
    project_with_promise(ria, wim, centrum, town_at_work, long_ago, timezone.localdate(now) - days(50))
    page = sign_in(carla).get(reverse("council:neighbourhood", args=[centrum.slug]))
    assert [row["days_late"] for row in page.context["running"]] == [50]


def test_unpublished_ideas_count_and_keep_their_text(sign_in, carla, town_at_work):
    client = sign_in(carla)
    for url in (
        reverse(DASHBOARD),
        reverse("council:neighbourhood", args=["centrum"]),
        reverse("council:proposals"),
        reverse("council:proposals") + "?status=submitted",
        reverse("council:proposals") + "?waiting=long",
    ):
        assert "Kanarie" not in client.get(url).content.decode()
    assert client.get(reverse("council:proposals") + "?status=submitted").context["page_obj"].paginator.count == 4


@pytest.mark.parametrize("person", ["ria", "rob", "tom", "cora"])
def test_residents_have_no_desk(person, request, sign_in, centrum):
    client = sign_in(request.getfixturevalue(person))
    for name in ("dashboard", "proposals", "projects", "neighbourhoods_csv", "proposals_csv", "projects_csv"):
        assert client.get(reverse(f"council:{name}")).status_code == 403
    assert client.get(reverse("council:neighbourhood", args=[centrum.slug])).status_code == 403


def test_a_visitor_signs_in_first(client, centrum):
    assert client.get(reverse(DASHBOARD)).status_code == 302


def test_who_follows_one_wijk_looks_deep_into_that_one(sign_in, aad, wim, carla, centrum, haven):
    for user, elsewhere in ((aad, 403), (wim, 403), (carla, 200)):
        client = sign_in(user)
        assert client.get(reverse("council:neighbourhood", args=[centrum.slug])).status_code == 200
        assert client.get(reverse("council:neighbourhood", args=[haven.slug])).status_code == elsewhere
        links = client.get(reverse(DASHBOARD)).content.decode()
        assert (reverse("council:neighbourhood", args=[haven.slug]) in links) is (elsewhere == 200)


def test_a_role_that_ended_ends_the_view(sign_in, rob, now):
    today = timezone.localdate(now)
    give_role(rob, Role.COUNCILLOR, ends_on=today - days(1))
    assert sign_in(rob).get(reverse(DASHBOARD)).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "status=x",
        "waiting=x",
        "state=x",
        "neighbourhood=x",
        "neighbourhood=" + "a" * 5000,
        "page=x",
        "mine=on",
        "page=-1",
    ],
)
def test_odd_questions_get_a_page(query, sign_in, carla, town_at_work):
    client = sign_in(carla)
    for name in ("proposals", "projects", "proposals_csv", "projects_csv"):
        assert client.get(reverse(f"council:{name}") + f"?{query}").status_code in {200, 400}


def test_the_lists_as_csv_have_the_same_rows(sign_in, carla, town_at_work):
    client = sign_in(carla)
    for name, query in (
        ("proposals", "?waiting=now"),
        ("projects", "?state=late"),
        ("proposals", ""),
        ("projects", ""),
    ):
        page = client.get(reverse(f"council:{name}") + query)
        file = client.get(page.context["csv_url"])
        text = b"".join(file.streaming_content).decode()
        assert len(text.strip().split("\r\n")) - 1 == page.context["page_obj"].paginator.count


def test_more_rows_take_no_more_queries(sign_in, carla, town_at_work, ria, wim, centrum, now):
    client = sign_in(carla)
    addresses = [
        reverse(DASHBOARD),
        reverse("council:neighbourhood", args=[centrum.slug]),
        reverse("council:proposals"),
        reverse("council:projects"),
    ]

    def count():
        numbers = {}
        for url in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            numbers[url] = len(caught)
        return numbers

    before = count()
    for number in range(10):
        make_proposal(ria, centrum, "submitted", now=now - days(50 + number))
        project = project_with_promise(
            ria, wim, centrum, town_at_work, now - days(40), timezone.localdate(now) - days(2)
        )
        money.record_payment(
            project, amount_cents=10, reason="Bank", paid_on=timezone.localdate(now), actor=wim, now=now
        )
    assert count() == before
    assert max(before.values()) <= 24, before
