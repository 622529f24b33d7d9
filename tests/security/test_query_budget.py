"""How many questions a page asks of the database: not more than written here, and not one more when there is much to show.

And how large a page may get: whoever writes a lot makes no page that a telephone can't load.
"""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Mail
from budgets.models import Account, Award, Transfer
from neighbourhoods.models import Meeting, Membership, NeighbourhoodEvent, Role, Round
from proposals.models import (
    CoInitiator,
    Comment,
    CommentReport,
    Milestone,
    ProgressNote,
    Proposal,
    ProposalEvent,
    Support,
)
from tests.factories import NOW
from tests.security.browsing import browsers
from wijkportaal.search import index_text

FEW, MANY = 60, 1000  # more than one page of everything; then much more
DAY = datetime.timedelta(days=1)

# (URL name, thing of the matrix): the most queries for each reader. Measured; a page that needs more must say why.
BUDGET = {
    ("neighbourhoods:home", ""): {"visitor": 8, "ria": 10},
    ("neighbourhoods:detail", "wijk"): {"visitor": 13, "wim": 16},
    ("proposals:list", ""): {"visitor": 5, "ria": 8},
    ("proposals:detail", "published"): {"visitor": 7, "ria": 11, "wim": 12},
    ("proposals:detail", "in_progress"): {"visitor": 10, "ria": 14, "wim": 15},
    ("proposals:worklist", ""): {"wim": 11},
    ("proposals:reported_comments", ""): {"wim": 7},
    ("proposals:merge", "published"): {"wim": 6},
    ("proposals:assign", "published"): {"wim": 5},
    ("proposals:invite", "published"): {"ria": 6},
    ("proposals:my_data", ""): {"ria": 13},
    ("accounts:me", ""): {"ria": 10, "wim": 10},
    ("budgets:town", ""): {"visitor": 6, "fien": 9},
    ("budgets:town_csv", ""): {"visitor": 3},
    ("budgets:budgets_csv", ""): {"visitor": 4},
    ("budgets:transfers_csv", ""): {"visitor": 1},
    ("budgets:neighbourhood", "wijk"): {"visitor": 6},
    ("budgets:neighbourhood_csv", "wijk"): {"visitor": 2},
    ("budgets:neighbourhood_projects_csv", "wijk"): {"visitor": 2},
    ("budgets:budget", "budget"): {"visitor": 6},
    ("budgets:budget_csv", "budget"): {"visitor": 2},
    ("budgets:budget_projects_csv", "budget"): {"visitor": 2},
    ("council:dashboard", ""): {"carla": 16},
    ("council:neighbourhood", "wijk"): {"carla": 18},
    ("council:proposals", ""): {"carla": 6},
    ("council:projects", ""): {"carla": 8},
    ("council:neighbourhoods_csv", ""): {"carla": 10},
    ("council:proposals_csv", ""): {"carla": 4},
    ("council:projects_csv", ""): {"carla": 6},
    ("neighbourhoods:people", ""): {"bea": 6},
    ("neighbourhoods:log", ""): {"bea": 6},
    ("neighbourhoods:administration", ""): {"bea": 9},
}
# The same lists with something asked of them.
ASKED = {
    ("proposals:list", ""): ["?q=bank&sort=steun", "?page=2", "?wijk=centrum&status=published"],
    ("proposals:detail", "published"): ["?page=2"],
    ("proposals:worklist", ""): ["?taak=check&page=2"],
    ("budgets:town", ""): ["?figure=all", "?figure=awarded&page=2"],
    ("budgets:neighbourhood", "wijk"): ["?figure=all", "?figure=free"],
    ("budgets:budget", "budget"): ["?figure=all"],
    ("council:proposals", ""): ["?waiting=long", "?status=running&page=2"],
    ("council:projects", ""): ["?state=late"],
    ("neighbourhoods:log", ""): ["?neighbourhood=centrum", "?page=2"],
    ("neighbourhoods:people", ""): ["?q=mens"],
}
MORE_WITH_A_QUESTION = 2  # the row that is asked for, and how many there are
MORE_WITH_PAGES = 3  # more reactions than fit: how many there are, and the replies to those that are shown
LARGEST_PAGE = 400_000  # bytes, before gzip


