"""The wijkmanager: what waits, and each step of the check."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods import policies as town_policies
from neighbourhoods.models import Neighbourhood, Role
from proposals import actions, policies
from proposals.explanations import EXPLANATIONS, readers
from proposals.forms.steps import (
    SHOWN_FOR_MERGE,
    AssessForm,
    AssignForm,
    KeyedForm,
    MergeForm,
    ReasonForm,
    SearchForm,
    WorklistFilter,
    add_errors,
)
from proposals.models import Assessment, Comment, Milestone, Proposal, ProposalEvent
from proposals.workflow import VERBS, NotPossible, Status, Task, is_possible
from wijkportaal.money import EuroField

ACTIONS = {
    "submit": actions.submit_proposal,
    "withdraw": actions.withdraw_proposal,
    "answer": actions.answer_question,
    "publish": actions.publish_proposal,
    "send_back": actions.send_back_proposal,
    "ask": actions.ask_question,
    "accept": actions.accept_proposal,
    "reject": actions.reject_proposal,
    "pass_over": actions.pass_over_proposal,
    "reopen": actions.reopen_proposal,
    "note": actions.write_note,
    "start": actions.start_project,
}
PER_PAGE = 25
SHOWN_LATE = 10
# Longer than this and the row is marked: two weeks is what a resident may expect at each step.
WAITS_TOO_LONG_DAYS = 14


def take_step(request, pk, verb):
    """One page for every step that needs at most a reason: what will happen, who reads it, and the button."""
    now = timezone.now()
    proposal = fetch(request, pk, verb)
    if too_late(request, proposal, verb):
        return redirect(proposal)
    explanation = EXPLANATIONS[verb]
    form = ReasonForm(request.POST or None, explanation=explanation)
    if request.method == "POST" and form.is_valid():
        words = {"reason": form.cleaned_data["reason"]} if "reason" in form.fields else {}
        act = ACTIONS[verb]
        done = perform(
            request, form, lambda key: act(proposal, actor=request.user, now=now, key=key, **words), explanation.done
        )
        if done:
            return redirect(proposal)
    context = {"missing": _missing_before(verb, proposal), "question": _open_question(verb, proposal)}
    return render(request, "proposals/step.html", page_of(proposal, verb, form) | context)


def assign(request, pk):
    """Give the check to someone who works for this wijk."""
    now = timezone.now()
    proposal = fetch(request, pk, "assign")
    if too_late(request, proposal, "assign"):
        return redirect(proposal)
    staff = actions.people_of_staff(proposal.neighbourhood, timezone.localdate(now))
    initial = {"assessor": proposal.assessor_id or request.user.pk}
    form = AssignForm(request.POST or None, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        assessor = form.cleaned_data["assessor"]
        done = perform(
            request,
            form,
            lambda key: actions.assign_assessment(proposal, assessor=assessor, key=key, actor=request.user, now=now),
            _("The check is for %(name)s now.") % {"name": assessor},
        )
        if done:
            return redirect(proposal)
    return render(request, "proposals/step.html", page_of(proposal, "assign", form))


def assess(request, pk):
    """Write down what is known so far. When someone else just did, both texts are shown (409)."""
    now = timezone.now()
    proposal = fetch(request, pk, "assess")
    if too_late(request, proposal, "assess"):
        return redirect(proposal)
    kept = Assessment.objects.filter(proposal=proposal).first() or Assessment(proposal=proposal)
    initial = {"version": proposal.version, "estimated_cents": proposal.estimated_cents}
    form = AssessForm(request.POST or None, instance=kept, initial=initial)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            done = perform(
                request,
                form,
                lambda key: actions.assess_proposal(
                    proposal,
                    version=form.cleaned_data["version"],
                    key=key,
                    actor=request.user,
                    now=now,
                    **form.answers(),
                ),
                _("The check is written down."),
            )
        except actions.EditConflict as error:
            conflict = _both_texts(form, error.current)
            form.data = form.data.copy()
            form.data["version"] = error.current.version
        else:
            if done:
                return redirect(proposal)
    context = page_of(proposal, "assess", form) | {"conflict": conflict}
    return render(request, "proposals/assess.html", context, status=409 if conflict else 200)


def merge(request, pk):
    """Choose another idea of the wijk, into which this one goes."""
    now = timezone.now()
    proposal = fetch(request, pk, "merge")
    if too_late(request, proposal, "merge"):
        return redirect(proposal)
    search = SearchForm(request.GET)
    query = search.cleaned_data.get("q", "") if search.is_valid() else ""
    form = MergeForm(request.POST or None, explanation=EXPLANATIONS["merge"], proposal=proposal, query=query)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        done = perform(
            request,
            form,
            lambda key: actions.merge_proposals(
                proposal, into=into, reason=form.cleaned_data["reason"], key=key, actor=request.user, now=now
            ),
            _("The idea goes on in “%(title)s”.") % {"title": into},
        )
        if done:
            return redirect(into)
    context = {"search": search, "query": query, "shown": SHOWN_FOR_MERGE}
    return render(request, "proposals/merge.html", page_of(proposal, "merge", form) | context)


def worklist(request):
    """What waits in the wijken of this wijkmanager, longest first."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not town_policies.may(request.user, "see_worklist"):
        raise PermissionDenied
    mine = list(Neighbourhood.objects.with_role_of(request.user, [Role.NEIGHBOURHOOD_MANAGER], today))
    waiting = Proposal.objects.waiting().filter(neighbourhood__in=mine).with_task()
    form = WorklistFilter(request.GET, neighbourhoods=mine)
    page = Paginator(_narrowed(waiting, form.chosen, request.user), PER_PAGE).get_page(request.GET.get("page"))
    # Lists and figures of one page: what is shown of each row is fetched for these rows only.
    page.object_list = _rows(page.object_list, today)
    late = Milestone.objects.late_on(today).filter(proposal__neighbourhood__in=mine)
    reported = Comment.objects.filter(
        proposal__neighbourhood__in=mine, reports__settled_at=None, reports__isnull=False, hidden_at=None
    )
    context = {
        "form": form,
        "page": page,
        "is_filtered": bool(form.chosen),
        "tasks": _figures(waiting),
        "late": _late_rows(late.select_related("proposal__neighbourhood")[:SHOWN_LATE], today),
        "late_count": late.count(),
        "reported_count": reported.distinct().count(),
        "neighbourhoods": mine,
        "too_long": WAITS_TOO_LONG_DAYS,
    }
    return render(request, "proposals/worklist.html", context)


