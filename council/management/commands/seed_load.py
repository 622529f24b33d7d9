"""Many made-up ideas and people, to measure with. Rows go straight into the tables: this is no example of how to write."""

import datetime
import random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from budgets import actions as money
from budgets.models import Account, Award, Budget, Transfer
from neighbourhoods.models import Membership, Municipality, Neighbourhood, Role, Theme
from proposals.models import CoInitiator, Comment, Milestone, Proposal, ProposalEvent, Support
from proposals.workflow import PRIVATE, PROJECT, STEPS, WAITS_FOR_MANAGER, Status
from wijkportaal.search import index_text

WORDS = (
    "bomen speeltuin bankje fietsenrek zebrapad lantaarn moestuin buurthuis muziek kunst water plein school ouderen jongeren "
    "groen veilig straat kade park brug tafel koffie boeken bloemen hek doel veld muur markt feest zon regen tegel bij vlinder"
).split()
NAMES = ("Oost", "West", "Noord", "Zuid", "Centrum", "Haven", "Dorp", "Veld", "Park", "Kade", "Linde", "Berk")
# How often each status occurs, in parts of a hundred.
MIX = {
    Status.DRAFT: 4, Status.SUBMITTED: 5, Status.RETURNED: 2, Status.PUBLISHED: 30, Status.FEASIBLE: 14, Status.INFEASIBLE: 12,
    Status.AWARDED: 5, Status.IN_PROGRESS: 8, Status.COMPLETED: 15, Status.CANCELLED: 2, Status.WITHDRAWN: 3,
}  # fmt: skip
BATCH = 1000


