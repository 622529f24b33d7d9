"""A browser for tests: who can open which page, what forms stand on it, and what a person would send with them."""

import datetime
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.test_matrix import TABLE, expected

WORDS = "Een gewone zin van een bewoner."


@dataclass
class Input:
    """One thing to fill in; `choices` of a select, of radio buttons or of boxes to tick."""

    name: str
    kind: str
    value: str = ""
    choices: list = field(default_factory=list)
    is_checked: bool = False


@dataclass
class HtmlForm:
    method: str
    action: str
    inputs: dict = field(default_factory=dict)

    @property
    def names(self):
        return [name for name in self.inputs if name != "csrfmiddlewaretoken"]

    def filled_in(self, **words):
        """What a person would send: what stands there, and something sensible where nothing does."""
        data = {}
        for name in self.names:
            found = self.inputs[name]
            value = found.value or _something(found)
            if name in words:
                value = words[name]
            elif found.kind == "checkbox":
                value = [found.value or "on"] if found.is_checked or len(found.choices) > 1 else None
            elif found.kind == "file":
                value = None
            if value is not None:
                data[name] = value
        return data


def _something(found):
    """A value for an empty input."""
    today = timezone.localdate()
    match found.kind:
        case "select" | "radio":
            return next((choice for choice in found.choices if choice), "")
        case "date":
            return (today + datetime.timedelta(days=20)).isoformat()
        case "time":
            return "19:30"
        case "email":
            return "iemand@example.org"
        case "number":
            return "3"
        case "hidden" | "submit" | "url":
            return ""
    if name_is_amount(found.name):
        return "12,50"
    if "email" in found.name:
        return "iemand@example.org"
    return "" if found.name.startswith(("colour_", "alt_")) else WORDS[: 30 if "label_" in found.name else None]


def name_is_amount(name):
    return name.endswith("_cents")


class _FormReader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select = [], None, None
        self.textarea = None

    def handle_starttag(self, tag, pairs):
        attrs = {name: value or "" for name, value in pairs}
        name = attrs.get("name")
        if tag == "form":
            self.form = HtmlForm(attrs.get("method", "get").lower(), attrs.get("action", ""))
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and name:
            kind, value = attrs.get("type", "text"), attrs.get("value", "")
            known = self.form.inputs.setdefault(name, Input(name, kind, "" if kind == "radio" else value))
            known.choices.append(value)
            if "checked" in attrs:
                known.is_checked, known.value = True, value
        elif tag == "textarea" and name:
            self.textarea = self.form.inputs[name] = Input(name, "textarea")
        elif tag == "select" and name:
            self.select = self.form.inputs[name] = Input(name, "select")
        elif tag == "option" and self.select:
            self.select.choices.append(attrs.get("value", ""))
            if "selected" in attrs:
                self.select.value = attrs.get("value", "")

    def handle_data(self, data):
        if self.textarea:
            self.textarea.value = (self.textarea.value + data).lstrip("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def forms_of(html):
    reader = _FormReader()
    reader.feed(html)
    return reader.forms


def body_of(response):
    """The bytes of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


class Browser:
    """A client that keeps what went wrong on the server, and lets nothing it did stand."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        self.user = user
        self.failures = []
        if user:
            self.client.force_login(user)

    def ask(self, method, address, data=None, **extra):
        """The answer to one request; what it changed is undone, and its body is read before that."""
        self.client.cookies.pop("messages", None)
        self.error = None
        got_request_exception.connect(self._note)
        try:
            with transaction.atomic():
                if isinstance(data, bytes):  # as it is, whatever it says to be
                    response = self.client.generic(method.upper(), address, data, **extra)
                else:
                    response = getattr(self.client, method)(address, data, **extra)
                response.body = body_of(response)
                transaction.set_rollback(True)
        finally:
            got_request_exception.disconnect(self._note)
        if self.user and "sessionid" not in self.client.cookies:
            self.client.force_login(self.user)
        if response.status_code >= 500:
            self.failures.append(f"{method.upper()} {address} {_short(data)} {_short(extra)}: {self.error!r}")
        return response

    def _note(self, sender, **kwargs):
        import sys

        self.error = sys.exc_info()[1]

    def get(self, address, data=None, **extra):
        return self.ask("get", address, data, **extra)

    def post(self, address, data=None, **extra):
        return self.ask("post", address, data, **extra)


def _short(value):
    text = ascii(value)
    return text if len(text) < 300 else f"{text[:140]}…{text[-140:]}"


def browsers(people):
    """A Browser per person of the matrix."""
    return {name: Browser(user) for name, user in people.items()}


def readers(spec):
    """Names of the people who get a page by a cell of TABLE, visitors last."""
    from tests.test_matrix import PEOPLE

    return [name for name in [*PEOPLE[1:], "visitor"] if expected(spec, name) == 200]


def pages(world, place="own"):
    """(URL name, address, who may) of every page that someone may open."""
    for name, (thing, own, other, only_post) in TABLE.items():
        spec = own if place == "own" else other
        if spec and not only_post and (who := readers(spec)):
            yield name, reverse(name, kwargs=world[place][thing]), who


ENTRANCE = [
    "account_login",
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
]


def entrance_pages():
    """allauth's pages that a visitor can open without being in the middle of something."""
    for name in dict.fromkeys(ENTRANCE):
        yield name, reverse(name), ["visitor"]


def post_forms(world, people, *, browsers_of=None):
    """(URL name, address of the form, Browser, HtmlForm) of every different form that is sent by POST."""
    mine = browsers_of or browsers(people)
    seen = set()
    for name, address, who in [*pages(world), *entrance_pages()]:
        response = mine[who[0]].get(address)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        for form in forms_of(response.content.decode()):
            target = urljoin(address, form.action)
            kind = (re.sub(r"\d+", "#", target), tuple(sorted(form.names)))
            if form.method == "post" and kind not in seen and "logout" not in target:
                seen.add(kind)
                yield name, target, mine[who[0]], form


def own_parameters(address, html):
    """Names of query parameters that a page itself uses: of its GET forms and of its links to itself."""
    names = {name for form in forms_of(html) if form.method == "get" for name in form.names}
    for href in re.findall(r'href="([^"]*\?[^"]+)"', html):
        link = urlsplit(urljoin(address, href.replace("&amp;", "&")))
        if link.path == urlsplit(address).path:
            names |= {name for name, _value in parse_qsl(link.query, keep_blank_values=True)}
    return names


def writes(statements):
    """Those of the SQL `statements` that change rows, those of sessions left out."""
    found = []
    for sql in statements:
        if (
            re.match(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|REPLACE|MERGE)\b", sql, re.IGNORECASE)
            and "django_session" not in sql
        ):
            found.append(sql)
    return found


class StatementLog:
    """Context manager: every SQL statement that is sent to the database."""

    def __enter__(self):
        self.statements = []
        self._stack = connection.execute_wrapper(self._note)
        self._stack.__enter__()
        return self.statements

    def _note(self, execute, sql, params, many, context):
        self.statements.append(sql)
        return execute(sql, params, many, context)

    def __exit__(self, *error):
        return self._stack.__exit__(*error)
