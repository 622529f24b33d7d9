"""How much: budgets, and the append-only ledger of transfers between their accounts, in whole euro cents."""

from collections import defaultdict

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood, PublicQuerySet
from proposals.models import Proposal
from wijkportaal.append_only import append_only
from wijkportaal.audit import Event

MAX_CENTS = 10**9 * 100


class BudgetQuerySet(PublicQuerySet):
    def of_neighbourhood(self, neighbourhood):
        return self.filter(neighbourhoods=neighbourhood)

    def running_on(self, day):
        """Budgets from which can be awarded on `day`."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def with_free(self):
        """Each with `free_cents`: what can still be awarded from it."""
        free = Account.objects.filter(budget=OuterRef("pk"), kind=AccountKind.FREE).values("balance_cents")
        return self.annotate(free_cents=Coalesce(Subquery(free), 0, output_field=models.BigIntegerField()))

    def in_year(self, year):
        """Budgets whose period falls (partly) in `year`."""
        return self.filter(starts_on__year__lte=year, ends_on__year__gte=year)


class Budget(models.Model):
    """Money for one or several wijken in a period, granted by a decision of the council or the board."""

    name = models.CharField(_("name of the budget"), max_length=120)
    neighbourhoods = models.ManyToManyField(Neighbourhood, related_name="budgets", verbose_name=_("neighbourhoods"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    decision_title = models.CharField(_("decision that grants the money"), max_length=200)
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    decision_on = models.DateField(_("date of the decision"))
    decision_url = models.URLField(_("link to the decision"), blank=True, max_length=300)
    rules = models.TextField(
        _("rules for this money"), max_length=1000, blank=True, help_text=_("Residents read this.")
    )

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="budget_ends_after_start",
                violation_error_message=_("The last day can't be before the first day."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("budgets:budget", args=[self.pk])


class AccountKind(models.TextChoices):
    SOURCE = "source", _("granted")  # where the money comes from: its balance is minus what was granted
    FREE = "free", _("free")
    AWARDED = "awarded", _("awarded, not yet spent")
    SPENT = "spent", _("spent")


PER_BUDGET = [AccountKind.SOURCE, AccountKind.FREE]
PER_PROJECT = [AccountKind.AWARDED, AccountKind.SPENT]


class Account(models.Model):
    """A place where money of one budget is. The balance is a running total of the transfers; the database keeps it from going wrong."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=10, choices=AccountKind)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="accounts", null=True)
    balance_cents = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AccountKind.SOURCE, balance_cents__lte=0)
                | (Q(kind__in=[AccountKind.FREE, *PER_PROJECT]) & Q(balance_cents__gte=0)),
                name="account_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PER_BUDGET, proposal=None) | Q(kind__in=PER_PROJECT, proposal__isnull=False),
                name="account_project_fits_kind",
            ),
            models.UniqueConstraint(
                fields=["budget", "kind"], condition=Q(proposal=None), name="account_once_per_budget"
            ),
            models.UniqueConstraint(
                fields=["budget", "kind", "proposal"],
                condition=Q(proposal__isnull=False),
                name="account_once_per_project",
            ),
        ]

    def __str__(self):
        return f"{self.budget}: {self.get_kind_display()}"


class TransferKind(models.TextChoices):
    GRANT = "grant", _("granted")
    AWARD = "award", _("awarded")
    SPEND = "spend", _("paid")
    RELEASE = "release", _("returned to the budget")
    REVERSE = "reverse", _("corrected")


