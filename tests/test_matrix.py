"""Every address x every role x own wijk and other wijk: one table says who gets what. An address that is missing here fails.

Things in Centrum are Ria's, and Wim is the wijkmanager there; in Haven they are Olga's, and Hans is. Tom (wijkteam), Cora (community
worker), Aad (alderperson) and Rob (resident) have their roles in Centrum only; Carla (councillor), Gijs (registry), Fien (finance) and Bea
(administrator) in the whole town.
"""

import uuid

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from neighbourhoods import actions as places
from neighbourhoods.models import Meeting, Membership, Round, Theme
from proposals import actions
from proposals.models import Photo
from tests.factories import NOW, give_role, make_budget, make_neighbourhood, make_proposal, make_user

PEOPLE = ["visitor", "ria", "rob", "olga", "tom", "cora", "wim", "hans", "carla", "aad", "gijs", "fien", "bea"]
STATUSES = ["draft", "submitted", "returned", "published", "feasible", "infeasible", "awarded", "in_progress"]

# What people get who are not named in a row: strangers are sent to sign in, others are refused.
PUBLIC = "*:200 visitor:200"
OPEN = "*:200"
NOBODY = "*:404"
ADMIN = "*:403 bea:200"
FINANCE = "*:403 fien:200 bea:200"
FOLLOWERS = "*:403 wim:200 hans:200 carla:200 aad:200 gijs:200 fien:200 bea:200"


def row(thing, own, other=None, *, post=False):
    """`thing`: whose address it is. `own`: who gets what in Centrum, `other`: in Haven. `post`: the address only takes POST."""
    return thing, own, other, post


def manager(status, *, private=False):
    """A step of the wijkmanager: her own wijk only; what isn't public is unseen by others."""
    if private:
        return row(status, "*:404 wim:200 cora:403 ria:403", "*:404 hans:200 olga:403")
    return row(status, "*:403 wim:200", "*:403 hans:200")


