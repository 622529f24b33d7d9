"""Whatever people write is shown as they wrote it, and never becomes part of a page, a file or the head of a mail.

A page is read with harmless words first: its elements and attributes are then all that it may have, whatever the words are.
"""

import csv
import io
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.template import engines
from django.urls import reverse

from accounts.models import Mail
from budgets.models import Award, Budget, Transfer
from neighbourhoods.models import Meeting, Municipality, Neighbourhood, NeighbourhoodEvent, Round, Theme
from proposals import actions
from proposals.models import (
    Assessment,
    Comment,
    CommentReport,
    Milestone,
    Photo,
    ProgressNote,
    Proposal,
    ProposalEvent,
)
from tests.factories import NOW
from tests.security.browsing import browsers
from wijkportaal import append_only

MARK = "kwaad"
PAYLOADS = [
    "<script>kwaad()</script>", "<script src=//kwaad.example></script>", "</title><script>kwaad()</script>", "<img src=x onerror=kwaad()>",
    "<svg onload=kwaad()>", "<svg/onload=kwaad()//", "<body onload=kwaad()>", "<iframe src=javascript:kwaad()>", "<a href=javascript:kwaad()>x</a>",
    "<a href='data:text/html,kwaad'>x</a>", "javascript:kwaad()", "JaVaScRiPt:kwaad()//http://a.nl", "data:text/html;base64,kwaad",
    "vbscript:kwaad()", "http://a.nl/\"onmouseover=\"kwaad()", "http://a.nl/'onmouseover='kwaad()", "https://a.nl/<script>kwaad()</script>",
    "www.a.nl\"><script>kwaad()</script>", "kwaad@a.nl\"onclick=\"kwaad()", "mailto:kwaad@a.nl?subject=<b>", "\" autofocus onfocus=\"kwaad()",
    "' autofocus onfocus='kwaad()", "\"><img src=x onerror=kwaad()>", "'><img src=x onerror=kwaad()>", "</textarea><script>kwaad()</script>",
    "</option></select><script>kwaad()</script>", "</style><script>kwaad()</script>", "--><script>kwaad()</script>", "<!--kwaad", "]]><kwaad>",
    "<math><mi//xlink:href=\"data:x,kwaad\">", "<table background=javascript:kwaad()>", "<object data=kwaad>", "<embed src=kwaad>", "<link rel=x href=kwaad>",
    "<meta http-equiv=refresh content='0;url=kwaad'>", "<base href=//kwaad>", "<form action=//kwaad><button>x", "<input onfocus=kwaad() autofocus>",
    "<details open ontoggle=kwaad()>", "<video><source onerror=kwaad()>", "<audio src=x onerror=kwaad()>", "<marquee onstart=kwaad()>", "<kwaad contenteditable>",
    "<style>@import'//kwaad'</style>", "<p style=x:kwaad>", "<template><kwaad></template>", "<noscript><p title=\"</noscript><kwaad>\">", "{{ kwaad }}",
    "{% include 'kwaad' %}", "{{7*7}}${kwaad}#{kwaad}", "%3Cscript%3Ekwaad%3C/script%3E", "&lt;script&gt;kwaad&lt;/script&gt;", "&#60;kwaad&#62;",
    "\\u003ckwaad\\u003e", "+ADw-kwaad+AD4-", "＜kwaad＞", "<\u200bkwaad>", "<kwaad\tx=1>", "<ScRiPt>kwaad</sCrIpT>", "=kwaad|' /C calc'!A0", "@SUM(kwaad)",
]  # fmt: skip
HARMLESS = "kwaad maar gewoon"
# Made by urlize for what looks like an address.
MADE_OF_WORDS = {("a", "href"), ("a", "rel"), ("p", None), ("br", None), ("a", None)}