@pytest.fixture
def grow(world, people, centrum):
    """`grow(n)` adds n of everything to the wijk and to a few ideas in it."""
    pks = {name: kwargs["pk"] for name, kwargs in world["own"].items() if "pk" in kwargs}
    published, running = Proposal.objects.get(pk=pks["published"]), Proposal.objects.get(pk=pks["in_progress"])
    budget, theme = running.award.budget, published.theme
    free = budget.accounts.get(kind="free")
    Account.objects.filter(pk=free.pk).update(balance_cents=10**9)
    user_model, ria, wim, bea = get_user_model(), people["ria"], people["wim"], people["bea"]
    made = [0]

    def grow(number):
        start = made[0]
        made[0] += number
        counted = range(start, start + number)
        others = user_model.objects.bulk_create(
            user_model(email=f"mens{i}@example.org", name=f"Mens {i}", password="!") for i in counted
        )
        Membership.objects.bulk_create(
            Membership(user=user, role=Role.TEAM_MEMBER, neighbourhood=centrum, starts_on=datetime.date(2020, 1, 1))
            for user in others
        )

        def ideas(status, **fields):
            common = {
                "neighbourhood": centrum,
                "theme": theme,
                "author": ria,
                "status": status,
                "created_at": NOW,
                "status_since": NOW,
                "submitted_at": NOW,
                "what": "Een bankje.",
                "search_text": index_text("Bankje bij de vijver"),
            }
            return Proposal.objects.bulk_create(
                Proposal(title=f"Bankje {status} {i}", **common, **fields) for i in counted
            )

        ideas("submitted", waiting_since=NOW - 60 * DAY)
        ideas("published", published_at=NOW, waiting_since=NOW - 50 * DAY, assessor=wim)
        projects = ideas("in_progress", published_at=NOW, estimated_cents=100)
        accounts = Account.objects.bulk_create(
            Account(budget=budget, kind="awarded", proposal=idea, balance_cents=100) for idea in projects
        )
        transfers = Transfer.objects.bulk_create(
            Transfer(
                budget=budget,
                proposal=account.proposal,
                from_account=free,
                to_account=account,
                amount_cents=100,
                kind="award",
                reason="Load",
                booked_on=NOW.date(),
                actor=wim,
                at=NOW,
            )
            for account in accounts
        )
        Award.objects.bulk_create(
            Award(
                proposal=row.proposal,
                budget=budget,
                amount_cents=100,
                decided_on=row.booked_on,
                decided_by="Team",
                reason="Ja",
                transfer=row,
            )
            for row in transfers
        )
        Milestone.objects.bulk_create(
            Milestone(proposal=idea, title="Klaar", promised_on=NOW.date(), first_promised_on=NOW.date())
            for idea in projects
        )
        ProposalEvent.objects.bulk_create(
            ProposalEvent(proposal=idea, kind=kind, to_status=idea.status, actor=ria, at=NOW)
            for idea in projects
            for kind in ("submit", "publish", "accept", "award", "start")
        )
        # On one idea: people, talk and history. On one project: steps, payments and news.
        ProposalEvent.objects.bulk_create(
            ProposalEvent(
                proposal=published, kind="ask", to_status="published", actor=wim, reason="Waar komt het?", at=NOW
            )
            for _ in counted
        )
        ProposalEvent.objects.bulk_create(
            ProposalEvent(proposal=published, kind="support", to_status="published", actor=user, at=NOW)
            for user in others
        )
        Support.objects.bulk_create(Support(proposal=published, user=user, at=NOW) for user in others)
        CoInitiator.objects.bulk_create(
            CoInitiator(proposal=published, user=user, at=NOW) for user in others[: max(0, 40 - start)]
        )
        comments = Comment.objects.bulk_create(
            Comment(proposal=published, author=user, text=f"Goed idee. {'Mooi. ' * 20}", at=NOW) for user in others
        )
        Comment.objects.bulk_create(
            Comment(proposal=published, parent=comments[0], author=user, text="Ja!", at=NOW)
            for user in others[: max(0, 40 - start)]
        )
        Proposal.objects.filter(pk=published.pk).update(
            comment_count=Comment.objects.filter(proposal=published).count()
        )
        CommentReport.objects.bulk_create(
            CommentReport(comment=comment, reporter=ria, reason="Naar", at=NOW) for comment in comments
        )
        CommentReport.objects.bulk_create(
            CommentReport(comment=comments[0], reporter=user, reason="Naar", at=NOW) for user in others
        )
        Milestone.objects.bulk_create(
            Milestone(proposal=running, title=f"Stap {i}", promised_on=NOW.date(), first_promised_on=NOW.date())
            for i in counted[:40]
            if i < 40
        )
        ProgressNote.objects.bulk_create(
            ProgressNote(proposal=running, author=wim, text="Het gaat goed. " * 20, at=NOW) for _ in counted
        )
        spent, awarded = (
            Account.objects.get(proposal=running, kind="spent"),
            Account.objects.get(proposal=running, kind="awarded"),
        )
        Transfer.objects.bulk_create(
            Transfer(
                budget=budget,
                proposal=running,
                from_account=awarded,
                to_account=spent,
                amount_cents=1,
                kind="spend",
                reason="Hout",
                booked_on=NOW.date(),
                actor=wim,
                at=NOW,
            )
            for _ in counted
        )
        NeighbourhoodEvent.objects.bulk_create(
            NeighbourhoodEvent(neighbourhood=centrum, kind="plan_meeting", actor=bea, at=NOW, data={}) for _ in counted
        )
        Meeting.objects.bulk_create(
            Meeting(
                neighbourhood=centrum, title="Overleg", starts_at=NOW.replace(year=2098) + i * DAY, place="Buurthuis"
            )
            for i in counted
        )
        rounds = Round.objects.bulk_create(
            Round(
                name=f"Ronde {i}",
                ideas_from=NOW + i * DAY,
                ideas_until=NOW + (i + 20) * DAY,
                check_until=NOW + (i + 40) * DAY,
                choose_until=NOW + (i + 60) * DAY,
            )
            for i in counted
        )
        Round.neighbourhoods.through.objects.bulk_create(
            Round.neighbourhoods.through(round=one, neighbourhood=centrum) for one in rounds
        )
        Mail.objects.bulk_create(
            Mail(
                to=ria.email,
                recipient=ria,
                about=f"x:{i}",
                subject="Nieuws",
                body="Tekst",
                created_at=NOW,
                not_before=NOW,
            )
            for i in counted
        )

    return grow


