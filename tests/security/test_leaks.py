"""What isn't published, is internal or was hidden, is found by nobody who may not see it: not on a page, in a file, or in a mail.

Every page is read by everyone, and the words that give each secret away are looked for. Who may see it does find it.
"""

import csv
import io
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import Mail
from proposals import actions
from proposals.models import Comment, Photo, Proposal
from proposals.workflow import Status
from tests.factories import NOW, make_proposal
from tests.security.browsing import browsers, forms_of
from tests.test_matrix import TABLE
from wijkportaal.search import index_text

# Each secret: who may read it. Rob joined the idea of `joined`; nobody joined these.
MAY_READ = {
    "geheimconcept": {"ria"},
    "geheimingestuurd": {"ria", "wim", "cora"},
    "geheimterug": {"ria", "wim", "cora"},
    "geheimnotitie": {"wim", "cora"},
    "geheimverborgen": {
        "olga",
        "ria",
    },  # in the file with one's own data: who wrote it, and who got it by mail before it was hidden
    "geheimmelding": {"wim", "rob"},  # why a comment was reported: the manager's list, and one's own data
    "geheimsamen": {"ria", "wim", "cora"},  # never published, and gone on in another idea
}


def secret_idea(ria, wijk, word, status, manager):
    idea = make_proposal(
        ria,
        wijk,
        status,
        manager=manager,
        title=f"{word} titel",
        what=f"{word} wat",
        why=f"{word} waarom",
        place=f"{word} plek",
    )
    photo = Photo(proposal=idea, width=1, height=1, alt=f"{word} foto")
    photo.image.save("x.jpg", ContentFile(b"\xff\xd8" + word.encode()), save=False)
    photo.thumbnail.save("x.jpg", ContentFile(b"\xff\xd8" + word.encode()), save=False)
    photo.save()
    return idea


@pytest.fixture
def secrets(world, people, centrum):
    """The world of the matrix with a secret of each kind in Centrum; gives {word: the idea it is about}."""
    wim, ria = people["wim"], people["ria"]
    found = {
        "geheimconcept": secret_idea(ria, centrum, "geheimconcept", "draft", wim),
        "geheimingestuurd": secret_idea(ria, centrum, "geheimingestuurd", "submitted", wim),
        "geheimterug": secret_idea(ria, centrum, "geheimterug", "returned", wim),
        "geheimsamen": secret_idea(ria, centrum, "geheimsamen", "submitted", wim),
    }
    published = Proposal.objects.get(pk=world["own"]["published"]["pk"])
    actions.merge_proposals(found["geheimsamen"], into=published, reason="Hetzelfde.", actor=wim, now=NOW)
    actions.write_note(published, reason="geheimnotitie", actor=wim, now=NOW)
    hidden = actions.add_comment(published, text="geheimverborgen", actor=people["olga"], now=NOW)
    actions.hide_comment(hidden, reason="Het noemt iemand.", actor=wim, now=NOW)
    other = Comment.objects.get(pk=world["own"]["comment"]["pk"])
    actions.report_comment(other, reason="geheimmelding", actor=people["rob"], now=NOW)
    return found | {"geheimnotitie": published, "geheimverborgen": published, "geheimmelding": published}


def found_in(body, words):
    """Those of `words` that an answer gives away, not counting what the reader asked for."""
    text = body.decode(errors="replace")
    return {word for word in words if word in text}


def every_address(world, secrets):
    """All addresses of the site, and those of the secret ideas and their photos."""
    addresses = [reverse(name, kwargs=world["own"][thing]) for name, (thing, *_rest) in TABLE.items()]
    for idea in {idea.pk: idea for idea in secrets.values()}.values():
        addresses += [reverse(f"proposals:{name}", args=[idea.pk]) for name in PAGES_OF_AN_IDEA]
        addresses += [address for photo in idea.photos.all() for address in (photo.url, photo.thumbnail_url)]
    return list(dict.fromkeys(addresses))


PAGES_OF_AN_IDEA = ["detail", "edit", "comment", "send_back", "merge"]


def test_nobody_finds_what_is_not_theirs_to_see(world, people, secrets):
    addresses = every_address(world, secrets)
    leaks, seen = [], {word: set() for word in MAY_READ}
    for person, browser in browsers(people).items():
        forbidden = {word for word, may in MAY_READ.items() if person not in may}
        others = [user.email for name, user in people.items() if user and name != person]
        for address in addresses:
            response = browser.get(address)
            found = found_in(response.body, MAY_READ)
            leaks += [f"{address} shows {word} to {person}" for word in found & forbidden]
            # Addresses are between people and the site; only the administrator reads them, to tell two people of one name apart.
            leaks += [
                f"{address} shows {email} to {person}" for email in found_in(response.body, others) if person != "bea"
            ]
            for word in found - forbidden:
                seen[word].add(person)
    assert not leaks, "\n".join(leaks)
    # Positive control: who may, does.
    assert seen == MAY_READ