TABLE = {
    # accounts
    "accounts:me": row("", OPEN),
    "accounts:profile": row("", OPEN),
    "accounts:demo_people": row("", "*:404 visitor:404"),
    "accounts:demo_mail": row("", "*:404 visitor:404"),
    "accounts:demo_mail_detail": row("number", "*:404 visitor:404"),
    # neighbourhoods
    "neighbourhoods:home": row("", PUBLIC),
    "neighbourhoods:detail": row("wijk", PUBLIC, PUBLIC),
    "neighbourhoods:how_it_works": row("", PUBLIC),
    "neighbourhoods:accessibility": row("", PUBLIC),
    "neighbourhoods:privacy": row("", PUBLIC),
    "neighbourhoods:security_txt": row("", PUBLIC),
    "neighbourhoods:robots_txt": row("", PUBLIC),
    "neighbourhoods:theme_css": row("digest", "*:404 visitor:404"),
    "neighbourhoods:plan_meeting": row("wijk", "*:403 wim:200 cora:200", "*:403 hans:200"),
    "neighbourhoods:change_meeting": row("meeting", "*:403 wim:200 cora:200", "*:403 hans:200"),
    "neighbourhoods:cancel_meeting": row("meeting", "*:403 wim:200 cora:200", "*:403 hans:200"),
    "neighbourhoods:plan_round": row("wijk", "*:403 wim:200 bea:200", "*:403 hans:200 bea:200"),
    "neighbourhoods:change_round": row("round", "*:403 wim:200 bea:200", "*:403 hans:200 bea:200"),
    "neighbourhoods:choose_home": row("", OPEN),
    "neighbourhoods:administration": row("", ADMIN),
    "neighbourhoods:change_municipality": row("", ADMIN),
    "neighbourhoods:add_theme": row("", ADMIN),
    "neighbourhoods:change_theme": row("theme", ADMIN),
    "neighbourhoods:people": row("", ADMIN),
    "neighbourhoods:grant_role": row("", ADMIN),
    "neighbourhoods:end_role": row("membership", ADMIN),
    "neighbourhoods:log": row("", ADMIN),
    # proposals: reading and writing
    "proposals:list": row("", PUBLIC),
    "proposals:create": row("", OPEN),
    "proposals:detail": row("published", PUBLIC, PUBLIC),
    "proposals:edit": row("draft", "*:404 ria:200", "*:404 olga:200"),
    "proposals:invite": row("published", "*:403 ria:200", "*:403 olga:200"),
    "proposals:my_data": row("", OPEN),
    "proposals:photo": row("photo", "*:404 visitor:404 ria:200", "*:404 visitor:404 olga:200"),
    "proposals:photo_thumbnail": row("photo", "*:404 visitor:404 ria:200", "*:404 visitor:404 olga:200"),
    # proposals: support and talk
    "proposals:support": row("published", OPEN, OPEN, post=True),
    "proposals:unsupport": row("published", OPEN, OPEN, post=True),
    "proposals:join": row(
        "published", "*:302", "*:302"
    ),  # whoever may not is led back to the idea, with a word about it
    "proposals:leave": row("joined", "*:302 rob:200 ria:403", "*:302 rob:200 olga:403"),
    "proposals:comment": row("published", OPEN, OPEN),
    "proposals:report_comment": row("comment", OPEN, OPEN),
    "proposals:hide_comment": row("comment", "*:403 wim:200", "*:403 hans:200"),
    "proposals:keep_comment": row("comment", "*:403 wim:200", "*:403 hans:200", post=True),
    "proposals:reported_comments": row("", "*:403 wim:200 hans:200"),
    "proposals:worklist": row("", "*:403 wim:200 hans:200"),
    # proposals: steps
    "proposals:submit": row("draft", "*:404 ria:200", "*:404 olga:200"),
    "proposals:withdraw": row("published", "*:403 ria:200", "*:403 olga:200"),
    "proposals:answer": row("asked", "*:403 ria:200", "*:403 olga:200"),
    "proposals:publish": manager("submitted", private=True),
    "proposals:send_back": manager("submitted", private=True),
    "proposals:ask": manager("published"),
    "proposals:accept": manager("published"),
    "proposals:reject": manager("published"),
    "proposals:pass_over": manager("feasible"),
    "proposals:reopen": manager("infeasible"),
    "proposals:note": row("published", "*:403 wim:200 cora:200", "*:403 hans:200"),
    "proposals:start": manager("awarded"),
    "proposals:assign": manager("published"),
    "proposals:assess": manager("published"),
    "proposals:merge": manager("published"),
    "proposals:plan": manager("in_progress"),
    "proposals:replan": manager("milestone"),
    "proposals:reach": manager("milestone"),
    "proposals:report": row("in_progress", "*:403 wim:200 cora:200", "*:403 hans:200"),
    # budgets
    "budgets:town": row("", PUBLIC),
    "budgets:town_csv": row("", PUBLIC),
    "budgets:budgets_csv": row("", PUBLIC),
    "budgets:transfers_csv": row("", PUBLIC),
    "budgets:neighbourhood": row("wijk", PUBLIC, PUBLIC),
    "budgets:neighbourhood_csv": row("wijk", PUBLIC, PUBLIC),
    "budgets:neighbourhood_projects_csv": row("wijk", PUBLIC, PUBLIC),
    "budgets:budget": row("budget", PUBLIC, PUBLIC),
    "budgets:budget_csv": row("budget", PUBLIC, PUBLIC),
    "budgets:budget_projects_csv": row("budget", PUBLIC, PUBLIC),
    "budgets:create_budget": row("", FINANCE),
    "budgets:raise_budget": row("budget", FINANCE, FINANCE),
    "budgets:award": manager("feasible"),
    "budgets:spend": manager("in_progress"),
    "budgets:correct": manager("payment"),
    "budgets:finish": manager("in_progress"),
    "budgets:cancel": manager("in_progress"),
    # council
    "council:dashboard": row("", FOLLOWERS),
    "council:neighbourhoods_csv": row("", FOLLOWERS),
    "council:proposals_csv": row("", FOLLOWERS),
    "council:proposals": row("", FOLLOWERS),
    "council:projects": row("", FOLLOWERS),
    "council:projects_csv": row("", FOLLOWERS),
    "council:neighbourhood": row(
        "wijk",
        "*:403 wim:200 carla:200 aad:200 gijs:200 fien:200 bea:200",
        "*:403 hans:200 carla:200 gijs:200 fien:200 bea:200",
    ),
}


def urls_of_our_own():
    """Every name of the site's own addresses (allauth's are its own, tested in tests/accounts)."""
    names = set()

    def collect(patterns, namespaces):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if namespaces:
                    names.add(":".join([*namespaces, pattern.name]))
            else:
                collect(pattern.url_patterns, [*namespaces, *([pattern.namespace] if pattern.namespace else [])])

    collect(get_resolver().url_patterns, [])
    return names


