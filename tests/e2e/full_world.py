"""A wijk in which everything that a page can show is there, and longer than anyone would like: words, names, amounts, addresses."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from budgets import actions as money
from neighbourhoods import actions as places
from neighbourhoods.geo import read_features, simplify
from neighbourhoods.models import Meeting, Neighbourhood, Round
from proposals import actions
from tests.factories import make_budget, make_proposal, make_user
from wijkportaal.images import read_photo

# The longest words that Dutch residents really write, an address without a space in it, and many lines.
LONG_WORD = "Meervoudigepersoonlijkheidsstoornissenvoorlichtingsbijeenkomst"
LONG_NAME = "Wilhelmina-Alexandrine van der Westerlaken-Hoogstratenbergermans"
LONG_TEXT = (
    f"{LONG_WORD}! Lees https://www.voorbeeld.example/heel/lang/adres/zonder/een/enkele/spatie/en/dat/gaat/maar/door?id=1234567890\n\n"
    + "Een bankje in de zon, waar iedereen even kan zitten. " * 8
)
MAP = "neighbourhoods/data/voorbeeldstad.geojson"
EVERY_STATUS = "draft submitted returned published feasible infeasible awarded in_progress completed cancelled withdrawn merged".split()


def photo_bytes(width=1200, height=900, colour=(60, 120, 80)):
    """A JPEG as a telephone makes it, but dull."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG", quality=60)
    return file.getvalue()


def safe_photo():
    return read_photo(SimpleUploadedFile("foto.jpg", photo_bytes(), "image/jpeg"))


def draw_borders(root):
    """Give each wijk that exists a border out of the demo's file, so that there is a map."""
    shapes = simplify(read_features((root / MAP).read_bytes()))
    for wijk, shape in zip(Neighbourhood.objects.order_by("pk"), shapes, strict=False):
        Neighbourhood.objects.filter(pk=wijk.pk).update(geometry=shape.geometry)


def fill(wijk, *, author, manager, helper, worker, officer):
    """Ideas of `author` in every status, one rich idea and one rich project. Returns Proposals by name."""
    now = timezone.now()
    today = timezone.localdate(now)
    day = datetime.timedelta(days=1)
    by = {"actor": manager, "now": now}
    budget = make_budget(
        wijk,
        amount_cents=123_456_789_00,
        actor=officer,
        now=now,
        name=f"{LONG_WORD}budget",
        starts_on=today - 30 * day,
        ends_on=today + 20 * day,
        decision_on=today - 40 * day,
        decision_url="https://raad.voorbeeld.example/besluiten/2026/begroting",
        rules=LONG_TEXT,
    )
    made = {
        status: make_proposal(author, wijk, status, manager=manager, budget=budget, now=now - day)
        for status in EVERY_STATUS
    }

    rich = {
        "what": LONG_TEXT,
        "why": LONG_TEXT,
        "place": "Hoek Burgemeester van Roijensingel en Stationsweg",
        "requested_cents": 1_234_567_89,
    }
    idea = make_proposal(
        author,
        wijk,
        "submitted",
        now=now - 60 * day,
        title=f"{LONG_WORD} in de wijk",
        photos=[(safe_photo(), "Een plein")] * 3,
        **rich,
    )
    actions.ask_question(idea, reason=LONG_TEXT, actor=manager, now=now - 50 * day)
    actions.answer_question(idea, reason=LONG_TEXT, actor=author, now=now - 49 * day)
    actions.publish_proposal(idea, actor=manager, now=now - 40 * day)
    made["idea"] = idea
    actions.join_proposal(idea, actor=make_user(LONG_NAME), now=now)
    actions.invite(
        idea, emails=[helper.email, "iemand.met.een.lang.adres@voorbeeldorganisatie.example"], actor=author, now=now
    )
    for supporter in (helper, worker):
        actions.support_proposal(idea, actor=supporter, now=now)
    for number in range(22):
        actions.add_comment(idea, text=f"Reactie {number}", actor=helper, now=now - (30 - number) * day)
    first = actions.add_comment(idea, text=LONG_TEXT, actor=make_user(LONG_NAME), now=now)
    actions.add_comment(idea, text=LONG_TEXT, parent=first, actor=helper, now=now)
    hidden = actions.add_comment(idea, text="Onaardig", actor=helper, now=now)
    actions.hide_comment(hidden, reason="Dit is niet aardig.", **by)
    actions.report_comment(first, reason="Te lang.", actor=worker, now=now)
    idea.refresh_from_db()
    actions.assign_assessment(idea, assessor=worker, **by)
    actions.assess_proposal(
        idea, version=idea.version, estimated_cents=9_876_543_21, technical="yes", technical_note=LONG_TEXT, legal="conditions",
        legal_note=LONG_TEXT, land_owner=LONG_NAME, upkeep=LONG_TEXT, cost_note=LONG_TEXT, **by,
    )  # fmt: skip
    actions.ask_question(idea, reason=LONG_TEXT, **by)

    project = make_proposal(
        author,
        wijk,
        "awarded",
        manager=manager,
        budget=budget,
        now=now - 20 * day,
        title=f"Project {LONG_WORD}",
        **rich,
    )
    for number, days in enumerate([0, 9, -8]):  # the last one is late
        promise = {"title": f"Stap {number} {LONG_WORD}", "promised_on": today + days * day}
        actions.plan_milestone(project, **promise, actor=manager, now=now - 19 * day)
    actions.start_project(project, actor=manager, now=now - 19 * day)
    steps = list(project.milestones.order_by("pk"))
    actions.replan_milestone(steps[1], promised_on=today + 3 * day, reason=LONG_TEXT[:250], **by)
    actions.reach_milestone(steps[0], **by)
    actions.report_progress(project, text=LONG_TEXT, photos=[(safe_photo(), "De bouwplaats")] * 2, **by)
    for cents in (12_345, 999, 40_000):
        paid = money.record_payment(project, amount_cents=cents, reason=f"Hout en {LONG_WORD}", paid_on=today, **by)
    money.reverse_payment(paid, reason="Te veel.", **by)
    made["project"] = project

    for number in range(2):
        meeting = Meeting(
            neighbourhood=wijk, title=f"Wijkteam {LONG_WORD}", starts_at=now + (number + 1) * day, place=LONG_NAME
        )
        places.save_meeting(meeting, **by)
    round_ = Round(
        name=f"Ronde {LONG_WORD}"[:80],
        ideas_from=now - day,
        ideas_until=now + day,
        check_until=now + 2 * day,
        choose_until=now + 3 * day,
    )
    places.save_round(round_, [wijk], **by)
    return made
