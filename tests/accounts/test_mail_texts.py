"""Every mail of the portal, in both languages: a subject of one line, a greeting, one link, nothing left untranslated or escaped."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from accounts.mail import queue_mail
from accounts.models import Mail
from neighbourhoods.actions import end_role, grant_role
from neighbourhoods.models import Role
from proposals import actions
from proposals.models import Proposal
from tests.factories import make_proposal, make_user

TEMPLATES = sorted(
    path.stem for path in (settings.BASE_DIR / "templates" / "mail").glob("*.txt") if path.stem != "layout"
)
NASTY = 'Bankje & "boom" <b>\r\nBcc: iedereen@example.org'
REASON = "Dit is <de> reden & meer.\nTweede regel."


@pytest.fixture
def things(ria, wim, rob, centrum, published):
    other = make_proposal(rob, centrum, "published", manager=wim, title="Ander bankje")
    Proposal.objects.filter(pk=published.pk).update(title=NASTY)
    published.refresh_from_db()
    published.merged_into = other
    data = {"title": NASTY, "into": other.pk, "from": other.pk, "promised_on": "2026-11-05", "amount_cents": 120000}
    return {
        "proposal": published,
        "event": SimpleNamespace(reason=REASON, data=data, actor=rob),
        "comment": SimpleNamespace(author=rob, text=REASON, hidden_reason="Scheldwoorden."),
        "invitation": SimpleNamespace(invited_by=rob),
        "membership": SimpleNamespace(
            role=Role.NEIGHBOURHOOD_MANAGER,
            neighbourhood=centrum,
            starts_on=datetime.date(2026, 10, 1),
            ends_on=datetime.date(2026, 12, 31),
        ),
    }


def render(name, things, recipient, now):
    queue_mail(name, [recipient], about="test:1", now=now, **things)
    return Mail.objects.get(about="test:1")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_each_mail_is_whole_in_both_languages(name, language, things, now):
    mail = render(name, things, make_user("Noor & Zoë", "noor@example.org", language=language), now)
    assert mail.subject
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    assert mail.body.startswith("Beste Noor & Zoë,\n" if language == "nl" else "Dear Noor & Zoë,\n")
    assert mail.body.rstrip().endswith(
        "Gemeente Voorbeeldstad" if language == "nl" else "Municipality of Voorbeeldstad"
    )
    assert len(re.findall(r"https?://", mail.body)) == 1
    assert f"{settings.SITE_URL}/{'en/' if language == 'en' else ''}" in mail.body
    whole = mail.subject + mail.body
    for artefact in ("&amp;", "&lt;", "&quot;", "&#", "{{", "{%", "%(", "None", "\n\n\n"):
        assert artefact not in whole
    assert "\nBcc:" not in whole, "a title can't start a line of its own"
    if "event.reason" in source_of(name):
        assert "> Dit is <de> reden & meer.\n> Tweede regel." in mail.body


def source_of(name):
    return Path(settings.BASE_DIR, "templates", "mail", f"{name}.txt").read_text()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_dutch_differs_from_the_english(name, things, now):
    dutch = render(name, things, make_user("Noor"), now)
    Mail.objects.all().delete()
    english = render(name, things, make_user("Noor", language="en"), now)
    assert dutch.subject != english.subject
    shared = set(sentences(dutch.body)) & set(sentences(english.body))
    assert not shared, "untranslated"


def sentences(body):
    lines = [line for line in body.splitlines() if line and not line.startswith((">", "http"))]
    return [line for line in lines if "Voorbeeldstad" not in line]


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_dutch_is_short_and_polite(name, things, now):
    things["proposal"].title = things["event"].data["title"] = "Bankje"
    body = render(name, things, make_user("Noor"), now).body
    for sentence in re.split(r"(?<=[.!?:])\s+", body):
        assert len(sentence.split()) <= 22, sentence
    assert not re.search(r"\b(je|jij|jouw|jullie|indienen|middels|dient te|participatie|draagvlak)\b", body.lower())


def test_a_plain_address_is_greeted_without_a_name(things, now):
    mail = render("invitation", things, "buur@example.org", now)
    assert mail.body.startswith("Beste bewoner,\n")
    assert mail.recipient is None


@pytest.mark.parametrize("verb", sorted(actions.TOLD_TO_INITIATORS))
def test_every_step_that_is_told_has_a_text(verb):
    assert f"proposal_{verb}" in TEMPLATES


@pytest.mark.parametrize("verb", sorted(actions.TOLD_TO_MANAGERS))
def test_every_step_that_managers_hear_has_a_text(verb):
    assert f"manager_{verb}" in TEMPLATES


def test_who_sends_in_an_idea_gets_a_confirmation_and_the_manager_hears_it(ria, wim, centrum):
    make_proposal(ria, centrum, "submitted", title="Bankje bij de vijver")
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert mails.keys() == {ria.email, wim.email}
    assert "Bankje bij de vijver" in mails[ria.email].subject
    assert "Centrum" in mails[wim.email].subject


def test_roles_are_told_to_who_gets_them(ria, bea, centrum, now):
    day = datetime.date(2026, 10, 1)
    membership = grant_role(user=ria, role=Role.TEAM_MEMBER, neighbourhood=centrum, starts_on=day, actor=bea, now=now)
    end_role(membership, ends_on=day, actor=bea, now=now)
    granted, ended = Mail.objects.filter(to=ria.email).order_by("id")
    assert "rol in het Wijkportaal: " in granted.body
    assert "1 oktober 2026" in granted.body
    assert "Centrum" in ended.body
