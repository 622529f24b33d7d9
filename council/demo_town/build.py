"""Builds Voorbeeldstad through the portal's own actions: what you see in the demo has walked the real road."""

import datetime
import io
import random
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from budgets import actions as money
from budgets import elections
from budgets.models import Budget
from council.demo_town import people
from council.demo_town.ideas import GREEN, IDEAS, MEET, PLAY, REPORTED, SAFE
from council.demo_town.pictures import picture
from neighbourhoods import actions as places
from neighbourhoods.geo import read_features, simplify
from neighbourhoods.models import Meeting, Membership, Municipality, Neighbourhood, Role, Round, Theme
from proposals import actions
from proposals.models import Proposal
from proposals.pabulib import read_election
from wijkportaal.images import read_photo

BASE = Path(settings.BASE_DIR)
TOWN_MAP = BASE / "neighbourhoods" / "data" / "voorbeeldstad.geojson"
ELECTIONS = BASE / "tests" / "data"
THEMES = [
    (PLAY, "Speeltuinen, banken, fietsenrekken en andere dingen die de wijk nodig heeft."),
    (GREEN, "Bomen, bloemen, water en schone straten."),
    (SAFE, "Licht, verkeer en een veilig gevoel."),
    (MEET, "Samen eten, sporten, leren en vieren."),
]
ABOUT = {
    people.BINNENSTAD: "De oude stad binnen de gracht, met winkels, cafés en smalle straten.",
    people.RIVIERENWIJK: "Huizen uit de jaren dertig aan de kade, met veel gezinnen en een druk buurthuis.",
    people.NOORDERVELD: "Ruime straten met veel groen. Hier wonen veel mensen al heel lang.",
    people.LINDENKWARTIER: "Hoge huizen rond een plein, dicht bij het station.",
    people.HAVENBUURT: "Oude loodsen en nieuwe woningen aan het water.",
    people.OOSTERHOF: "Vier flats, een winkelcentrum en veel jonge kinderen.",
    people.ZANDLO: "Een dorp met een kerk, een brug en ruim achthonderd mensen.",
}