class Command(BaseCommand):
    help = "Add ideas and people until there are this many. Only where DEMO=1 or DEBUG=1."

    def add_arguments(self, parser):
        parser.add_argument("--proposals", type=int, default=20_000)
        parser.add_argument("--users", type=int, default=5_000)

    def handle(self, *, proposals, users, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("seed_load fills tables with nonsense; it only runs where DEMO=1 or DEBUG=1.")
        self.random = random.Random(1)  # noqa: S311 - the same load every time
        self.now = timezone.now()
        with transaction.atomic():
            places = self._places()
            people = self._people(users)
            made = self._ideas(proposals, places, people)
        self.stdout.write(f"{made} ideas added: {Proposal.objects.count()} ideas, {len(people)} people.")

    def _places(self):
        Municipality.objects.get_or_create(defaults={"name": "Voorbeeldstad"})
        for name in ("Voorzieningen", "Groen en buiten", "Veilig", "Elkaar ontmoeten"):
            Theme.objects.get_or_create(name=name, defaults={"slug": name.lower().replace(" ", "-")})
        if not Neighbourhood.objects.exists():
            Neighbourhood.objects.bulk_create(
                Neighbourhood(code=f"WK98{number:04}", name=name, slug=name.lower())
                for number, name in enumerate(NAMES)
            )
        return list(Neighbourhood.objects.all())

    def _people(self, users):
        have, nobody_knows = User.objects.count(), make_password(None)
        User.objects.bulk_create(
            [
                User(email=f"bewoner{number}@example.org", name=f"Bewoner {number}", password=nobody_knows)
                for number in range(have, users)
            ],
            batch_size=BATCH,
        )
        councillor = User.objects.order_by("pk").first()
        Membership.objects.get_or_create(
            user=councillor, role=Role.COUNCILLOR, neighbourhood=None, defaults={"starts_on": datetime.date(2020, 1, 1)}
        )
        return list(User.objects.order_by("pk").values_list("pk", flat=True))

    def _ideas(self, wanted, places, people):
        themes = list(Theme.objects.all())
        budget = self._budget(places)
        have = Proposal.objects.count()
        statuses = self.random.choices(list(MIX), weights=MIX.values(), k=max(0, wanted - have))
        for first in range(0, len(statuses), BATCH):
            rows = [
                self._idea(have + first + number, status, places, themes, people)
                for number, status in enumerate(statuses[first : first + BATCH])
            ]
            Proposal.objects.bulk_create(rows)
            self._around(rows, people, budget)
        return len(statuses)

    def _budget(self, places):
        budget = Budget.objects.filter(name="Load").first()
        if budget:
            return budget
        year = self.now.year
        budget = Budget(
            name="Load",
            starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year, 12, 31),
            decision_title="Load",
            decision_on=datetime.date(year, 1, 1),
        )
        actor = User.objects.order_by("pk").first()
        return money.create_budget(budget, places, amount_cents=100_000_000_00, actor=actor, now=self.now)

    def _idea(self, number, status, places, themes, people):
        text = " ".join(self.random.choices(WORDS, k=60))
        title = f"{self.random.choice(WORDS).capitalize()} en {self.random.choice(WORDS)} {number}"
        at = self.now - datetime.timedelta(minutes=self.random.randint(60, 900_000))
        cents = self.random.randint(10, 3000) * 1000
        return Proposal(
            neighbourhood=self.random.choice(places),
            theme=self.random.choice(themes),
            author_id=self.random.choice(people),
            title=title,
            what=text,
            why=text[:200],
            place="Straat",
            requested_cents=cents,
            estimated_cents=None if status in PRIVATE else cents,
            status=status,
            created_at=at,
            submitted_at=None if status == Status.DRAFT else at,
            published_at=None if status in PRIVATE else at,
            waiting_since=at if status in WAITS_FOR_MANAGER else None,
            status_since=at,
            support_count=0,
            search_text=index_text(title, text, text[:200], "Straat"),
        )

    def _around(self, rows, people, budget):
        """What hangs on ideas: history, support, reactions, and for projects their money and steps."""
        events, supports, comments, joined, milestones = [], [], [], [], []
        for idea in rows:
            road = STEPS[: STEPS.index(idea.status) + 1] if idea.status in STEPS else STEPS[:2]
            kinds = ("submit", "publish", "accept", "award", "start", "finish")[: len(road)]
            events += [
                ProposalEvent(proposal=idea, kind=kind, to_status=status, actor_id=idea.author_id, at=idea.created_at)
                for kind, status in zip(kinds, road, strict=True)
            ]
            if idea.published_at:
                fans = self.random.sample(people, min(len(people), self.random.randint(0, 8)))
                supports += [Support(proposal=idea, user_id=pk, at=idea.created_at) for pk in fans]
                idea.support_count = len(fans)
                idea.comment_count = self.random.randint(0, 3)
                comments += [
                    Comment(proposal=idea, author_id=self.random.choice(people), text="Goed idee!", at=idea.created_at)
                    for _ in range(idea.comment_count)
                ]
            if self.random.random() < 0.2:
                joined.append(
                    CoInitiator(proposal=idea, user_id=(idea.author_id % len(people)) + people[0], at=idea.created_at)
                )
            if idea.status in PROJECT:
                day = timezone.localdate(self.now) + datetime.timedelta(days=self.random.randint(-60, 60))
                done_on = day if idea.status == Status.COMPLETED else None
                milestones.append(
                    Milestone(proposal=idea, title="Klaar", promised_on=day, first_promised_on=day, done_on=done_on)
                )
        for model, made in ((ProposalEvent, events), (Support, supports), (Comment, comments), (Milestone, milestones)):
            model.objects.bulk_create(made, batch_size=BATCH)
        CoInitiator.objects.bulk_create(
            [row for row in joined if row.user_id != row.proposal.author_id], ignore_conflicts=True
        )
        Proposal.objects.bulk_update(rows, ["support_count", "comment_count"], batch_size=BATCH)
        self._money([idea for idea in rows if idea.status in PROJECT and idea.status != Status.CANCELLED], budget)

    def _money(self, projects, budget):
        free = budget.accounts.get(kind="free")
        accounts = [
            Account(budget=budget, kind="awarded", proposal=idea, balance_cents=idea.estimated_cents)
            for idea in projects
        ]
        Account.objects.bulk_create(accounts)
        transfers = [
            Transfer(
                budget=budget,
                proposal=account.proposal,
                from_account=free,
                to_account=account,
                amount_cents=account.balance_cents,
                kind="award",
                reason="Load",
                booked_on=timezone.localdate(self.now),
                actor_id=account.proposal.author_id,
                at=self.now,
            )
            for account in accounts
        ]
        Transfer.objects.bulk_create(transfers)
        Award.objects.bulk_create(
            Award(
                proposal=row.proposal,
                budget=budget,
                amount_cents=row.amount_cents,
                decided_on=row.booked_on,
                decided_by="Load",
                reason="Load",
                transfer=row,
            )
            for row in transfers
        )
        total = sum(account.balance_cents for account in accounts)
        Account.objects.filter(pk=free.pk).update(balance_cents=free.balance_cents - total)
