"""The work list: what waits for the wijkmanager, in which order, and since when."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from neighbourhoods.models import Role
from proposals import actions
from proposals.models import Milestone, Proposal
from proposals.views import steps
from tests.factories import NOW, give_role, make_proposal, make_user

DAY = datetime.timedelta(days=1)
URL = "/werklijst/"


@pytest.fixture(autouse=True)
def _fixed_now(monkeypatch):
    monkeypatch.setattr(steps.timezone, "now", lambda: NOW)


def ideas_on(response):
    return [idea.title for idea in response.context["page"].object_list]


@pytest.mark.parametrize(
    ("person", "status"),
    [("wim", 200), ("hans", 200), ("ria", 403), ("cora", 403), ("carla", 403), ("bea", 403), ("tom", 403)],
)
def test_the_work_list_is_for_wijkmanagers(person, status, request, sign_in):
    assert sign_in(request.getfixturevalue(person)).get(URL).status_code == status


def test_a_visitor_is_asked_to_sign_in(client, town):
    assert client.get(URL).status_code == 302


def test_what_waits_longest_comes_first_with_its_days(sign_in, ria, wim, hans, centrum, haven, budget):
    for title, status, days in (
        ("Gisteren", "submitted", 1),
        ("Oud", "published", 40),
        ("Vandaag", "submitted", 0),
        ("Kan", "feasible", 14),
        ("Net te lang", "published", 15),
    ):
        make_proposal(ria, centrum, status, manager=wim, title=title, now=NOW - days * DAY)
    for status in ("draft", "returned", "infeasible", "in_progress", "withdrawn"):
        make_proposal(ria, centrum, status, manager=wim, budget=budget, title=f"Niet {status}")
    make_proposal(ria, haven, "submitted", manager=hans, title="Van Haven")
    response = sign_in(wim).get(URL)
    assert ideas_on(response) == ["Oud", "Net te lang", "Kan", "Gisteren", "Vandaag"]
    rows = response.context["page"].object_list
    assert [row.days for row in rows] == [40, 15, 14, 1, 0]
    assert [row.is_too_long for row in rows] == [True, True, False, False, False]
    assert "40 dagen" in response.content.decode()


@pytest.mark.parametrize(
    ("came_in", "days"),
    [
        (datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC), 0),
        (datetime.datetime(2026, 9, 30, 22, 0, tzinfo=datetime.UTC), 0),  # midnight in Amsterdam
        (datetime.datetime(2026, 9, 30, 21, 59, tzinfo=datetime.UTC), 1),
        (datetime.datetime(2026, 3, 28, 12, 0, tzinfo=datetime.UTC), 187),  # before the clock went forward
    ],
)
def test_days_are_those_of_the_calendar_of_the_town(came_in, days, sign_in, ria, wim, centrum):
    make_proposal(ria, centrum, "submitted", now=came_in)
    assert [row.days for row in sign_in(wim).get(URL).context["page"].object_list] == [days]


def test_each_idea_says_what_it_asks(sign_in, ria, wim, centrum):
    for title, status in (("Nieuw", "submitted"), ("Op de site", "published"), ("Het kan", "feasible")):
        make_proposal(ria, centrum, status, manager=wim, title=title)
    asked = make_proposal(ria, centrum, "published", manager=wim, title="Gevraagd")
    answered = make_proposal(ria, centrum, "published", manager=wim, title="Beantwoord")
    settled = make_proposal(ria, centrum, "published", manager=wim, title="Gelezen")
    for idea in (asked, answered, settled):
        actions.ask_question(idea, reason="Waar?", actor=wim, now=NOW - 3 * DAY)
    for idea in (answered, settled):
        actions.answer_question(idea, reason="Hier", actor=ria, now=NOW)
    actions.support_proposal(answered, actor=wim, now=NOW)
    actions.write_note(answered, reason="Nog lezen", actor=wim, now=NOW)
    actions.assess_proposal(settled, version=settled.version, estimated_cents=None, actor=wim, now=NOW)
    response = sign_in(wim).get(URL)
    tasks = {idea.title: idea.task for idea in response.context["page"].object_list}
    assert tasks == {
        "Nieuw": "look",
        "Op de site": "check",
        "Het kan": "decide",
        "Gevraagd": "question",
        "Beantwoord": "answer",
        "Gelezen": "check",
    }
    figures = {figure["task"].value: figure["count"] for figure in response.context["tasks"]}
    assert figures == {"look": 1, "check": 2, "decide": 1, "question": 1, "answer": 1}
    assert "3 dagen geleden gevraagd" in response.content.decode()
    assert ideas_on(sign_in(wim).get(URL, {"taak": "answer"})) == ["Beantwoord"]


def test_filters_by_wijk_task_and_person(sign_in, ria, wim, cora, centrum, haven):
    give_role(wim, Role.NEIGHBOURHOOD_MANAGER, haven)
    a = make_proposal(ria, centrum, "submitted", title="A")
    make_proposal(ria, haven, "submitted", title="B")
    actions.assign_assessment(a, assessor=wim, actor=wim, now=NOW)
    client = sign_in(wim)
    assert ideas_on(client.get(URL)) == ["A", "B"]
    assert ideas_on(client.get(URL, {"wijk": haven.slug})) == ["B"]
    assert ideas_on(client.get(URL, {"wie": "me"})) == ["A"]
    assert ideas_on(client.get(URL, {"wie": "nobody"})) == ["B"]
    page = client.get(URL, {"taak": "decide"})
    assert "Niets gevonden" in page.content.decode()
    assert "Gegeven aan Wim" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"taak": "weg"},
        {"wijk": "geen-wijk"},
        {"wie": "x" * 5000},
        {"page": "9" * 30},
        {"page": "-1"},
        {"page": "x"},
        {"taak": "'; --"},
    ],
)
def test_odd_filters_are_ignored(query, sign_in, ria, wim, centrum):
    make_proposal(ria, centrum, "submitted", title="A")
    response = sign_in(wim).get(URL, query)
    assert response.status_code == 200
    assert ideas_on(response) == ["A"]
    assert "<title>Fout" not in response.content.decode()


def test_someone_elses_wijk_cannot_be_chosen(sign_in, ria, wim, hans, haven, centrum):
    make_proposal(ria, haven, "submitted", title="Van Haven")
    assert ideas_on(sign_in(wim).get(URL, {"wijk": haven.slug})) == []


def test_an_empty_list_says_what_happens_next(sign_in, wim):
    page = sign_in(wim).get(URL).content.decode()
    assert "Er wacht geen idee op u" in page
    assert "Alle projecten zijn op tijd" in page
    assert "Er zijn geen gemelde reacties" in page


def test_late_steps_and_reported_reactions_of_the_own_wijk(sign_in, ria, rob, wim, hans, project, published, centrum):
    Milestone.objects.update(promised_on=NOW.date() - 3 * DAY)
    for comment in [actions.add_comment(published, text=f"Onzin {n}", actor=rob, now=NOW) for n in range(2)]:
        for reporter in (ria, hans):
            actions.report_comment(comment, reason="Niet aardig", actor=reporter, now=NOW)
    response = sign_in(wim).get(URL)
    page = response.content.decode()
    assert "3 dagen te laat" in page
    assert response.context["reported_count"] == 2
    assert reverse("proposals:reported_comments") in page
    actions.hide_comment(published.comments.first(), reason="Wees aardig", actor=wim, now=NOW)
    assert sign_in(wim).get(URL).context["reported_count"] == 1
    response = sign_in(hans).get(URL)
    assert response.context["reported_count"] == response.context["late_count"] == 0


def test_pages_and_as_many_queries_for_many_as_for_few(sign_in, ria, wim, centrum):
    client = sign_in(wim)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    make_proposal(ria, centrum, "submitted")
    queries()
    few = queries()
    for _ in range(30):
        make_proposal(make_user("Iemand"), centrum, "submitted")
    assert queries() == few
    assert few <= 14
    assert len(client.get(URL).context["page"].object_list) == 25
    assert len(client.get(URL, {"page": 2}).context["page"].object_list) == 6


def test_a_role_that_ended_takes_the_list_away(sign_in, ria, wim, centrum):
    make_proposal(ria, centrum, "submitted", title="A")
    client = sign_in(wim)
    wim.memberships.update(ends_on=datetime.date(2026, 1, 1))
    assert client.get(URL).status_code == 403


def test_publishing_moves_the_idea_to_the_next_task(sign_in, ria, wim, centrum):
    idea = make_proposal(ria, centrum, "submitted", now=NOW - 9 * DAY)
    client = sign_in(wim)
    client.post(reverse("proposals:publish", args=[idea.pk]), {"key": uuid.uuid4()})
    (row,) = client.get(URL).context["page"].object_list
    assert (row.task, row.days) == ("check", 0)
    assert Proposal.objects.get(pk=idea.pk).published_at == NOW