@pytest.fixture
def measure(world, people, settings):
    settings.PAGE_CACHE_SECONDS = 0
    mine = browsers(people)

    def measure():
        """{(address, person): (number of queries, bytes, statements)}"""
        found = {}
        for (name, thing), readers in BUDGET.items():
            address = reverse(name, kwargs=world["own"][thing])
            for person, most in readers.items():
                for question in ["", *ASKED.get((name, thing), [])]:
                    with CaptureQueriesContext(connection) as queries:
                        response = mine[person].get(address + question)
                    assert response.status_code == 200, (
                        f"{address}{question} as {person}: {response.status_code} {mine[person].failures}"
                    )
                    statements = [
                        query["sql"]
                        for query in queries
                        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))
                    ]
                    limit = most + (MORE_WITH_A_QUESTION if question else 0)
                    found[address + question, person] = (len(statements), len(response.body), limit, statements)
        return found

    return measure


def test_no_page_asks_more_than_its_budget_and_none_grows_with_what_there_is(grow, measure):
    empty = measure()
    grow(FEW)
    few = measure()
    grow(MANY - FEW)
    many = measure()
    wrong = []
    for place, (number, size, limit, statements) in many.items():
        if number > limit + MORE_WITH_PAGES or empty[place][0] > limit:
            wrong.append(f"{place}: {empty[place][0]} queries with little, {number} with much; its budget is {limit}")
        if number > few[place][0]:
            wrong.append(
                f"{place}: {few[place][0]} queries with {FEW} of everything, {number} with {MANY}; the last: {statements[-3:]!r:.600}"
            )
        if size > LARGEST_PAGE and not is_file(place[0]):
            wrong.append(f"{place}: {size:,} bytes")
    assert not wrong, "\n".join(wrong)


def is_file(address):
    """A download has all rows: that is what it is for."""
    return ".csv" in address or address.endswith("/download/")


def test_the_count_sees_a_page_that_asks_per_row(world, people, grow):
    """Negative control: the list without what it fetches at once asks once more for each row."""
    from proposals.models import ProposalQuerySet

    ProposalQuerySet.with_covers, kept = lambda self: self, ProposalQuerySet.with_covers
    try:
        grow(30)
        browser = browsers({"visitor": None})["visitor"]
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("proposals:list")).status_code == 200
    finally:
        ProposalQuerySet.with_covers = kept
    assert len(queries) > BUDGET["proposals:list", ""]["visitor"] + 10


def test_a_page_that_is_kept_takes_one_query(world, people, settings):
    settings.PAGE_CACHE_SECONDS = 60
    browser = browsers({"visitor": None})["visitor"]
    for name in ("proposals:list", "neighbourhoods:home", "budgets:town"):
        browser.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(name)).status_code == 200
        assert len([query for query in queries if query["sql"].startswith("SELECT")]) == 1
