"""Making and raising budgets, awarding, paying, correcting, finishing and stopping: each verb a page of its own."""

import datetime

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets import actions, policies
from budgets.forms import AwardForm, BudgetForm, CancelForm, CorrectForm, FinishForm, RaiseForm, SpendForm
from budgets.models import Budget, Transfer, TransferKind
from proposals.actions import AlreadyDone
from proposals.models import Proposal
from proposals.policies import has_right
from proposals.workflow import NotPossible, Status, is_possible
from wijkportaal.money import format_euros

# A decision of December is sometimes written down in January: budgets that ended not longer ago than this are offered too.
WRITTEN_DOWN_WITHIN = datetime.timedelta(days=92)


def create_budget(request):
    if not policies.may(request.user, "grant"):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    year = {"starts_on": today.replace(month=1, day=1), "ends_on": today.replace(month=12, day=31)}
    form = BudgetForm(request.POST or None, initial=year)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        made = _try(
            form,
            lambda: actions.create_budget(
                form.instance,
                list(fields["neighbourhoods"]),
                amount_cents=fields["amount_cents"],
                key=fields["key"],
                actor=request.user,
                now=now,
            ),
        )
        if made:
            messages.success(request, _("The budget is there. From now on money can be awarded from it."))
            return redirect(made)
    return render(request, "budgets/create_budget.html", {"form": form})


def raise_budget(request, pk):
    budget = get_object_or_404(Budget.objects.visible_to(request.user).with_free(), pk=pk)
    if not policies.may(request.user, "grant"):
        raise PermissionDenied
    now = timezone.now()
    form = RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _try(form, lambda: actions.raise_budget(budget, **form.cleaned_data, actor=request.user, now=now))
        if done:
            amount = format_euros(form.cleaned_data["amount_cents"])
            messages.success(request, _("%(amount)s was added to the budget.") % {"amount": amount})
            return redirect(budget)
    return render(request, "budgets/raise_budget.html", {"form": form, "budget": budget})


def award(request, pk):
    proposal = _proposal(request.user, pk, "award")
    if not is_possible("award", proposal.status):
        return _too_late(request, proposal)
    now = timezone.now()
    today = timezone.localdate(now)
    budgets = Budget.objects.visible_to(request.user).of_neighbourhood(proposal.neighbourhood).with_free()
    budgets = budgets.filter(starts_on__lte=today).order_by("-ends_on", "name", "id")
    offered = budgets.filter(ends_on__gte=today - WRITTEN_DOWN_WITHIN)
    initial = {"amount_cents": proposal.estimated_cents, "decided_on": today}
    running = [budget for budget in offered if budget.ends_on >= today]
    if first := max(running, key=lambda budget: budget.free_cents, default=None):
        initial["budget"] = first.pk
    # What was offered may have got too old since; whether the budget runs on the day of the decision is for the action to say.
    form = AwardForm(request.POST or None, initial=initial, budgets=budgets if request.method == "POST" else offered)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            done = _try(form, lambda: actions.award_project(proposal, **fields, actor=request.user, now=now))
        except NotPossible:
            return _too_late(request, proposal)
        if done:
            text = _("%(amount)s was awarded. The idea is now a project.")
            messages.success(request, text % {"amount": format_euros(fields["amount_cents"])})
            return redirect(proposal)
    context = {"form": form, "proposal": proposal, "budgets": list(offered)}
    return render(request, "budgets/award.html", context)