def things(wijk, author, boss, helper, bea):
    """One of everything in `wijk`, by the name used in TABLE, as keyword arguments for the address."""
    budget = make_budget(wijk)
    made = {status: make_proposal(author, wijk, status, manager=boss, budget=budget) for status in STATUSES}
    asked = make_proposal(author, wijk, "published", manager=boss)
    actions.ask_question(asked, reason="Waar?", actor=boss, now=NOW)
    joined = make_proposal(author, wijk, "published", manager=boss)
    actions.join_proposal(joined, actor=helper, now=NOW)
    # Written by someone who isn't in the table: nobody judges their own reaction.
    comment = actions.add_comment(made["published"], text="Mooi", actor=make_user("Iemand"), now=NOW)
    from budgets.actions import record_payment

    payment = record_payment(
        made["in_progress"], amount_cents=100, reason="Hout", paid_on=NOW.date(), actor=boss, now=NOW
    )
    meeting = Meeting(neighbourhood=wijk, title="Overleg", starts_at=NOW.replace(year=2099), place="Buurthuis")
    places.save_meeting(meeting, actor=boss, now=NOW)
    round_ = Round(
        name="Ronde",
        ideas_from=NOW.replace(year=2099),
        ideas_until=NOW.replace(year=2099, month=11),
        check_until=NOW.replace(year=2099, month=12),
        choose_until=NOW.replace(year=2100),
    )
    places.save_round(round_, [wijk], actor=boss, now=NOW)
    photo = Photo(proposal=made["draft"], key=uuid.uuid4(), width=1, height=1)
    from django.core.files.base import ContentFile

    photo.image.save("x.jpg", ContentFile(b"\xff\xd8\xff"), save=False)
    photo.thumbnail.save("x.jpg", ContentFile(b"\xff\xd8\xff"), save=False)
    photo.save()
    rows = {name: {"pk": thing.pk} for name, thing in made.items()}
    return rows | {
        "": {},
        "wijk": {"slug": wijk.slug},
        "asked": {"pk": asked.pk},
        "joined": {"pk": joined.pk},
        "comment": {"pk": comment.pk},
        "milestone": {"pk": made["in_progress"].milestones.get().pk},
        "payment": {"pk": payment.pk},
        "meeting": {"pk": meeting.pk},
        "round": {"pk": round_.pk},
        "budget": {"pk": budget.pk},
        "photo": {"key": photo.key},
        "digest": {"digest": "abc"},
        "number": {"pk": 1},
        "theme": {"pk": Theme.objects.first().pk},
        "membership": {"pk": Membership.objects.get(user=boss).pk},
    }


def expected(spec, name):
    cells = dict(cell.split(":") for cell in spec.split())
    return int(cells.get(name) or ("302" if name == "visitor" else cells["*"]))


def asked_with(client, method, address):
    """The status of the answer; whatever it changed is undone."""
    with transaction.atomic():
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return status


def test_every_address_stands_in_the_table():
    assert urls_of_our_own() == set(TABLE)


def test_the_public_addresses_are_these_and_no_others():
    public = {name for name, (_, own, _, _) in TABLE.items() if "visitor:200" in own}
    assert public == {
        "neighbourhoods:home", "neighbourhoods:detail", "neighbourhoods:how_it_works", "neighbourhoods:accessibility",
        "neighbourhoods:privacy", "neighbourhoods:security_txt", "neighbourhoods:robots_txt", "proposals:list", "proposals:detail",
        "budgets:town", "budgets:town_csv", "budgets:budgets_csv", "budgets:transfers_csv", "budgets:neighbourhood",
        "budgets:neighbourhood_csv", "budgets:neighbourhood_projects_csv", "budgets:budget", "budgets:budget_csv",
        "budgets:budget_projects_csv",
    }  # fmt: skip


@pytest.fixture
def people(request):
    return {name: None if name == "visitor" else request.getfixturevalue(name) for name in PEOPLE}


@pytest.fixture
def world(people, centrum, haven):
    """Things in both wijken, and a third wijk where nobody is anything."""
    make_neighbourhood("Elders")
    own = things(centrum, people["ria"], people["wim"], people["rob"], people["bea"])
    other = things(haven, people["olga"], people["hans"], people["rob"], people["bea"])
    return {"own": own, "other": other}


def test_everyone_gets_what_the_table_says(people, world, client):
    wrong = []
    for person, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        for name, (thing, own, other, only_post) in TABLE.items():
            for place, spec in (("own", own), ("other", other)):
                if spec is None:
                    continue
                address, wanted = reverse(name, kwargs=world[place][thing]), expected(spec, person)
                got = asked_with(client, "get", address)
                if got != (405 if only_post and wanted == 200 else wanted) and not (only_post and got == 405):
                    wrong.append(f"GET {name} ({place} wijk) as {person}: {got}, not {wanted}")
                got = asked_with(client, "post", address)
                if wanted == 200:
                    if got not in {200, 302, 405, 409}:
                        wrong.append(f"POST {name} ({place} wijk) as {person}: {got}, not allowed though GET is")
                elif got not in {wanted, 405}:
                    wrong.append(f"POST {name} ({place} wijk) as {person}: {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_a_right_that_is_given_by_mistake_is_found(people, world, client, centrum):
    """Negative control: with a role too many, the table doesn't hold any more."""
    give_role(people["rob"], "neighbourhood_manager", centrum)
    client.force_login(people["rob"])
    address = reverse("proposals:publish", kwargs=world["own"]["submitted"])
    assert asked_with(client, "get", address) != expected(TABLE["proposals:publish"][1], "rob")
