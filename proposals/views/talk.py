"""Support and reactions."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Min, Prefetch, Q
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from neighbourhoods.models import Neighbourhood, Role
from neighbourhoods.policies import roles_of
from proposals import actions, policies
from proposals.forms.steps import add_errors
from proposals.forms.talk import CommentForm, HideForm, ReportForm
from proposals.models import Comment, CommentReport, Proposal
from proposals.views.steps import say_too_late, too_late
from proposals.workflow import NotPossible

THREADS_PER_PAGE = 50
REPORTED_PER_PAGE = 20


def only_by_button(back):
    """For a POST without a page of its own: who opens the address gets 405 and a link to `back`, a URL name."""

    def decorate(view):
        @wraps(view)
        def guarded(request, pk):
            if request.method == "POST":
                return view(request, pk)
            url = reverse(back, args=[pk] if back == "proposals:detail" else [])
            page = render_to_string("proposals/only_by_button.html", {"back_url": url}, request)
            return HttpResponseNotAllowed(["POST"], page)

        return guarded

    return decorate


@only_by_button("proposals:detail")
def support(request, pk):
    """One person, one support. It is no vote."""
    return _press(request, pk, actions.support_proposal, _("Thank you. You support this idea."))


@only_by_button("proposals:detail")
def unsupport(request, pk):
    """Take one's support back."""
    return _press(request, pk, actions.unsupport_proposal, _("You no longer support this idea."))


def _press(request, pk, act, done):
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    try:
        act(proposal, actor=request.user, now=timezone.now())
    except NotPossible as error:
        say_too_late(request, error.status)
    else:
        messages.success(request, done)
    return redirect(proposal)


def comment(request, pk):
    """React to an idea or, with `?op=`, to a reaction."""
    now = timezone.now()
    ideas = Proposal.objects.visible_to(request.user).select_related("neighbourhood")
    proposal = get_object_or_404(ideas, pk=pk)
    if not policies.has_right(request.user, "comment", proposal):
        raise PermissionDenied
    if too_late(request, proposal, "comment"):
        return redirect(proposal)
    parent = _parent(request, proposal)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, key = form.cleaned_data["text"], form.cleaned_data["key"]
        try:
            written = actions.add_comment(proposal, text=text, parent=parent, key=key, actor=request.user, now=now)
        except NotPossible as error:
            say_too_late(request, error.status)
            return redirect(proposal)
        except actions.AlreadyDone:
            messages.success(request, _("Thank you. Your reaction is on the page."))
            return redirect(proposal.get_absolute_url() + "#reacties")
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Thank you. Your reaction is on the page."))
            return redirect(address_of(written, proposal))
    return render(request, "proposals/comment.html", {"form": form, "proposal": proposal, "parent": parent})


def _parent(request, proposal):
    """The reaction that is replied to; None for a reaction to the idea. 404 for what can't be replied to."""
    value = request.GET.get("op", "")
    if not value:
        return None
    pk = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else None
    open_for_replies = Comment.objects.filter(proposal=proposal, parent=None, hidden_at=None).select_related("author")
    return get_object_or_404(open_for_replies, pk=pk)


def address_of(comment, proposal):
    """Where this reaction can be read: the page of the idea on which its thread is, scrolled to it."""
    query = ""
    if proposal.comment_count >= THREADS_PER_PAGE:
        before = Comment.objects.filter(proposal=proposal, parent=None, pk__lt=comment.parent_id or comment.pk).count()
        if before >= THREADS_PER_PAGE:
            query = f"?page={before // THREADS_PER_PAGE + 1}"
    return f"{proposal.get_absolute_url()}{query}#reactie-{comment.pk}"


def _fetch_comment(request, pk):
    comments = Comment.objects.visible_to(request.user).select_related("author", "proposal__neighbourhood")
    return get_object_or_404(comments, pk=pk)


def report_comment(request, pk):
    """Say that a reaction is not all right."""
    comment = _fetch_comment(request, pk)
    back = address_of(comment, comment.proposal)
    if comment.is_hidden:
        messages.info(request, _("This reaction is hidden already."))
        return redirect(back)
    if too_late(request, comment.proposal, "report_comment"):
        return redirect(back)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _act(
            request,
            form,
            lambda: actions.report_comment(
                comment, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
            ),
            _("Thank you. The neighbourhood manager looks at this reaction."),
        )
        if done:
            return redirect(back)
    return render(
        request, "proposals/report_comment.html", {"form": form, "comment": comment, "proposal": comment.proposal}
    )


def hide_comment(request, pk):
    """Hide a reaction, with a reason that everyone reads."""
    comment = _fetch_for_judging(request, pk)
    if comment.is_hidden:
        messages.info(request, _("This reaction is hidden already."))
        return redirect("proposals:reported_comments")
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _act(
            request,
            form,
            lambda: actions.hide_comment(
                comment, reason=form.cleaned_data["reason"], actor=request.user, now=timezone.now()
            ),
            _("The reaction is hidden. The writer gets a mail with your reason."),
        )
        if done:
            return redirect(address_of(comment, comment.proposal))
    context = {
        "form": form,
        "comment": comment,
        "proposal": comment.proposal,
        "reports": comment.reports.open().select_related("reporter").order_by("id"),
    }
    return render(request, "proposals/hide_comment.html", context)


@only_by_button("proposals:reported_comments")
def keep_comment(request, pk):
    """A reported reaction is all right after all."""
    comment = _fetch_for_judging(request, pk)
    try:
        actions.keep_comment(comment, actor=request.user, now=timezone.now())
    except NotPossible as error:
        say_too_late(request, error.status)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("The reaction stays. The report is off your list."))
    return redirect("proposals:reported_comments")


def _fetch_for_judging(request, pk):
    comment = _fetch_comment(request, pk)
    if not policies.may_judge_comments(request.user, comment.proposal.neighbourhood):
        raise PermissionDenied
    return comment


def _act(request, form, act, done):
    """Call `act` and say how it went; False when there is something to mend in `form`."""
    try:
        act()
    except NotPossible as error:
        say_too_late(request, error.status)
    except ValidationError as error:
        add_errors(form, error)
        return False
    else:
        messages.success(request, done)
    return True


def reported_comments(request):
    """The wijkmanager's list of reported reactions, the one that waits longest first."""
    if not roles_of(request.user).has_anywhere(Role.NEIGHBOURHOOD_MANAGER):
        raise PermissionDenied
    mine = Neighbourhood.objects.with_role_of(request.user, [Role.NEIGHBOURHOOD_MANAGER], timezone.localdate())
    reports = CommentReport.objects.open().select_related("reporter").order_by("id")
    waiting = (
        Comment.objects.filter(proposal__neighbourhood__in=mine, hidden_at=None)
        .annotate(reported_at=Min("reports__at", filter=Q(reports__settled_at=None)))
        .filter(reported_at__isnull=False)
        .select_related("author", "proposal__neighbourhood")
        .prefetch_related(Prefetch("reports", reports, to_attr="open_reports"))
        .order_by("reported_at", "id")
    )
    page = Paginator(waiting, REPORTED_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "proposals/reported_comments.html", {"page": page})