def test_a_search_finds_only_what_one_may_see(world, people, secrets):
    """A count, an empty list or another order gives away as much as a title does."""
    for idea in secrets.values():
        Proposal.objects.filter(pk=idea.pk).update(search_text=index_text(idea.title, idea.what))
    for person, browser in browsers(people).items():
        for word in ("geheimconcept", "geheimingestuurd", "geheimterug", "geheimsamen"):
            answers = []
            for query in (word, word[::-1]):
                body = browser.get(reverse("proposals:list"), {"q": query}).body.decode()
                answers.append(body.replace(query, "…"))
            assert answers[0] == answers[1], f"{person} learns about {word}"


def test_drafts_are_not_counted_anywhere(world, people, secrets, centrum):
    """Figures of a wijk are the same before and after someone began to write."""
    addresses = [reverse("neighbourhoods:home"), reverse("neighbourhoods:detail", args=[centrum.slug]), reverse("proposals:list"), reverse("budgets:town"),
                 reverse("council:dashboard"), reverse("council:neighbourhood", args=[centrum.slug]), reverse("council:neighbourhoods_csv"),
                 reverse("council:proposals_csv"), reverse("proposals:worklist")]  # fmt: skip
    mine = browsers({"visitor": None, "carla": people["carla"], "wim": people["wim"]})

    def look():
        return {
            (person, address): plain(browser.get(address).body)
            for person, browser in mine.items()
            for address in addresses
        }

    before = look()
    make_proposal(people["rob"], centrum, "draft", title="Nog een begin")
    assert look() == before


def plain(body):
    """A page without its tokens, which differ each time."""
    return re.sub(rb'name="(csrfmiddlewaretoken|key)" value="[^"]*"', b"", body)


def test_photos_of_what_is_not_public_are_not_kept_by_browsers_in_between(world, people, secrets):
    photo = secrets["geheimconcept"].photos.get()
    mine = browsers(people)
    for person, browser in mine.items():
        response = browser.get(photo.url)
        assert response.status_code == (200 if person == "ria" else 404), person
    response = mine["ria"].get(photo.url)
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


def test_a_kept_page_never_holds_what_a_signed_in_person_saw(world, people, secrets, settings):
    settings.PAGE_CACHE_SECONDS = 60
    mine = browsers(people)
    for address in (reverse("proposals:list"), reverse("proposals:detail", args=[secrets["geheimnotitie"].pk])):
        assert mine["wim"].get(address).status_code == 200
        body = mine["visitor"].get(address).body.decode()
        assert "geheimnotitie" not in body
        assert people["wim"].email not in body
        assert "csrfmiddlewaretoken" not in body
    assert (
        mine["wim"]
        .get(reverse("proposals:detail", args=[secrets["geheimnotitie"].pk]))
        .body.decode()
        .count("geheimnotitie")
    )


def test_files_of_the_council_name_no_unpublished_idea(world, people, secrets):
    rows = list(
        csv.reader(
            io.StringIO(
                browsers({"carla": people["carla"]})["carla"]
                .get(reverse("council:proposals_csv"))
                .body.decode("utf-8-sig")
            ),
            delimiter=";",
        )
    )
    numbers = {row[0] for row in rows}
    assert str(secrets["geheimingestuurd"].pk) in numbers, "it is counted"
    assert str(secrets["geheimconcept"].pk) not in numbers
    assert not [row for row in rows if any("geheim" in cell for cell in row)]


def test_mails_tell_secrets_to_nobody_else(world, people, secrets):
    by_address = {user.email: name for name, user in people.items() if user}
    for mail in Mail.objects.all():
        person = by_address.get(mail.to, mail.to)
        for word, may in MAY_READ.items():
            if word in mail.subject + mail.body:
                assert person in may, f"{word} was mailed to {person}: {mail.subject}"
    told = {by_address.get(mail.to) for mail in Mail.objects.filter(body__contains="geheimingestuurd")}
    assert told == {"ria", "wim"}


def test_ones_own_file_has_nothing_of_others(world, people, secrets):
    for person, browser in browsers(people).items():
        if person == "visitor":
            continue
        about = json.loads(browser.get(reverse("proposals:my_data")).body)
        assert about["account"]["email"] == people[person].email
        assert {mail["subject"] for mail in about["mails"]} == set(
            Mail.objects.filter(to=people[person].email).values_list("subject", flat=True)
        )
        text = json.dumps({name: part for name, part in about.items() if name not in {"mails", "invitations_by_you"}})
        others = [user.email for name, user in people.items() if user and name != person]
        assert not [email for email in others if email in text]


def test_forms_offer_no_idea_that_is_secret(world, people, secrets):
    """The list of ideas to merge with, the people to assign to: a choice is a leak too."""
    browser = browsers({"wim": people["wim"]})["wim"]
    page = browser.get(reverse("proposals:merge", kwargs=world["own"]["published"]))
    form = next(form for form in forms_of(page.content.decode()) if form.method == "post")
    offered = set(map(int, form.inputs["into"].choices)) if "into" in form.inputs else set()
    statuses = set(Proposal.objects.filter(pk__in=offered).values_list("status", flat=True))
    assert not statuses & {Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.WITHDRAWN}
