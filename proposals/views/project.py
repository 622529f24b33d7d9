"""A project that runs: steps with dates, news."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from proposals import actions, policies
from proposals.forms.project import PlanForm, ReachForm, ReplanForm, ReportForm
from proposals.models import Milestone
from proposals.views.steps import fetch, page_of, perform, too_late, was_sent_before


def plan(request, pk):
    """Plan a step with the date on which it will be ready; several in a row when asked."""
    now = timezone.now()
    proposal = fetch(request, pk, "plan")
    if too_late(request, proposal, "plan"):
        return redirect(proposal)
    form = PlanForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        title, promised_on = form.cleaned_data["title"], form.cleaned_data["promised_on"]
        done = perform(
            request,
            form,
            lambda key: actions.plan_milestone(
                proposal, title=title, promised_on=promised_on, key=key, actor=request.user, now=now
            ),
            _("The step “%(title)s” is planned.") % {"title": title},
        )
        if done:
            return redirect("proposals:plan", pk) if "another" in request.POST else redirect(proposal)
    context = page_of(proposal, "plan", form) | {"milestones": proposal.milestones.all()}
    return render(request, "proposals/plan.html", context)


def replan(request, pk):
    """Move a step to another date, with a reason that everyone reads."""
    now = timezone.now()
    milestone = _fetch_milestone(request, pk, "replan")
    proposal = milestone.proposal
    if _is_past(request, milestone, "replan"):
        return redirect(proposal)
    form = ReplanForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            form,
            lambda key: actions.replan_milestone(
                milestone,
                promised_on=form.cleaned_data["promised_on"],
                reason=form.cleaned_data["reason"],
                key=key,
                actor=request.user,
                now=now,
            ),
            _("The step “%(title)s” has a new date.") % {"title": milestone.title},
        )
        if done:
            return redirect(proposal)
    moves = proposal.events.filter(kind="replan", data__milestone=milestone.pk).select_related("actor")
    context = page_of(proposal, "replan", form) | {"milestone": milestone, "moves": moves}
    return render(request, "proposals/replan.html", context)


def reach(request, pk):
    """A step is done today; who is late says why."""
    now = timezone.now()
    today = timezone.localdate(now)
    milestone = _fetch_milestone(request, pk, "reach")
    proposal = milestone.proposal
    if _is_past(request, milestone, "reach"):
        return redirect(proposal)
    form = ReachForm(request.POST or None, is_late=milestone.is_late(today))
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            form,
            lambda key: actions.reach_milestone(
                milestone, reason=form.cleaned_data.get("reason", ""), key=key, actor=request.user, now=now
            ),
            _("The step “%(title)s” is done.") % {"title": milestone.title},
        )
        if done:
            return redirect(proposal)
    context = page_of(proposal, "reach", form) | {"milestone": milestone, "today": today}
    return render(request, "proposals/reach.html", context)


def report(request, pk):
    """Tell how the project goes, with photos."""
    now = timezone.now()
    proposal = fetch(request, pk, "report")
    if too_late(request, proposal, "report"):
        return redirect(proposal)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        done = perform(
            request,
            form,
            lambda key: actions.report_progress(
                proposal, text=form.cleaned_data["text"], photos=form.photos, key=key, actor=request.user, now=now
            ),
            _("Your news is on the page of the project."),
        )
        if done:
            return redirect(proposal)
        form.ask_for_photos_again()
    return render(request, "proposals/report.html", page_of(proposal, "report", form))


def _fetch_milestone(request, pk, verb):
    """The step, when this user sees its project (else 404) and is the kind of person who does `verb` with it (else 403)."""
    steps = Milestone.objects.visible_to(request.user).select_related(
        "proposal__neighbourhood", "proposal__theme", "proposal__author"
    )
    milestone = get_object_or_404(steps, pk=pk)
    if not policies.has_right(request.user, verb, milestone.proposal):
        raise PermissionDenied
    return milestone


def _is_past(request, milestone, verb):
    if too_late(request, milestone.proposal, verb):
        return True
    if milestone.done_on is not None and not was_sent_before(request):
        messages.warning(request, _("This step was done already."))
        return True
    return False