# Which rows make up each figure, and with which sign: every figure is the sum of rows that anyone can look at.
ROWS_OF_FIGURE = {
    "granted": {TransferKind.GRANT: 1},
    "free": {TransferKind.GRANT: 1, TransferKind.AWARD: -1, TransferKind.RELEASE: 1},
    "awarded": {TransferKind.AWARD: 1, TransferKind.RELEASE: -1},
    "spent": {TransferKind.SPEND: 1, TransferKind.REVERSE: -1},
    "to_spend": {
        TransferKind.AWARD: 1,
        TransferKind.RELEASE: -1,
        TransferKind.SPEND: -1,
        TransferKind.REVERSE: 1,
    },
}
ROWS_OF_FIGURE["elsewhere"] = ROWS_OF_FIGURE["awarded"]
OF_WHOLE_BUDGETS = {"granted", "free"}  # also on the page of one wijk; the other figures count its own projects


class TransferQuerySet(PublicQuerySet):
    def for_list(self):
        """With all that a row of the journal shows, newest first."""
        return self.select_related("proposal__neighbourhood", "budget", "reverses", "reversed_by").order_by(
            "-booked_on", "-id"
        )

    def of_figure(self, figure):
        """The rows that make up `figure` (a key of ROWS_OF_FIGURE), each with `signed_cents`: what it adds or takes away."""
        signs = ROWS_OF_FIGURE[figure]
        taking = [kind for kind, sign in signs.items() if sign < 0]
        signed = Case(
            When(kind__in=taking, then=-F("amount_cents")),
            default=F("amount_cents"),
            output_field=models.BigIntegerField(),
        )
        return self.filter(kind__in=list(signs)).annotate(signed_cents=signed)

    def of_neighbourhood(self, neighbourhood):
        """Transfers of budgets of this wijk; of a shared budget only its own projects and what concerns the whole budget."""
        own = Q(proposal__neighbourhood=neighbourhood) | Q(proposal=None)
        return self.filter(own, budget__in=Budget.objects.of_neighbourhood(neighbourhood))

    def behind(self, figure, budgets, neighbourhood=None):
        """The rows behind `figure` as figures() counts it for the same `budgets` and `neighbourhood`."""
        rows = self.filter(budget__in=budgets.values("pk")).of_figure(figure)
        if neighbourhood is None or figure in OF_WHOLE_BUDGETS:
            return rows
        if figure == "elsewhere":
            return rows.exclude(proposal__neighbourhood=neighbourhood)
        return rows.filter(proposal__neighbourhood=neighbourhood)


@append_only
class Transfer(models.Model):
    """Money goes from one account to another of the same budget: one row, never changed. A mistake is mended by a row that reverses it."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="transfers")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="transfers", null=True)
    from_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="outgoing")
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="incoming")
    amount_cents = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=TransferKind)
    reason = models.TextField(max_length=2000)
    booked_on = models.DateField(help_text="The day of the decision or the payment.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    key = models.UUIDField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, amount_cents__lte=MAX_CENTS), name="transfer_amount_positive"
            ),
            models.CheckConstraint(condition=~Q(from_account=F("to_account")), name="transfer_between_two_accounts"),
            models.CheckConstraint(condition=Q(kind__in=TransferKind.values), name="transfer_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=TransferKind.REVERSE, reverses__isnull=False)
                | (~Q(kind=TransferKind.REVERSE) & Q(reverses=None)),
                name="transfer_reverse_names_its_row",
            ),
            models.UniqueConstraint(fields=["actor", "key"], name="transfer_once"),
        ]
        indexes = [
            # The journal, newest day first: of one budget, and of the town.
            models.Index(fields=["budget", "-booked_on", "-id"], name="transfer_journal"),
            models.Index(fields=["-booked_on", "-id"], name="transfer_journal_of_town"),
            models.Index(fields=["proposal", "-id"], name="transfer_of_project"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount_cents}"


class Award(models.Model):
    """The decision that a project gets money: how much, from which budget, who decided, when and why."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="award")
    budget = models.ForeignKey(
        Budget, on_delete=models.PROTECT, related_name="awards", verbose_name=_("from which budget?")
    )
    amount_cents = models.BigIntegerField(_("how much?"))
    decided_on = models.DateField(_("when was it decided?"))
    decided_by = models.CharField(
        _("who decided?"), max_length=160, help_text=_("For example: meeting of the neighbourhood team.")
    )
    reason = models.TextField(_("why?"), max_length=2000)
    transfer = models.OneToOneField(Transfer, on_delete=models.PROTECT, related_name="award")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="award_amount_positive")]

    def __str__(self):
        return f"{self.proposal}: {self.amount_cents}"


