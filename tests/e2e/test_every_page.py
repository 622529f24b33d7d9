"""Every page, for everyone who may see it, on a phone and on a desk: what looking.py asks of it, and nothing broken or fetched elsewhere.

What is the same for several people, byte for byte, is looked at once: the menus of people with the same roles, and under them the page
itself. That it is the same is found out each time.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Mail
from tests.e2e import full_world
from tests.e2e.looking import DESK, PHONE, problems_of
from tests.test_matrix import TABLE, expected, people, world  # noqa: F401 -- fixtures

pytestmark = pytest.mark.browser

# Different each time they are asked for, and never seen by anyone.
NEVER_THE_SAME = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
)


# In the menus: which page this is.
DIFFERS_PER_PAGE = re.compile(r' aria-current="page"|(?<=href=")[^"]*| class="[^"]*"')


@pytest.fixture
def full(world, people, centrum):  # noqa: F811
    """The world of the table, and in Centrum everything that a page can show."""
    full_world.draw_borders(Path(settings.BASE_DIR))
    return full_world.fill(
        centrum,
        author=people["ria"],
        manager=people["wim"],
        helper=people["rob"],
        worker=people["cora"],
        officer=people["fien"],
    )


@pytest.fixture
def look(open_browser, recorder):
    """`look(who, address)` looks at a page on both widths; `look.problems` is what was found."""
    return Looker(open_browser, recorder)


class Looker:
    def __init__(self, open_browser, recorder):
        self.open_browser, self.recorder = open_browser, recorder
        self.pages, self.problems, self.seen = {}, [], 0

    def page_of(self, user):
        key = user and user.pk
        if key not in self.pages:
            self.pages[key] = self.open_browser(user)
        return self.pages[key]

    def __call__(self, user, address, *, status=200, **expectations):
        page = self.page_of(user)
        if status >= 500:
            self.recorder.expected.add(f"{self.recorder.origin}{address}")
        page.set_viewport_size({"width": DESK, "height": 800})
        answer = page.goto(address, wait_until="load")
        if answer.status != status:
            self.problems.append(f"{address} as {user or 'visitor'}: {answer.status}, not {status}")
            return page
        self.again(page, user, **expectations)
        return page

    def again(self, page, user, **expectations):
        """Look at what `page` shows now."""
        self.seen += 1
        for width in (DESK, PHONE):
            if width == PHONE:  # what is folded in is looked at too, the menu apart: it lies over the page
                page.evaluate(
                    "document.querySelectorAll('details:not(.wp-menu)').forEach(part => { part.open = true })"
                )
            for problem in problems_of(page, width, **expectations):
                self.problems.append(
                    f"{page.url.removeprefix(self.recorder.origin)} as {user or 'visitor'}, {width} px: {problem}"
                )

    def report(self):
        return f"{len(self.problems)} problems in {self.seen} pages:\n" + "\n".join(self.problems)


def is_page(response):
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")


def addresses(world, full):  # noqa: F811
    """(address, table's spec) of all that is asked for with GET in Centrum, and of the rich idea, project and every status."""
    for name, (thing, own, _other, only_post) in TABLE.items():
        if not only_post and not name.endswith("_csv"):
            yield reverse(name, kwargs=world["own"][thing]), own
    for proposal in full.values():
        proposal.refresh_from_db()
        yield proposal.get_absolute_url(), "*:200 visitor:200"
    yield f"{full['idea'].get_absolute_url()}?page=2", "*:200 visitor:200"
    for name in ("edit", "comment", "assess", "accept", "reject", "ask", "merge", "assign", "answer", "invite"):
        yield reverse(f"proposals:{name}", args=[full["idea"].pk]), "*:200"
    for name in ("proposals:plan", "proposals:report", "budgets:spend", "budgets:finish", "budgets:cancel"):
        yield reverse(name, args=[full["project"].pk]), "*:200"
    for milestone in full["project"].milestones.filter(done_on=None):
        yield reverse("proposals:reach", args=[milestone.pk]), "*:200"
        yield reverse("proposals:replan", args=[milestone.pk]), "*:200"
    for query in ("?q=bestaatniet", "?q=bank&sort=new", "?page=2", "?wijk=centrum"):
        yield reverse("proposals:list") + query, "*:200 visitor:200"


def pages_to_look_at(people, found):  # noqa: F811
    """(person, address) for each page with a part that was not seen yet: its own part at that address, or the menus above it."""
    seen = set()
    for person, user in people.items():
        client = Client()
        if user:
            client.force_login(user)
        for address, spec in found:
            if expected(spec, person) != 200:
                continue
            response = client.get(address)
            if not is_page(response):
                continue  # who gets what is the table's own test
            above, own = NEVER_THE_SAME.sub("", response.text).split('<div class="wp-crumbs">')
            menus = DIFFERS_PER_PAGE.sub("", above.partition("<body")[2])
            if not {menus, (address, own)} <= seen:
                seen |= {menus, (address, own)}
                yield person, address


def test_every_page_is_right_for_everyone_who_sees_it(people, world, full, look):  # noqa: F811
    found = list(dict.fromkeys(addresses(world, full)))
    for person, address in list(pages_to_look_at(people, found)):
        look(people[person], address)
    assert look.seen > 150  # else something keeps pages out of sight
    assert not look.problems, look.report()


# --- Forms with mistakes in them ---

# Empties the form that a page is about, so that all that must be filled in is missing, and sends it. False when nothing must be filled in.
SEND_EMPTY = """
() => {
  const form = [...document.querySelectorAll('main form[method=post][novalidate]')].find(form => form.querySelector('[required]'));
  if (!form) return false;
  for (const part of form.elements) {
    if (part.type === 'radio' || part.type === 'checkbox') part.checked = false;
    else if (part.tagName === 'SELECT') part.selectedIndex = part.querySelector('option[value=""]') ? 0 : -1;
    else if (part.type !== 'hidden' && part.type !== 'file' && part.tagName !== 'BUTTON') part.value = '';
  }
  setTimeout(() => form.requestSubmit(form.querySelector('[type=submit]')));
  return true;
}
"""


def send_empty(look, user, address):
    """Send the form at `address` without anything in it, and look at what comes back. False when there is no such form."""
    page = look.page_of(user)
    page.goto(address)
    problems = []
    if page.locator("main form[method=post][novalidate] [required]").count() == 0:
        return False
    with page.expect_navigation(wait_until="load"):
        page.evaluate(SEND_EMPTY)
    if page.locator(".wp-error-summary, [role=alert][autofocus]").count() != 1:
        problems.append("no summary of what is wrong")
    elif not page.evaluate("document.activeElement.matches('.wp-error-summary, [role=alert][autofocus]')"):
        problems.append("the summary of what is wrong doesn't have the focus")
    dead = page.evaluate("""() => [...document.querySelectorAll('.wp-error-summary a')].map(link => link.hash.slice(1))
        .filter(id => !document.getElementById(id))""")
    problems += [f"the summary leads to #{id}, which isn't there" for id in dead]
    look.problems += [f"{address} sent empty as {user or 'visitor'}: {problem}" for problem in problems]
    look.again(page, user, title_begins="Fout: ")
    return True


def test_every_form_sent_empty_comes_back_with_its_mistakes(people, world, full, look):  # noqa: F811
    found = dict.fromkeys(addresses(world, full))
    forms = 0
    for address, spec in found:
        person = next((name for name in ("ria", "rob", "wim", "fien", "bea") if expected(spec, name) == 200), None)
        if "?" in address or not person:
            continue
        client = Client()
        client.force_login(people[person])
        response = client.get(address)
        if is_page(response) and " required" in response.text:
            forms += send_empty(look, people[person], address)
    for name in ("account_login", "account_signup", "account_reset_password"):
        forms += send_empty(look, None, reverse(name))
    assert forms > 35  # else something keeps forms out of sight
    assert not look.problems, look.report()


# --- Pages that are not in the table ---


def test_the_pages_for_coming_in_are_right(look, ria, rob):
    for address in (
        "/account/login/",
        "/account/login/?met=wachtwoord",
        "/account/signup/",
        "/account/password/reset/",
        "/account/logout/",
    ):
        look(None, address)
    for name in ("account_email", "account_set_password", "account_logout"):
        look(ria, reverse(name))
    rob.set_password("een lang wachtwoord")
    rob.save()
    for name in ("account_change_password", "account_reauthenticate"):
        look(rob, reverse(name))
    for address, field in (
        ("/account/login/", "login"),
        ("/account/password/reset/", "email"),
        ("/account/signup/", "email"),
    ):
        page = look.page_of(None)
        page.goto(address)
        page.locator(f"main [name={field}]").fill("iemand@example.org")
        if page.locator("main [name=name]").count():
            page.locator("main [name=name]").fill("Iemand")
        with page.expect_navigation(wait_until="load"):
            page.locator("main [type=submit]").first.click()
        assert page.locator("main [name=code]").count(), f"{address} doesn't ask for a code"
        look.again(page, None)
        page.locator("main [name=code]").fill("0000-0000")
        with page.expect_navigation(wait_until="load"):
            page.locator("main [type=submit]").first.click()
        look.again(page, None, title_begins="Fout: ")
        page.context.clear_cookies()
    assert not look.problems, look.report()


def test_the_pages_that_say_no_are_right(look, ria, town, monkeypatch, settings):
    def broken(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    look(None, "/bestaat-niet/", status=404)
    look(ria, "/bestaat-niet/", status=404)
    look(ria, "/beheer/", status=403)
    look(None, "/ideeen/?q=%00", status=400)
    page = look.page_of(None)
    page.goto("/account/login/")
    page.evaluate("document.querySelector('main form').elements.csrfmiddlewaretoken.value = 'x'.repeat(32)")
    page.locator("main [name=login]").fill("ria@example.org")
    with page.expect_navigation(wait_until="load") as answer:
        page.locator("main [type=submit]").first.click()
    assert answer.value.status == 403
    look.again(page, None)
    settings.PAGE_CACHE_SECONDS = 0
    monkeypatch.setattr("neighbourhoods.views.pages.render", broken)
    look(None, "/privacy/", status=500)
    assert not look.problems, look.report()


def test_the_pages_of_the_demo_are_right(look, ria, wim, published, settings):
    settings.DEMO = True
    type(ria).objects.update(is_demo=True)
    mail = Mail.objects.filter(to=ria.email).first()
    for user in (None, ria):
        for address in ("/demo/", "/demo/post/", f"/demo/post/?to={ria.email}", f"/demo/post/{mail.pk}/", "/"):
            look(user, address)
    assert not look.problems, look.report()


def test_pages_in_english_are_right(people, world, full, look):  # noqa: F811
    idea, project = full["idea"].pk, full["project"].pk
    addresses = {
        None: [
            "/en/",
            "/en/wijken/centrum/",
            "/en/ideeen/",
            f"/en/ideeen/{idea}/",
            f"/en/ideeen/{project}/",
            "/en/geld/",
            "/en/account/login/",
        ],
        "ria": ["/en/mijn/", "/en/ideeen/nieuw/"],
        "wim": ["/en/werklijst/", f"/en/ideeen/{project}/betaling/"],
        "carla": ["/en/raad/", "/en/raad/centrum/"],
        "bea": ["/en/beheer/"],
    }
    for person, found in addresses.items():
        for address in found:
            look(person and people[person], address, lang="en")
    assert not look.problems, look.report()


def test_the_menu_of_a_phone_is_right_when_it_is_open(open_browser, people, world):  # noqa: F811
    problems = []
    for person in ("visitor", "wim", "bea"):
        page = open_browser(people[person], width=PHONE)
        page.goto("/")
        page.locator(".wp-menu > summary").click()
        problems += [f"{person}: {problem}" for problem in problems_of(page, PHONE)]
    assert not problems, "\n".join(problems)
