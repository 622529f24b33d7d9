"""The whole walk, from an idea to a finished project and every euro accounted for.

By pressing what is on the page, in Dutch, on a phone, without JavaScript. Only the clock is helped along.
"""

import csv
import datetime
import io
import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Mail
from proposals.models import Milestone, Proposal
from tests.e2e.full_world import photo_bytes
from tests.e2e.looking import plain_problems_of
from tests.e2e.words import nl
from tests.factories import make_budget

pytestmark = pytest.mark.browser
TITLE = "Een bankje bij de vijver"
PHOTO = {"name": "vijver.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes()}


class Walker:
    """A person at a phone who reads, presses and types."""

    def __init__(self, page):
        self.page = page

    def go_to(self, address):
        answer = self.page.goto(address)
        assert answer.ok, f"{answer.status} for {address}"

    def open(self, name):
        """Press a link by what it is named in the data: an idea, a wijk."""
        self.click(self.page.get_by_role("main").get_by_role("link", name=name))

    def click(self, target):
        """Press the first of `target` and wait for the page behind it, which must fit, have its one heading and stick nowhere out."""
        with self.page.expect_navigation(wait_until="load"):
            target.first.click()
        problems = plain_problems_of(self.page, 390)
        assert not problems, f"{self.page.url}:\n" + "\n".join(problems)

    def follow(self, text, within=None, exact=True, **values):
        self.click((within or self.page.get_by_role("main")).get_by_role("link", name=nl(text, **values), exact=exact))

    def press(self, text, within=None):
        self.click((within or self.page.get_by_role("main")).get_by_role("button", name=nl(text), exact=True))

    def menu(self, text):
        self.page.locator("summary", has_text=nl("Menu")).click()
        self.follow(text, within=self.page.get_by_role("navigation", name=nl("Menu")))

    def unfold(self, text):
        self.page.locator("summary", has_text=nl(text)).click()

    def write(self, text, value, **values):
        self.field(text, **values).fill(value)

    def field(self, text, **values):
        return (
            self.page.get_by_role("main")
            .get_by_label(re.compile(f"^{re.escape(nl(text, **values))}", re.IGNORECASE))
            .first
        )

    def choose(self, question, option):
        group = self.page.get_by_role("radiogroup", name=re.compile(re.escape(nl(question)), re.IGNORECASE))
        group.get_by_label(option, exact=True).check()

    def add_photo(self, alt):
        self.field("Photo %(number)d", number=1).set_input_files(PHOTO)
        self.write("What is in photo %(number)d?", alt, number=1)

    def sees(self, text):
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def is_told(self, kind="status"):
        """A message stands on top of the page."""
        expect(self.page.get_by_role("main").get_by_role(kind).first).to_be_visible()


def code_from(mailbox, address):
    """The newest code mailed to `address`."""
    texts = [message.body for message in mailbox if address in message.to]
    return re.search(r"\b\d{4}-\d{4}\b", texts[-1])[0]


@pytest.fixture
def phone(open_browser):
    """`phone(wim)`: Wim with his telephone; it runs no scripts."""
    return lambda user=None: Walker(open_browser(user, width=390, javascript=False))


def test_from_idea_to_finished_project(phone, wim, cora, rob, carla, fien, centrum, haven, theme, mailoutbox):
    today = timezone.localdate()
    year = {"starts_on": today - datetime.timedelta(days=30), "ends_on": today + datetime.timedelta(days=300)}
    make_budget(centrum, amount_cents=5_000_00, actor=fien, now=timezone.now(), decision_on=year["starts_on"], **year)

    # --- Sanne makes an account with a code from her mail, because she wants to write an idea.
    sanne = phone()
    sanne.go_to("/")
    sanne.follow("Write an idea")
    sanne.follow("No account yet? Make one")
    sanne.write("Your name", "Sanne Bakker")
    sanne.write("E-mail address", "sanne@example.org")
    sanne.press("Make an account")
    sanne.write("Code", code_from(mail.outbox, "sanne@example.org"))
    sanne.press("Continue")

    # --- She writes it down with a photo, keeps it, comes back, and sends it in.
    if not sanne.page.url.endswith("/nieuw/"):
        sanne.menu("Ideas")
        sanne.follow("Write an idea")
    sanne.write("Give your idea a short name", TITLE)
    sanne.write("What is your idea?", "Een bankje, zodat je bij de eenden kunt zitten.")
    sanne.page.get_by_label(re.compile(nl("For which neighbourhood?"))).select_option("Centrum")
    sanne.choose("What is it about?", theme.name)
    sanne.write("What will it cost, do you think?", "1.250,50")
    sanne.add_photo("De vijver zonder bankje")
    sanne.press("Keep as a draft")
    sanne.is_told()
    idea = Proposal.objects.get()
    assert idea.requested_cents == 125_050
    home = idea.get_absolute_url()

    sanne.menu("My page")
    sanne.open(TITLE)
    sanne.follow("Change the idea")
    sanne.write("Why is it good for the neighbourhood?", "Dan ontmoeten mensen elkaar.")
    sanne.press("Send in")
    sanne.is_told()
    idea.refresh_from_db()
    assert idea.status == "submitted"

    # --- Wim, the wijkmanager, finds it on his work list, publishes it and asks something.
    manager = phone(wim)
    manager.go_to("/mijn/")
    manager.menu("Work list")
    manager.open(TITLE)
    manager.follow("Publish the idea")
    manager.press("Publish the idea")
    manager.is_told()
    manager.follow("Ask a question")
    manager.write("Your question", "Waar precies?")
    manager.press("Ask a question")

    # --- Sanne answers.
    sanne.go_to("/mijn/")
    sanne.open(TITLE)
    sanne.sees("Waar precies?")
    sanne.write("Your answer", "Naast de wilg.")
    sanne.press("Send the answer")
    sanne.is_told()

    # --- Rob finds it among the ideas, supports it, takes that back and does it again, reacts, and joins in.
    neighbour = phone(rob)
    neighbour.go_to("/")
    neighbour.menu("Ideas")
    neighbour.open(TITLE)
    neighbour.press("I support this idea")
    neighbour.press("Take back my support")
    neighbour.press("I support this idea")
    neighbour.write("Your reaction", "Goed idee!")
    neighbour.press("Place the reaction")
    neighbour.is_told()
    neighbour.unfold("Do you want to help with this idea?")
    neighbour.press("Yes, I join in")
    neighbour.is_told()
    idea.refresh_from_db()
    assert (idea.support_count, idea.comment_count, idea.co_initiators.get().user) == (1, 1, rob)

    # --- Sanne replies to him.
    sanne.go_to(home)
    sanne.follow("Reply", exact=False)
    sanne.write("Your reaction", "Fijn, buurman.")
    sanne.press("Place the reaction")
    assert idea.comments.get(text="Fijn, buurman.").parent == idea.comments.get(text="Goed idee!")

    # --- Wim gives the check to Cora; she writes down what it costs; Wim says that it can be done.
    manager.go_to(home)
    manager.follow("Give the check to a person")
    manager.choose("Who does the check?", re.compile("Cora"))
    manager.press("Give the check to a person")
    checker = phone(cora)
    checker.go_to(home)
    checker.follow("Write down the check")
    checker.choose("Can it be made?", nl("yes"))
    checker.choose("Is it allowed?", nl("yes, with conditions"))
    checker.write("Who owns the land?", "De gemeente")
    checker.write("What will it cost?", "1.400")
    checker.press("Keep the check")
    manager.go_to(home)
    manager.follow("It can be done")
    manager.write("Why can it be done?", "De grond is van de gemeente.")
    manager.press("It can be done")
    idea.refresh_from_db()
    assert (idea.status, idea.estimated_cents) == ("feasible", 140_000)

    # --- More money than there is: refused, with what is left; what he typed stays. Then what it costs.
    manager.follow("Award money")
    manager.write("how much?", "5.000,01")
    manager.write("who decided?", "Wijkteamoverleg")
    manager.write("why?", "Veel steun in de wijk.")
    manager.press("Award this money")
    manager.is_told("alert")
    manager.sees("€ 5.000")
    expect(manager.field("why?")).to_have_value("Veel steun in de wijk.")
    expect(manager.field("how much?")).to_have_value("5.000,01")
    assert manager.page.title().startswith("Fout: ")
    manager.write("how much?", "1.400")
    manager.press("Award this money")
    manager.is_told()

    # --- He plans two steps and begins.
    manager.follow("Plan a step")
    manager.write("What will be done?", "Bankje besteld")
    manager.write("Ready on", (today + datetime.timedelta(days=7)).isoformat())
    manager.press("Plan this step and one more")
    manager.write("What will be done?", "Bankje geplaatst")
    manager.write("Ready on", (today + datetime.timedelta(days=30)).isoformat())
    manager.press("Plan this step")
    manager.follow("Start the work")
    manager.press("Start the work")
    idea.refresh_from_db()
    assert idea.status == "in_progress"

    # --- News with a photo, and two payments.
    manager.follow("Tell how it goes")
    manager.write("How does it go?", "Het bankje is besteld.")
    manager.add_photo("De tekening van het bankje")
    manager.press("Put this on the site")
    for paid_for, amount in (("Bankje", "1.100,50"), ("Tegels", "99,50")):
        manager.follow("Write down a payment")
        manager.write("what was paid?", paid_for)
        manager.write("how much?", amount)
        manager.press("Write down this payment")
        manager.is_told()

    # --- Weeks go by: the first step is late now, and without a reason it can't be marked as done.
    late = today - datetime.timedelta(days=5)
    Milestone.objects.filter(title="Bankje besteld").update(promised_on=late, first_promised_on=late)
    manager.menu("Work list")
    manager.follow("Mark as done", exact=False)
    manager.press("Step is done")
    manager.is_told("alert")
    manager.write("Why is it later than promised?", "De leverancier was laat.")
    manager.press("Step is done")
    manager.is_told()
    manager.follow("Mark as done", exact=False)
    manager.press("Step is done")
    manager.follow("Finish the project")
    manager.write("what was made?", "Het bankje staat er.")
    manager.press("Finish the project")
    idea.refresh_from_db()
    assert idea.status == "completed"

    # --- Anyone sees what happened to the money: EUR 5,000, of which 1,200 was spent; the 200 that was left went back.
    visitor = phone()
    visitor.go_to("/")
    visitor.menu("Money")
    for amount in ("€ 5.000", "€ 1.200", "€ 3.800"):
        visitor.sees(amount)
    visitor.open("Centrum")
    visitor.sees("€ 3.800")
    visitor.sees(TITLE)
    visitor.open(TITLE)
    visitor.sees("De leverancier was laat.")
    visitor.sees("€ 1.100,50")
    visitor.sees("Het bankje staat er.")
    expect(visitor.page.get_by_role("img", name="De vijver zonder bankje")).to_be_attached()

    # --- Carla, of the council, sees the same figures, and goes from a figure down to the idea and to the payment.
    council = phone(carla)
    council.go_to("/mijn/")
    council.menu("Dashboard")
    for amount in ("€ 5.000", "€ 1.200", "€ 3.800"):
        council.sees(amount)
    figures = council.page.get_by_role("table", name=nl("Ideas per neighbourhood"))
    council.click(figures.get_by_role("row").filter(has_text="Centrum").get_by_role("link", name="1", exact=True))
    council.open(TITLE)
    council.sees("€ 1.100,50")
    council.menu("Dashboard")
    council.click(council.page.get_by_role("main").get_by_role("link", name=nl("spent").capitalize(), exact=True))
    council.sees("€ 1.100,50")
    council.sees("€ 99,50")

    # --- And takes the tables home.
    council.menu("Dashboard")
    kept = {}
    for name in ("All figures per neighbourhood", "All ideas", "All projects", "All bookings"):
        with council.page.expect_download() as download:
            council.page.get_by_role("main").get_by_role("link", name=nl(name)).click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        kept[name] = list(csv.reader(io.StringIO(text), delimiter=csv.Sniffer().sniff(text.splitlines()[0]).delimiter))
    assert [row[1] for row in kept["All ideas"][1:]] == [TITLE]
    assert [row[1] for row in kept["All projects"][1:]] == [TITLE]
    assert len(kept["All bookings"]) == 1 + 5  # granted, awarded, two payments, and what went back
    assert any("1100,50" in cell for row in kept["All bookings"] for cell in row)

    # --- Sanne was told of each step, with a link to it.
    call_command("send_mail")
    mine = Mail.objects.filter(to="sanne@example.org").order_by("pk")
    assert not Mail.objects.filter(sent_at=None).exists()
    told = [
        idea.events.get(pk=int(row.about.split(":")[1])).kind
        for row in mine
        if row.about.startswith("proposals.event:")
    ]
    assert told == "submit publish ask join accept award start report reach reach finish".split()
    assert all(f"http://testserver{home}" in row.body for row in mine)
    assert {message.subject for message in mailoutbox} >= set(mine.values_list("subject", flat=True))