class Builder:
    """Keeps what was made, by key, while the town is built. `now` is the moment from which everything counts back."""

    def __init__(self, now):
        self.now = now
        self.today = timezone.localdate(now)
        self.random = random.Random(1992)  # noqa: S311 - the same town every time
        self.people, self.proposals, self.budgets, self.drawings = {}, {}, {}, {}

    def build(self):
        self.people = {person.key: self._person(person) for person in people.PEOPLE}
        self._town()
        self._roles()
        self._calendar()
        self._budgets()
        for idea in IDEAS:
            self._idea(idea)
        self._merge_and_report()
        self._elections()

    def ago(self, days, hour=10):
        return (
            self.now
            - datetime.timedelta(days=days, hours=self.random.random() * 3)
            + datetime.timedelta(hours=hour - 12)
        )

    # --- The town ---

    def _town(self):
        founded = self.ago(500)
        municipality = Municipality(
            name="Voorbeeldstad",
            welcome="Hebt u een idee voor uw wijk? Schrijf het op. Samen met uw buren en de gemeente maakt u uw wijk mooier.",
            contact_email="wijken@voorbeeldstad.example",
            contact_phone="14 0999",
        )
        places.save_municipality(municipality, actor=self.people["bea"], now=founded)
        for position, (name, description) in enumerate(THEMES):
            theme = Theme(name=name, slug=slugify(name), description=description, position=position)
            places.save_theme(theme, actor=self.people["bea"], now=founded)
        features = simplify(read_features(TOWN_MAP.read_bytes()))
        places.import_neighbourhoods(features, actor=self.people["bea"], now=founded)
        for code, about in ABOUT.items():
            Neighbourhood.objects.filter(code=code).update(about=about)
        self.wijken = {wijk.code: wijk for wijk in Neighbourhood.objects.all()}

    def _person(self, person):
        address = f"{person.key}@voorbeeldstad.example"
        user = User.objects.create_user(address, person.name, is_demo=bool(person.hint))
        user.emailaddress_set.create(email=address, verified=True, primary=True)
        return user

    def _roles(self):
        granted, starts_on = self.ago(480), self.today - datetime.timedelta(days=480)
        for person in people.PEOPLE:
            user = self.people[person.key]
            for role, code in person.roles:
                # The first administrator has nobody above them.
                actor = None if person.key == "bea" else user if role == Role.RESIDENT else self.people["bea"]
                places.grant_role(
                    user=user,
                    role=role,
                    neighbourhood=self.wijken.get(code),
                    starts_on=starts_on,
                    actor=actor,
                    now=granted,
                )
        former = self._person(people.Person("mark", "Mark Hendriks", ()))
        role = {
            "user": former,
            "role": Role.TEAM_MEMBER,
            "neighbourhood": self.wijken[people.RIVIERENWIJK],
            "starts_on": starts_on,
        }
        membership = places.grant_role(**role, actor=self.people["bea"], now=granted)
        ends_on = self.today - datetime.timedelta(days=60)
        places.end_role(membership, ends_on=ends_on, reason="Verhuisd.", actor=self.people["bea"], now=self.ago(70))
        self.neighbours = [
            User.objects.create_user(
                f"buur{number}@voorbeeldstad.example", f"{first} {people.LAST_NAMES[number % len(people.LAST_NAMES)]}"
            )
            for number, first in enumerate(people.FIRST_NAMES * 2)
        ]

    def _manager(self, wijk):
        rows = Membership.objects.filter(role=Role.NEIGHBOURHOOD_MANAGER, neighbourhood=wijk)
        return rows.select_related("user").get().user

    def _calendar(self):
        day = datetime.timedelta(days=1)
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        for name, codes, start in (
            (f"Wijkronde {self.today.year}", [people.RIVIERENWIJK, people.NOORDERVELD], -30),
            ("Ronde Havenbuurt", [people.HAVENBUURT], -80),
            ("Dorpsronde Zandlo", [people.ZANDLO], 14),
        ):
            first = midnight + start * day
            round_ = Round(
                name=name,
                ideas_from=first,
                ideas_until=first + 56 * day,
                check_until=first + 91 * day,
                choose_until=first + 112 * day,
                about="Stuur uw idee in. Wij kijken of het kan. Daarna kiest de wijk.",
            )
            wijken = [self.wijken[code] for code in codes]
            places.save_round(round_, wijken, actor=self._manager(wijken[0]), now=first - 14 * day)
        for number, wijk in enumerate(self.wijken.values()):
            for days in (-28 - number, 5 + 3 * number):
                meeting = Meeting(
                    neighbourhood=wijk,
                    title="Overleg van het wijkteam",
                    starts_at=midnight + days * day + datetime.timedelta(hours=19, minutes=30),
                    place=f"Buurthuis {wijk.name}",
                    agenda="Nieuwe ideeën\nHoe gaat het met de projecten?\nUw vragen",
                )
                places.save_meeting(meeting, actor=self._manager(wijk), now=self.ago(45))

    def _budgets(self):
        fien, year = self.people["fien"], self.today.year
        starts_on = datetime.date((self.today - datetime.timedelta(days=330)).year, 1, 1)
        for code, wijk in self.wijken.items():
            if code == people.BINNENSTAD:
                continue  # lives on the round of Amsterdam
            self.budgets[code] = self._budget(
                f"Wijkbudget {wijk.name} {year}",
                [wijk],
                48_000_00,
                starts_on,
                "Programmabegroting",
                self.ago(340),
                fien,
            )
        shared = [self.wijken[people.LINDENKWARTIER], self.wijken[people.OOSTERHOF]]
        self.budgets["shared"] = self._budget(
            "Wijkvisie Linden en Oost",
            shared,
            250_000_00,
            starts_on,
            "Raadsbesluit over de wijkvisie Lindenkwartier en Oosterhof",
            self.ago(335),
            fien,
        )
        money.raise_budget(
            self.budgets[people.RIVIERENWIJK],
            amount_cents=6_000_00,
            reason="Extra geld voor de kade, besluit bij de voorjaarsnota",
            decided_on=self.today - datetime.timedelta(days=100),
            actor=fien,
            now=self.ago(99),
        )

    def _budget(self, name, wijken, cents, starts_on, decision, moment, actor):
        budget = Budget(
            name=name,
            starts_on=starts_on,
            ends_on=datetime.date(self.today.year, 12, 31),
            decision_title=decision,
            decision_number=f"{moment.year}-{self.random.randint(100, 999)}",
            decision_on=timezone.localdate(moment),
            rules="Voor iedereen in de wijk. Voor eten en drinken is er hoogstens € 100 per straatfeest.",
        )
        return money.create_budget(budget, wijken, amount_cents=cents, actor=actor, now=moment)

    # --- The ideas ---

    def _photos(self, subject, text):
        """A drawing of `subject`; there are two of each, so that the town is built quickly."""
        if not subject:
            return []
        seed = f"{subject} {len(text) % 2}"
        if seed not in self.drawings:
            self.drawings[seed] = read_photo(io.BytesIO(picture(subject, seed)))
        return [(self.drawings[seed], "Tekening van het idee")]

    def _idea(self, idea):
        wijk, author, manager = (
            self.wijken[idea.place_code],
            self.people[idea.author],
            self._manager(self.wijken[idea.place_code]),
        )
        proposal = actions.create_proposal(
            author=author,
            neighbourhood=wijk,
            theme=Theme.objects.get(name=idea.theme),
            title=idea.title,
            what=idea.what,
            why=idea.why,
            place=idea.place,
            requested_cents=None if idea.euros is None else idea.euros * 100,
            photos=self._photos(idea.subject, idea.title),
            now=self.ago(idea.days + 1),
        )
        self.proposals[idea.key] = proposal
        for key in idea.joined:
            actions.join_proposal(proposal, actor=self.people[key], now=self.ago(idea.days + 0.5))
        if idea.status == "draft":
            return
        actions.submit_proposal(proposal, actor=author, now=self.ago(idea.days))
        if idea.status == "submitted":
            return
        if idea.status == "returned":
            actions.send_back_proposal(proposal, reason=idea.reason, actor=manager, now=self.ago(idea.days - 5))
            return
        at = self._walk_until_decision(idea, proposal, manager, author)
        if idea.status in {"awarded", "in_progress", "completed", "cancelled"}:
            self._project(idea, proposal, manager, at)

    def _walk_until_decision(self, idea, proposal, manager, author):
        """From publishing to the decision whether it can be done; returns how many days ago that was."""
        at = max(idea.days - 3, 0.5)
        actions.publish_proposal(proposal, actor=manager, now=self.ago(at))
        for user in self.random.sample(self.neighbours, idea.supports):
            actions.support_proposal(proposal, actor=user, now=self.ago(self.random.uniform(max(at - 20, 0.2), at)))
        for who, text, reply in idea.comments:
            comment = actions.add_comment(proposal, text=text, actor=self.people[who], now=self.ago(max(at - 4, 0.4)))
            if reply:
                actions.add_comment(
                    proposal, text=reply[1], parent=comment, actor=self.people[reply[0]], now=self.ago(max(at - 5, 0.3))
                )
        if idea.status == "withdrawn":
            actions.withdraw_proposal(proposal, reason=idea.reason, actor=author, now=self.ago(at - 10))
            return at
        if idea.check:
            proposal.refresh_from_db()
            by = {"actor": manager, "now": self.ago(max(at - 14, 0.2))}
            actions.assign_assessment(proposal, assessor=manager, **by)
            proposal.refresh_from_db()
            cents = idea.estimate * 100 or None
            actions.assess_proposal(proposal, version=proposal.version, estimated_cents=cents, **idea.check, **by)
        if idea.question:
            actions.ask_question(proposal, reason=idea.question, actor=manager, now=self.ago(max(at - 20, 0.1)))
        if idea.status == "infeasible":
            actions.reject_proposal(proposal, reason=idea.reason, actor=manager, now=self.ago(at - 21))
        elif idea.estimate and idea.reason:
            actions.accept_proposal(proposal, reason=idea.reason, actor=manager, now=self.ago(at - 21))
        return at - 21

    def _project(self, idea, proposal, manager, at):
        start, decided = int(at - 12), self.ago(at - 8)
        money.award_project(
            proposal,
            budget=self.budgets[idea.budget or idea.place_code],
            amount_cents=idea.estimate * 100,
            decided_on=timezone.localdate(decided),
            decided_by="Overleg van het wijkteam",
            reason="Veel bewoners steunen dit idee en het wijkteam vindt het goed voor de wijk.",
            actor=manager,
            now=decided,
        )
        started = self.today - datetime.timedelta(days=start)
        steps = [
            (
                done,
                actions.plan_milestone(
                    proposal,
                    title=title,
                    promised_on=started + datetime.timedelta(days=promised),
                    actor=manager,
                    now=self.ago(start + 0.5),
                ),
            )
            for title, promised, done in idea.milestones
        ]
        if idea.status == "awarded":
            return
        actions.start_project(proposal, actor=manager, now=self.ago(start))
        for text in idea.news:
            days = start - 10 - 15 * idea.news.index(text)
            actions.report_progress(
                proposal, text=text, photos=self._photos(idea.subject, text), actor=manager, now=self.ago(days)
            )
        for number, (what, euros) in enumerate(idea.payments):
            paid = self.ago(start - 12 - 9 * number)
            day = timezone.localdate(paid)
            money.record_payment(proposal, amount_cents=euros * 100, reason=what, paid_on=day, actor=manager, now=paid)
        for done, milestone in steps:
            if done:
                late = (
                    "Het duurde langer door het weer."
                    if started + datetime.timedelta(days=done) > milestone.promised_on
                    else ""
                )
                actions.reach_milestone(milestone, reason=late, actor=manager, now=self.ago(start - done, hour=12))
        if idea.status == "completed":
            last = start - max(done for done, _ in steps)
            money.finish_project(
                proposal, reason="Het is klaar. Dank aan iedereen die meehielp!", actor=manager, now=self.ago(last - 4)
            )
        if idea.status == "cancelled":
            reason = "De buren en de bedenkers vonden samen een betere plek in het park. Daar is geen geld voor nodig."
            money.cancel_project(proposal, reason=reason, actor=manager, now=self.ago(start - 25))

    def _merge_and_report(self):
        for idea in IDEAS:
            if idea.status == "merged":
                proposal = self.proposals[idea.key]
                manager = self._manager(proposal.neighbourhood)
                actions.merge_proposals(
                    proposal, into=self.proposals["moestuin"], reason=idea.reason, actor=manager, now=self.ago(8)
                )
        key, who, text, reporter, reason = REPORTED
        comment = actions.add_comment(self.proposals[key], text=text, actor=self.people[who], now=self.ago(3))
        actions.report_comment(comment, reason=reason, actor=self.people[reporter], now=self.ago(2))

    # --- Real rounds, held elsewhere ---

    def _elections(self):
        binnenstad, havenbuurt = self.wijken[people.BINNENSTAD], self.wijken[people.HAVENBUURT]
        centrum = read_election(ELECTIONS / "amsterdam_252.pb")
        proposals = elections.import_election(centrum, neighbourhood=binnenstad, now=self.ago(210))
        budget = elections.make_budget(centrum, neighbourhood=binnenstad, now=self.ago(215))
        chosen = elections.most_voted_that_fit(centrum)
        elections.award(chosen, proposals, election=centrum, budget=budget, now=self.ago(200))
        elections.pass_over_the_rest(proposals, election=centrum, now=self.ago(200))
        for number, pk in enumerate(chosen[:6]):
            self._carry_out(proposals[pk], self._manager(binnenstad), 170 - 9 * number, is_done=number < 2)
        assen = read_election(ELECTIONS / "assen_2024.pb")
        proposals = elections.import_election(assen, neighbourhood=havenbuurt, now=self.ago(160))
        budget = elections.make_budget(assen, neighbourhood=havenbuurt, now=self.ago(165))
        elections.award(elections.recorded_winners(assen), proposals, election=assen, budget=budget, now=self.ago(150))
        elections.pass_over_the_rest(proposals, election=assen, now=self.ago(150))

    def _carry_out(self, proposal, manager, days, *, is_done):
        started = self.today - datetime.timedelta(days=days)
        by = {"actor": manager, "now": self.ago(days)}
        first = actions.plan_milestone(
            proposal, title="Plan gemaakt met bewoners", promised_on=started + datetime.timedelta(days=30), **by
        )
        last = actions.plan_milestone(proposal, title="Klaar", promised_on=started + datetime.timedelta(days=140), **by)
        actions.start_project(proposal, **by)
        actions.reach_milestone(first, actor=manager, now=self.ago(days - 25))
        paid, cents = self.ago(days - 40), proposal.estimated_cents // 10 * 4
        day = timezone.localdate(paid)
        money.record_payment(proposal, amount_cents=cents, reason="Materiaal", paid_on=day, actor=manager, now=paid)
        if is_done:
            actions.reach_milestone(last, actor=manager, now=self.ago(days - 100))
            money.finish_project(proposal, reason="Het is klaar. Kom kijken!", actor=manager, now=self.ago(days - 104))


def is_built():
    """Whether there is a town already: then the demo leaves everything as it is."""
    return Municipality.objects.exists() or Proposal.objects.exists()


@transaction.atomic
def build(now):
    """Make the whole town, or nothing."""
    Builder(now).build()