class Structure(HTMLParser):
    """Of a page: its elements with their attributes, its text, and what must never be there."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.text, self.faults, self.inside = set(), [], [], None

    def handle_starttag(self, tag, pairs):
        self.inside = tag if tag in {"script", "style"} else None
        self.parts.add((tag, None))
        for name, value in pairs:
            self.parts.add((tag, name))
            words = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in {"style", "srcdoc", "background", "formaction", "http-equiv"}:
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in {"href", "src", "action", "data", "poster", "srcset"}:
                if words.startswith(("javascript:", "vbscript:")) or (words.startswith("data:") and tag != "img"):
                    self.faults.append(f"<{tag} {name}={value!r}>")
                if words.startswith("//"):
                    self.faults.append(f"<{tag} {name}={value!r}>")
            self.text.append(value or "")

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        if self.inside and MARK in data:
            self.faults.append(f"<{self.inside}>{data[:80]!r}")
        self.text.append(data)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_comment(self, data):
        if MARK in data:
            self.faults.append(f"<!--{data[:80]}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html):
    structure = Structure()
    structure.feed(html)
    structure.close()
    return structure


def grown(before, after):
    """What the words added to the page that only a template may add."""
    return sorted(f"<{tag} {name or ''}>" for tag, name in after.parts - before.parts - MADE_OF_WORDS)


# --- The fields ------------------------------------------------------------------------------------------------------

# Every text that people can write, by model. `role_labels` is filled in apart.
TEXTS = {
    Proposal: ["title", "what", "why", "place", "area", "source"],
    Comment: ["text"],
    CommentReport: ["reason"],
    Assessment: ["technical_note", "legal_note", "land_owner", "upkeep", "cost_note"],
    Milestone: ["title", "late_reason"],
    ProgressNote: ["text"],
    Photo: ["alt"],
    ProposalEvent: ["reason"],
    Meeting: ["title", "place", "agenda"],
    Round: ["name", "about"],
    Theme: ["name", "description"],
    Municipality: ["name", "welcome", "contact_phone"],
    Neighbourhood: ["name", "about"],
    NeighbourhoodEvent: ["reason"],
    Budget: ["name", "decision_title", "decision_number", "rules"],
    Transfer: ["reason"],
    Award: ["decided_by", "reason"],
}
SHOWN_NOWHERE = {"source", "area"}
# Texts that aren't shown to anyone: identifiers, addresses, what the site itself writes.
NOT_WRITTEN_BY_PEOPLE = {
    "status", "search_text", "source_id", "slug", "code", "kind", "role", "actor_role", "from_status", "to_status", "technical", "legal", "image",
    "thumbnail", "email", "contact_email", "decision_url", "cancel_reason", "hidden_reason",
}  # fmt: skip


def test_no_field_of_text_is_forgotten_here():
    missing = []
    for model, names in TEXTS.items():
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.FileField)
            if is_text and field.name not in names and field.name not in NOT_WRITTEN_BY_PEOPLE:
                missing.append(f"{model.__name__}.{field.name}")
    assert not missing


def words_for(field, turn):
    """As many payloads as fit, beginning with another one each turn; for the long texts all of them."""
    longest = getattr(field, "max_length", None) or 4000
    longest = 4000 if longest > 1000 else longest
    chosen = ""
    for number in range(len(PAYLOADS)):
        payload = PAYLOADS[(turn + number) % len(PAYLOADS)]
        if len(chosen) + len(payload) + 1 <= longest:
            chosen += payload + " "
        elif longest < 1000:
            break
    return chosen.strip() or PAYLOADS[turn % len(PAYLOADS)][:longest]


def write_everywhere(people, words):
    """Put `words(field)` in every text of the world, past the actions: what is stored is what matters here."""
    for model, names in TEXTS.items():
        change = {name: words(model._meta.get_field(name)) for name in names if name not in SHOWN_NOWHERE}
        rows = model._base_manager.all()
        if model is Theme or model is Neighbourhood:
            for number, row in enumerate(rows.order_by("pk")):
                fits = model._meta.get_field("name").max_length - 3
                rows.filter(pk=row.pk).update(**change | {"name": f"{change['name'][:fits]} {number}"})
        else:
            rows.update(**change)
    name = words(people["ria"]._meta.get_field("name"))
    type(people["ria"])._base_manager.update(name=name)
    labels = {"neighbourhood_manager": name[:40], "resident": name[:40], "councillor": name[:40]}
    Municipality.objects.update(role_labels=labels)
    for event in ProposalEvent.objects.filter(kind__in=["merge", "receive", "plan", "reach"]):
        ProposalEvent._base_manager.filter(pk=event.pk).update(data={**event.data, "title": name})


READERS = {
    "visitor": ["neighbourhoods:home", "neighbourhoods:detail", "proposals:list", "proposals:detail", "budgets:town", "budgets:neighbourhood", "budgets:budget"],
    "ria": ["accounts:me", "proposals:create", "proposals:edit", "proposals:invite", "proposals:comment", "neighbourhoods:choose_home", "accounts:profile"],
    "rob": ["proposals:detail", "proposals:report_comment", "proposals:leave"],
    "wim": [
        "proposals:worklist", "proposals:reported_comments", "proposals:assess", "proposals:merge", "proposals:plan", "proposals:replan", "proposals:reach",
        "proposals:report", "proposals:assign", "proposals:hide_comment", "proposals:ask", "proposals:detail", "budgets:award", "budgets:spend", "budgets:correct",
        "budgets:finish", "neighbourhoods:change_meeting", "neighbourhoods:cancel_meeting", "neighbourhoods:plan_round", "neighbourhoods:change_round",
        "accounts:me",
    ],
    "carla": ["council:dashboard", "council:neighbourhood"],
    "bea": [
        "neighbourhoods:administration", "neighbourhoods:people", "neighbourhoods:log", "neighbourhoods:change_municipality", "neighbourhoods:change_theme",
        "neighbourhoods:grant_role", "neighbourhoods:end_role", "budgets:create_budget", "budgets:raise_budget",
    ],
}  # fmt: skip
# Pages of an idea differ by its status: these are read too.
STATUSES_READ = ["returned", "infeasible", "awarded", "in_progress", "asked"]


def addresses(world, person, names):
    from tests.test_matrix import TABLE

    for name in names:
        thing = TABLE[name][0]
        yield reverse(name, kwargs=world["own"][thing])
    if "proposals:detail" in names:
        for thing in STATUSES_READ:
            if thing != "returned" or person == "wim":
                yield reverse("proposals:detail", kwargs=world["own"][thing])
    if "proposals:list" in names or "proposals:merge" in names or person == "carla":
        thing = {"visitor": "proposals:list", "carla": "council:dashboard"}.get(person, "proposals:worklist")
        yield reverse(thing) + "?q=kwaad&wijk=kwaad&neighbourhood=kwaad&status=kwaad"
    if "budgets:town" in names:
        yield reverse("budgets:town") + "?figure=all"


@pytest.fixture
def written(world, people, settings):
    """More of everything that is read, and tables that can be written over."""
    settings.PAGE_CACHE_SECONDS = 0
    published = Proposal.objects.get(pk=world["own"]["published"]["pk"])
    running = Proposal.objects.get(pk=world["own"]["in_progress"]["pk"])
    comment = Comment.objects.get(pk=world["own"]["comment"]["pk"])
    actions.add_comment(published, text="Ja", parent=comment, actor=people["olga"], now=NOW)
    hidden = actions.add_comment(published, text="Nee", actor=people["olga"], now=NOW)
    actions.hide_comment(hidden, reason="Naam", actor=people["wim"], now=NOW)
    actions.report_comment(comment, reason="Naar", actor=people["olga"], now=NOW)
    note = actions.report_progress(running, text="Nieuws", actor=people["wim"], now=NOW)
    actions.write_note(published, reason="Intern", actor=people["wim"], now=NOW)
    actions.invite(published, emails=["nieuw@example.org"], actor=people["ria"], now=NOW)
    actions.assess_proposal(
        published,
        version=published.version,
        estimated_cents=1,
        technical_note="x",
        legal_note="x",
        land_owner="x",
        upkeep="x",
        cost_note="x",
        actor=people["wim"],
        now=NOW,
    )
    Milestone.objects.filter(proposal=running).update(
        promised_on="2026-10-02", first_promised_on="2026-10-02", late_reason="Laat"
    )
    photo = Photo.objects.get(key=world["own"]["photo"]["key"])
    photo.pk, photo.key, photo.proposal = None, "00000000-0000-0000-0000-000000000001", published
    photo.save()
    photo.pk, photo.key, photo.proposal, photo.progress_note = (
        None,
        "00000000-0000-0000-0000-000000000002",
        running,
        note,
    )
    photo.save()
    append_only.remove()
    yield world
    append_only.install()


def test_what_people_write_never_becomes_part_of_a_page(written, people):
    readers = {person: browser for person, browser in browsers(people).items() if person in READERS}
    walk = [(person, address) for person, names in READERS.items() for address in addresses(written, person, names)]

    def look():
        pages = {}
        for person, address in walk:
            response = readers[person].get(address)
            assert response.status_code in {200, 302}, (
                f"{address} as {person}: {response.status_code} {readers[person].failures}"
            )
            pages[person, address] = read(response.content.decode())
        return pages

    write_everywhere(people, lambda field: (HARMLESS + " http://a.nl/ a@a.nl")[: field.max_length])
    before = look()
    shown = set()
    for turn in range(0, len(PAYLOADS), 2 if os.environ.get("PROOF") == "1" else 12):
        write_everywhere(people, lambda field, turn=turn: words_for(field, turn))
        for place, page in look().items():
            assert not page.faults, f"{place}: {page.faults}"
            assert not grown(before[place], page), f"{place}: {grown(before[place], page)}"
            text = " ".join(page.text)
            shown |= {payload for payload in PAYLOADS if payload in text}
    # Positive control: nearly all were really on some page, word for word. (Addresses are cut off where a link is made of them.)
    assert len(shown) > 0.9 * len(PAYLOADS), set(PAYLOADS) - shown


def test_the_look_at_a_page_finds_each_payload_that_is_not_escaped():
    """Negative control: the same look at a template without escaping."""
    page = '<html><title>{{ w }}</title><p title="{{ w }}" class=\'{{ w }}\'>{{ w }}</p><a href="{{ w }}">x</a><textarea>{{ w }}</textarea></html>'
    template = engines["django"].from_string("{% autoescape off %}" + page + "{% endautoescape %}")
    clean = read(template.render({"w": "gewoon"}))
    harmless = {
        payload for payload in PAYLOADS if not re.search(r"[<>\"']|^(java|vb)script:|^data:", payload, re.IGNORECASE)
    }
    missed = []
    for payload in set(PAYLOADS) - harmless:
        found = read(template.render({"w": payload}))
        if not (found.faults or found.parts - clean.parts):
            missed.append(payload)
    assert not set(missed) - {"<!--kwaad", "＜kwaad＞", "<\u200bkwaad>", "=kwaad|' /C calc'!A0"}, missed


def test_what_was_typed_and_refused_comes_back_escaped(written, people, town):
    """Error pages of forms and empty results of a search show the words again."""
    browser, words = browsers({"wim": people["wim"], "ria": people["ria"], "bea": people["bea"]}), " ".join(PAYLOADS)
    found = []
    for person, name in (
        ("ria", "proposals:create"),
        ("wim", "proposals:plan"),
        ("bea", "neighbourhoods:add_theme"),
        ("bea", "neighbourhoods:grant_role"),
        ("wim", "neighbourhoods:plan_meeting"),
        ("ria", "proposals:invite"),
        ("bea", "neighbourhoods:change_municipality"),
    ):
        from tests.security.browsing import forms_of
        from tests.test_matrix import TABLE

        address = reverse(name, kwargs=written["own"][TABLE[name][0]])
        before = browser[person].get(address)
        form = next(form for form in forms_of(before.content.decode()) if form.method == "post")
        empty = read(browser[person].post(address, dict.fromkeys(form.names, "x" * 5000)).content.decode())
        files = {
            field: SimpleUploadedFile(f"{PAYLOADS[3]}.jpg", b"x")
            for field in form.names
            if form.inputs[field].kind == "file"
        }
        page = read(browser[person].post(address, dict.fromkeys(form.names, words) | files).content.decode())
        found += page.faults + grown(empty, page)
    for name in ("proposals:list", "proposals:worklist", "budgets:town"):
        address = reverse(name)
        empty, page = (
            read(browser["wim"].get(address, {"q": w, "page": w, "wijk": w, "figure": w}).content.decode())
            for w in ("zzzz", words[:900])
        )
        found += page.faults + grown(empty, page)
    assert not found


def test_the_name_of_a_file_is_forgotten(world, people, tmp_path):
    from wijkportaal.images import SafePhoto

    assert "name" not in SafePhoto.__dataclass_fields__
    for photo in Photo.objects.all():
        assert re.fullmatch(r"photos/[0-9a-f]{32}\.jpg", photo.image.name)


# --- Files and mails -------------------------------------------------------------------------------------------------


def test_files_give_the_words_as_data(written, people):
    write_everywhere(people, lambda field: words_for(field, 0))
    mine = browsers({"wim": people["wim"], "ria": people["ria"]})
    answer = mine["ria"].get(reverse("proposals:my_data"))
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert PAYLOADS[0] in json.loads(answer.body)["ideas"][0]["title"]
    for name, kwargs in (
        ("budgets:transfers_csv", {}),
        ("budgets:budgets_csv", {}),
        ("budgets:town_csv", {}),
        ("council:projects_csv", {}),
        ("council:proposals_csv", {}),
        ("budgets:neighbourhood_projects_csv", written["own"]["wijk"]),
    ):
        for start in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"):
            write_everywhere(people, lambda field, start=start: (start + " kwaad")[: field.max_length])
            answer = mine["wim"].get(reverse(name, kwargs=kwargs))
            assert answer["Content-Type"].startswith("text/csv")
            assert answer["Content-Disposition"].startswith("attachment")
            rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), delimiter=";"))
            assert len({len(row) for row in rows}) == 1, name
            cells = [cell for row in rows for cell in row if MARK in cell]
            assert cells, name
            assert all(cell.startswith("'") for cell in cells), (name, cells[:3])


def test_mails_are_plain_text_with_one_line_of_subject(world, people):
    proposal = Proposal.objects.get(pk=world["own"]["published"]["pk"])
    odd = "Bankje\r\nBcc: ander@example.org <script>kwaad()</script>"
    Proposal.objects.filter(pk=proposal.pk).update(title=odd)
    type(people["rob"]).objects.filter(pk=people["rob"].pk).update(name="Rob\r\nBcc: x@example.org")
    rob = type(people["rob"]).objects.get(pk=people["rob"].pk)
    Mail.objects.all().delete()
    actions.add_comment(Proposal.objects.get(pk=proposal.pk), text="\n".join(PAYLOADS), actor=rob, now=NOW)
    actions.invite(Proposal.objects.get(pk=proposal.pk), emails=["nieuw@example.org"], actor=people["ria"], now=NOW)
    actions.ask_question(
        Proposal.objects.get(pk=proposal.pk), reason="Subject: x\r\n\r\n" + PAYLOADS[0], actor=people["wim"], now=NOW
    )
    mails = list(Mail.objects.all())
    assert len(mails) >= 3
    from accounts.mail import _message

    for mail in mails:
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject
        message = _message(mail).message()
        assert message.get_content_type() == "text/plain"
        assert message["Bcc"] is None
        assert message.get_all("Subject") == [message["Subject"]]
    assert PAYLOADS[0] in mails[0].body, "a mail is no HTML: nothing is escaped in it"


# --- The sources -----------------------------------------------------------------------------------------------------

# Where something is let through unescaped, and why that is right.
LET_THROUGH = {
    ("wijkportaal/templatetags/wijkportaal_tags.py", "mark_safe"): "the path of a pictogram, a constant of that module",
}
UNESCAPED = re.compile(
    r"mark_safe|\|\s*safe\b|\|\s*safeseq|SafeString|SafeText|__html__|autoescape off|html_safe|is_safe=True"
)


def sources(*endings):
    house = Path(site_settings.BASE_DIR)
    for folder in ("accounts", "neighbourhoods", "proposals", "budgets", "council", "wijkportaal", "templates"):
        for path in sorted((house / folder).rglob("*")):
            if path.suffix in endings:
                yield path.relative_to(house).as_posix(), path.read_text()


def test_nothing_is_let_through_unescaped_without_a_reason():
    found = set()
    for name, text in sources(".py", ".html"):
        for word in UNESCAPED.findall(text):
            found.add((name, word))
    assert found == set(LET_THROUGH)
    for name, text in sources(".txt"):
        if "autoescape off" in text:
            assert name.startswith(("templates/mail/", "templates/account/email/")), f"{name} is no plain mail"


def test_no_template_has_script_or_style_of_its_own():
    """Nor a handler: the policy of the headers would stop it, and then it wouldn't work."""
    wrong = []
    for name, text in sources(".html"):
        if re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|javascript:", text):
            wrong.append(name)
    assert not wrong


def test_attributes_around_what_people_write_have_quotes():
    wrong = [
        name for name, text in sources(".html") if re.search(r"<[^<>{}]*\s[\w:-]+=\{\{", re.sub(r"\{%.*?%\}", "", text))
    ]
    assert not wrong


def test_no_sql_is_made_of_what_people_write():
    """Plain SQL is in two bricks, made of names of our own tables."""
    allowed = {"wijkportaal/append_only.py", "wijkportaal/page_cache.py"}
    wrong = {name for name, text in sources(".py") if re.search(r"cursor\(|RawSQL|\.raw\(|\.extra\(|RunSQL", text)}
    assert wrong == allowed
    assert connection.vendor in {"sqlite", "postgresql"}