def spend(request, pk):
    proposal = _proposal(request.user, pk, "spend")
    if not is_possible("spend", proposal.status):
        return _too_late(request, proposal)
    now = timezone.now()
    form = SpendForm(request.POST or None, initial={"paid_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            done = _try(form, lambda: actions.record_payment(proposal, **fields, actor=request.user, now=now))
        except NotPossible:
            return _too_late(request, proposal)
        if done:
            text = _("The payment of %(amount)s was written down.")
            messages.success(request, text % {"amount": format_euros(fields["amount_cents"])})
            return redirect(proposal)
    return render(request, "budgets/spend.html", {"form": form, **_money(proposal)})


def correct(request, pk):
    transfer = get_object_or_404(
        Transfer.objects.visible_to(request.user).select_related("proposal__neighbourhood", "proposal__author"), pk=pk
    )
    if transfer.kind != TransferKind.SPEND:
        raise Http404
    proposal = transfer.proposal
    if not has_right(request.user, "correct", proposal):
        raise PermissionDenied
    if not is_possible("correct", proposal.status):
        return _too_late(request, proposal)
    if hasattr(transfer, "reversed_by"):
        messages.info(request, _("This payment was corrected already."))
        return redirect(proposal)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _try(
                form,
                lambda: actions.reverse_payment(transfer, **form.cleaned_data, actor=request.user, now=timezone.now()),
            )
        except NotPossible:
            return _too_late(request, proposal)
        if done:
            text = _("The payment was taken back. The project has %(amount)s more to spend.")
            messages.success(request, text % {"amount": format_euros(transfer.amount_cents)})
            return redirect(proposal)
    return render(request, "budgets/correct.html", {"form": form, "transfer": transfer, "proposal": proposal})


def finish(request, pk):
    proposal = _proposal(request.user, pk, "finish")
    if not is_possible("finish", proposal.status):
        return _too_late(request, proposal)
    form = FinishForm(request.POST or None)
    return _close(request, proposal, form, actions.finish_project, _("The project is finished."), "budgets/finish.html")


def cancel(request, pk):
    proposal = _proposal(request.user, pk, "cancel")
    if not is_possible("cancel", proposal.status):
        return _too_late(request, proposal)
    form = CancelForm(request.POST or None)
    return _close(request, proposal, form, actions.cancel_project, _("The project was stopped."), "budgets/cancel.html")


def _close(request, proposal, form, action, message, template):
    if request.method == "POST" and form.is_valid():
        try:
            done = _try(form, lambda: action(proposal, **form.cleaned_data, actor=request.user, now=timezone.now()))
        except NotPossible:
            return _too_late(request, proposal)
        if done:
            messages.success(request, message)
            return redirect(proposal)
    open_steps = list(proposal.milestones.filter(done_on=None))
    return render(request, template, {"form": form, "open_steps": open_steps, **_money(proposal)})


def _proposal(user, pk, verb):
    """The idea, if `user` may see it (else 404) and is one who does `verb` with it (else 403)."""
    proposal = get_object_or_404(Proposal.objects.visible_to(user).select_related("neighbourhood", "author"), pk=pk)
    if not has_right(user, verb, proposal):
        raise PermissionDenied
    return proposal


def _too_late(request, proposal):
    status = Status(Proposal.objects.values_list("status", flat=True).get(pk=proposal.pk))
    messages.warning(
        request, _("This is not possible any more: the idea is now “%(status)s”.") % {"status": status.label}
    )
    return redirect(proposal)


def _money(proposal):
    """What a project got, spent and has left, for the pages that change it."""
    balances = dict(proposal.accounts.values_list("kind", "balance_cents"))
    left, spent = balances.get("awarded", 0), balances.get("spent", 0)
    return {"proposal": proposal, "left": left, "spent": spent, "awarded": left + spent}


def _try(form, action):
    """What `action` gives, True when it was done before, None when it was refused: then the form says why."""
    try:
        return action()
    except AlreadyDone:
        return True
    except ValidationError as error:
        # A rule about a field that this form doesn't have is said above the form.
        known = {
            name if name in form.fields else NON_FIELD_ERRORS: found
            for name, found in getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]}).items()
        }
        if isinstance(error, actions.NotEnoughMoney):
            known = {"amount_cents": [error]}
        form.add_error(None, ValidationError(known))
        return None