# --- What the pages of a step share ----------------------------------------------------------------------------------


def fetch(request, pk, verb):
    """The idea, when this user sees it (else 404) and is the kind of person who does `verb` with it (else 403)."""
    ideas = Proposal.objects.visible_to(request.user).select_related("neighbourhood", "theme", "author", "assessor")
    proposal = get_object_or_404(ideas, pk=pk)
    if not policies.has_right(request.user, verb, proposal):
        raise PermissionDenied
    return proposal


def too_late(request, proposal, verb):
    """Whether the status doesn't allow `verb` (any more); says so. Not for a form that was sent before: that is a success."""
    if was_sent_before(request):
        return False
    if not is_possible(verb, proposal.status):
        say_too_late(request, proposal.status)
        return True
    if verb == "answer" and proposal.asked_at is None and request.method != "POST":
        messages.warning(request, _("There is no question to answer (any more)."))
        return True
    return False


def was_sent_before(request):
    """Whether this very form did its work already: a double click, or a page that was loaded again."""
    form = KeyedForm(request.POST)
    sent = request.method == "POST" and form.is_valid()
    return sent and ProposalEvent.objects.filter(actor=request.user, key=form.cleaned_data["key"]).exists()


def say_too_late(request, status):
    text = _("Someone was faster: the idea is now “%(status)s”.")
    messages.warning(request, text % {"status": Status(status).label})


