"""What happens to money. Every euro moves by `_move`: both balances and the row, in one transaction, or nothing at all."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.models import MAX_CENTS, Account, AccountKind, Award, Budget, BudgetEvent, Transfer, TransferKind
from neighbourhoods.models import Role
from neighbourhoods.policies import roles_of
from proposals.actions import AlreadyDone, step
from proposals.models import Proposal
from wijkportaal.money import format_euros


class NotEnoughMoney(ValidationError):
    """More was asked than there is; `available_cents` is what is left."""

    def __init__(self, available_cents, message):
        super().__init__(message)
        self.available_cents = available_cents


def _account(budget, kind, proposal=None):
    return Account.objects.get_or_create(budget=budget, kind=kind, proposal=proposal)[0]


def _move(from_account, to_account, amount_cents, *, kind, reason, booked_on, actor, now, key=None, reverses=None):
    """Move `amount_cents` and write the row. Raises NotEnoughMoney when the account hasn't got it.

    The debit is one conditional UPDATE, so that of many at once only as many succeed as there is money for; a CHECK stands behind it.
    Accounts are touched in pk order: two moves crosswise can't wait for each other.
    """
    if not 0 < amount_cents <= MAX_CENTS:
        raise ValidationError({"amount_cents": _("The amount must be more than zero and at most a billion euros.")})
    changes = sorted([(from_account.pk, -amount_cents), (to_account.pk, amount_cents)])
    for pk, change in changes:
        enough = Q() if change > 0 or from_account.kind == AccountKind.SOURCE else Q(balance_cents__gte=-change)
        if not Account.objects.filter(enough, pk=pk).update(balance_cents=F("balance_cents") + change):
            available = Account.objects.values_list("balance_cents", flat=True).get(pk=pk)
            message = _("There is not enough money: %(left)s is left, and you asked %(asked)s.")
            raise NotEnoughMoney(
                available, message % {"left": format_euros(available), "asked": format_euros(amount_cents)}
            )
    return Transfer.objects.create(
        budget=from_account.budget,
        proposal=to_account.proposal or from_account.proposal,
        from_account=from_account,
        to_account=to_account,
        amount_cents=amount_cents,
        kind=kind,
        reason=reason,
        booked_on=booked_on,
        actor=actor,
        at=now,
        key=key,
        reverses=reverses,
    )


def _record(budget, kind, *, actor, now, reason="", key=None, **data):
    role = next((role for role in roles_of(actor).in_neighbourhood(None) if role != Role.RESIDENT), "")
    return BudgetEvent.objects.create(
        budget=budget, kind=kind, actor=actor, actor_role=role, reason=reason, at=now, data=data, key=key
    )


def _refuse_future(field, day, now):
    """What is written down here has happened already: raises ValidationError for a day after today."""
    if day > timezone.localdate(now):
        raise ValidationError({field: _("This date is in the future. Choose today or an earlier day.")})


def create_budget(budget, neighbourhoods, *, amount_cents, key=None, actor, now):
    """Make a budget for `neighbourhoods` (a list, not empty) and grant its first money. Raises ValidationError.

    The same `key` again gives the budget that was made then.
    """
    try:
        with transaction.atomic():
            _refuse_future("decision_on", budget.decision_on, now)
            if not neighbourhoods:
                raise ValidationError({"neighbourhoods": _("Choose at least one neighbourhood.")})
            budget.full_clean()
            budget.save()
            budget.neighbourhoods.set(neighbourhoods)
            _record(budget, "create", actor=actor, now=now, key=key, amount_cents=amount_cents)
            row = {"reason": budget.decision_title, "booked_on": budget.decision_on}
            _grant(budget, amount_cents, **row, actor=actor, now=now)
            return budget
    except IntegrityError:
        earlier = key and BudgetEvent.objects.filter(actor=actor, key=key).select_related("budget").first()
        if not earlier:
            raise
        return earlier.budget


@transaction.atomic
def raise_budget(budget, *, amount_cents, reason, decided_on, key=None, actor, now):
    """A later decision (`reason` names it) adds money; the same `key` again adds nothing. Raises ValidationError."""
    budget = Budget.objects.select_for_update(no_key=True).get(pk=budget.pk)
    if key and BudgetEvent.objects.filter(actor=actor, key=key).exists():
        return budget
    _refuse_future("decided_on", decided_on, now)
    _record(budget, "raise", actor=actor, now=now, reason=reason, key=key, amount_cents=amount_cents)
    _grant(budget, amount_cents, reason=reason, booked_on=decided_on, actor=actor, now=now)
    return budget


def _grant(budget, amount_cents, **row):
    _move(
        _account(budget, AccountKind.SOURCE),
        _account(budget, AccountKind.FREE),
        amount_cents,
        kind=TransferKind.GRANT,
        **row,
    )


@transaction.atomic
def award_project(proposal, *, budget, amount_cents, decided_on, decided_by, reason, actor, now):
    """Give a feasible proposal money from `budget`: from now on it is a project. Returns the Award.

    Raises NotEnoughMoney with what is left, ValidationError when the budget isn't for this wijk or not for that day, NotPossible when the
    proposal isn't feasible (any more).
    """
    data = {
        "amount_cents": amount_cents,
        "budget": budget.name,
        "decided_on": decided_on.isoformat(),
        "decided_by": decided_by,
    }
    proposal = step(proposal, "award", reason=reason, actor=actor, now=now, data=data)
    _refuse_future("decided_on", decided_on, now)
    if not Budget.objects.running_on(decided_on).of_neighbourhood(proposal.neighbourhood).filter(pk=budget.pk).exists():
        raise ValidationError({"budget": _("This budget is not for this neighbourhood on that date.")})
    transfer = _move(
        _account(budget, AccountKind.FREE),
        _account(budget, AccountKind.AWARDED, proposal),
        amount_cents,
        kind=TransferKind.AWARD,
        reason=reason,
        booked_on=decided_on,
        actor=actor,
        now=now,
    )
    award = Award(
        proposal=proposal,
        budget=budget,
        amount_cents=amount_cents,
        decided_on=decided_on,
        decided_by=decided_by,
        reason=reason,
        transfer=transfer,
    )
    award.full_clean()
    award.save()
    return award


@transaction.atomic
def record_payment(proposal, *, amount_cents, reason, paid_on, key=None, actor, now):
    """Write down what a project paid; `reason` says for what. Returns the Transfer.

    Raises NotEnoughMoney above what was awarded, ValidationError for a day before the award or after today, AlreadyDone when `key`
    was used before.
    """
    if key and Transfer.objects.filter(actor=actor, key=key).exclude(proposal=proposal).exists():
        raise AlreadyDone(None)
    data = {"amount_cents": amount_cents, "paid_on": paid_on.isoformat()}
    proposal = step(proposal, "spend", reason=reason, key=key, actor=actor, now=now, data=data)
    _refuse_future("paid_on", paid_on, now)
    if paid_on < proposal.award.decided_on:
        raise ValidationError({"paid_on": _("This date is before the money was awarded.")})
    budget = proposal.award.budget
    return _move(
        _account(budget, AccountKind.AWARDED, proposal),
        _account(budget, AccountKind.SPENT, proposal),
        amount_cents,
        kind=TransferKind.SPEND,
        reason=reason,
        booked_on=paid_on,
        actor=actor,
        now=now,
        key=key,
    )


@transaction.atomic
def reverse_payment(transfer, *, reason, actor, now):
    """Mend a payment that was written down wrongly: a row the other way that names it, once.

    Raises ValidationError the second time, and for a row that is no payment.
    """
    refusal = ValidationError(_("This booking can't be corrected (any more)."))
    if transfer.kind != TransferKind.SPEND:
        raise refusal
    data = {"amount_cents": transfer.amount_cents}
    step(transfer.proposal, "correct", reason=reason, actor=actor, now=now, data=data)
    if Transfer.objects.filter(reverses=transfer).exists():
        raise refusal
    return _move(
        transfer.to_account,
        transfer.from_account,
        transfer.amount_cents,
        kind=TransferKind.REVERSE,
        reason=reason,
        booked_on=timezone.localdate(now),
        actor=actor,
        now=now,
        reverses=transfer,
    )


@transaction.atomic
def finish_project(proposal, *, reason, actor, now):
    """The project is ready; `reason` tells residents what was made. What wasn't spent goes back to the budget.

    Raises ValidationError while a step is still open.
    """
    finished = _close(proposal, "finish", reason=reason, actor=actor, now=now)
    if finished.milestones.filter(
        done_on=None
    ).exists():  # after the lock: someone may be planning a step at this moment
        raise ValidationError(_("Some steps are not done yet. First mark them as done."))
    return finished


@transaction.atomic
def cancel_project(proposal, *, reason, actor, now):
    """Stop a project; what wasn't spent goes back to the budget."""
    return _close(proposal, "cancel", reason=reason, actor=actor, now=now)


def _close(proposal, verb, *, reason, actor, now):
    locked = Proposal.objects.select_for_update(no_key=True, of=["self"]).get(pk=proposal.pk)
    awarded = Account.objects.filter(proposal=locked, kind=AccountKind.AWARDED).select_related("budget").first()
    left = awarded.balance_cents if awarded else 0
    closed = step(locked, verb, reason=reason, actor=actor, now=now, data={"released_cents": left})
    if left:
        _move(
            awarded,
            _account(awarded.budget, AccountKind.FREE),
            left,
            kind=TransferKind.RELEASE,
            reason=reason,
            booked_on=timezone.localdate(now),
            actor=actor,
            now=now,
        )
    return closed