@append_only
class BudgetEvent(Event):
    """What happened to a budget as a whole."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="events")


def _complete(granted, free, to_spend, spent, *, of_one_wijk):
    awarded = to_spend + spent
    elsewhere = {"elsewhere": granted - free - awarded} if of_one_wijk else {}
    return {
        "granted": granted,
        "free": free,
        "awarded": awarded,
        "spent": spent,
        "to_spend": to_spend,
        **elsewhere,
    }


def figures(budgets, neighbourhood=None):
    """What became of the money of `budgets` (a QuerySet), in cents: granted, free, awarded, spent and to_spend. One query.

    `awarded` is what projects got and kept, so granted = free + awarded and awarded = spent + to_spend. With `neighbourhood`, awarded,
    spent and to_spend count only that wijk's projects, granted and free stay those of the whole budgets, and there is `elsewhere`: what
    projects in other wijken got from shared budgets.
    """
    project = Q(proposal__isnull=False) if neighbourhood is None else Q(proposal__neighbourhood=neighbourhood)
    sums = Account.objects.filter(budget__in=budgets.values("pk")).aggregate(
        source=Sum("balance_cents", filter=Q(kind=AccountKind.SOURCE), default=0),
        free=Sum("balance_cents", filter=Q(kind=AccountKind.FREE), default=0),
        to_spend=Sum("balance_cents", filter=project & Q(kind=AccountKind.AWARDED), default=0),
        spent=Sum("balance_cents", filter=project & Q(kind=AccountKind.SPENT), default=0),
    )
    amounts = {name: int(cents) for name, cents in sums.items()}
    return _complete(
        -amounts["source"],
        amounts["free"],
        amounts["to_spend"],
        amounts["spent"],
        of_one_wijk=neighbourhood is not None,
    )


def overview(budgets):
    """Figures of all `budgets` together, of each budget and of each wijk: (figures, {budget id: figures}, {wijk id: figures}).

    Each is what figures() says, in two queries for all of them.
    """
    sums = (
        Account.objects.filter(budget__in=budgets.values("pk"))
        .order_by()
        .values_list("budget_id", "proposal__neighbourhood_id", "kind")
        .annotate(cents=Sum("balance_cents"))
    )
    of_budget = defaultdict(lambda: defaultdict(int))
    of_projects = defaultdict(int)
    for budget_id, wijk_id, kind, cents in sums:
        of_budget[budget_id][kind] += int(cents)
        of_projects[budget_id, wijk_id, kind] += int(cents)
    members = defaultdict(set)
    pairs = Budget.neighbourhoods.through.objects.filter(budget__in=budgets.values("pk"))
    for budget_id, wijk_id in pairs.values_list("budget_id", "neighbourhood_id"):
        members[wijk_id].add(budget_id)

    def add_up(ids, wijk_id=None):
        def total(kind):
            return sum(of_budget[pk][kind] for pk in ids)

        def of_wijk(kind):
            return total(kind) if wijk_id is None else sum(of_projects[pk, wijk_id, kind] for pk in ids)

        return _complete(
            -total(AccountKind.SOURCE),
            total(AccountKind.FREE),
            of_wijk(AccountKind.AWARDED),
            of_wijk(AccountKind.SPENT),
            of_one_wijk=wijk_id is not None,
        )

    ids = set(of_budget)
    per_budget = {pk: add_up([pk]) for pk in ids}
    per_neighbourhood = {wijk_id: add_up(theirs & ids, wijk_id) for wijk_id, theirs in members.items()}
    return add_up(ids), per_budget, per_neighbourhood