def perform(request, form, act, done):
    """Call `act(key)` and say how it went; False when there is something to mend in `form`.

    Of a form that was sent twice the second is a success as well. Lets EditConflict through.
    """
    try:
        act(form.cleaned_data["key"])
    except NotPossible as error:
        say_too_late(request, error.status)
    except actions.AlreadyDone:
        messages.success(request, done)
    except ValidationError as error:
        add_errors(form, error)
        return False
    else:
        messages.success(request, done)
    return True


def page_of(proposal, verb, form):
    """What the template of a step needs."""
    return {
        "proposal": proposal,
        "verb": VERBS[verb],
        "explanation": EXPLANATIONS.get(verb),
        "readers": readers(verb, proposal),
        "form": form,
    }


def _missing_before(verb, proposal):
    """What stands in the way of the step, or what the author may want to add: {"kind", ...} for the template."""
    match verb:
        case "accept":
            return {"estimate": proposal.estimated_cents is None}
        case "start":
            return {"steps": not proposal.milestones.exists()}
        case "submit":
            empty = {
                _("why it is good for the neighbourhood"): not proposal.why,
                _("where it should come"): not proposal.place,
                _("what it may cost"): proposal.requested_cents is None,
                _("a photo"): not proposal.photos.filter(progress_note=None).exists(),
            }
            return {"fields": [name for name, is_empty in empty.items() if is_empty]}
    return {}


def _open_question(verb, proposal):
    """The event of the question that waits for an answer; None elsewhere."""
    if verb != "answer" or proposal.asked_at is None:
        return None
    return proposal.events.filter(kind="ask").select_related("actor").last()


def _both_texts(form, current):
    """What stands there now beside what was typed, for the fields that differ."""
    kept = Assessment.objects.select_related("updated_by").filter(proposal=current).first()
    stored = AssessForm(instance=kept, initial={"estimated_cents": current.estimated_cents})
    rows = []
    for name in form.Meta.fields:
        theirs, mine = stored[name], form[name]
        pair = (_as_text(stored.fields[name], theirs.value()), _as_text(form.fields[name], mine.value()))
        if pair[0] != pair[1]:
            rows.append({"label": theirs.label, "theirs": pair[0], "mine": pair[1]})
    return {"rows": rows, "kept": kept}


def _as_text(field, value):
    value = field.prepare_value(value)
    if isinstance(field, EuroField) and value:
        return f"€\u00a0{value}"
    return str(dict(getattr(field, "choices", [])).get(value, value) or "")


# --- The work list ---------------------------------------------------------------------------------------------------


def _narrowed(waiting, chosen, user):
    if "wijk" in chosen:
        waiting = waiting.filter(neighbourhood__slug=chosen["wijk"])
    if "taak" in chosen:
        waiting = waiting.filter(task=chosen["taak"])
    match chosen.get("wie"):
        case "me":
            waiting = waiting.filter(assessor=user)
        case "nobody":
            waiting = waiting.filter(assessor=None)
    return waiting.select_related("neighbourhood", "author", "assessor")


def _rows(ideas, today):
    ideas = list(ideas)
    for idea in ideas:
        idea.task_label = Task(idea.task).label
        idea.days = _days(idea.waiting_since, today)
        idea.is_too_long = idea.days > WAITS_TOO_LONG_DAYS and idea.task != Task.QUESTION
        idea.asked_days = _days(idea.asked_at, today) if idea.asked_at else None
    return ideas


def _days(moment, today):
    """Whole days by the calendar of the town: what came in yesterday evening waits one day this morning."""
    return (today - timezone.localdate(moment)).days


def _figures(waiting):
    """How many ideas wait per task, in the order of Task; one query."""
    counted = dict(waiting.order_by().values_list("task").annotate(Count("pk")))
    return [{"task": task, "label": task.label, "count": counted.get(task.value, 0)} for task in Task]


def _late_rows(milestones, today):
    milestones = list(milestones)
    for milestone in milestones:
        milestone.late_days = (today - milestone.promised_on).days
        milestone.may_reach = milestone.proposal.status == Status.IN_PROGRESS
    return milestones
