"""Writing: bringing an idea, changing it, doing it together."""

import copy
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neighbourhoods.models import Membership, Neighbourhood
from proposals import actions, policies
from proposals.forms.steps import add_errors
from proposals.forms.writing import InviteForm, ProposalForm
from proposals.models import Invitation, Proposal
from proposals.views.steps import fetch, say_too_late, too_late, was_sent_before
from proposals.workflow import NotPossible, Status


def create(request):
    """Write an idea and keep it as a draft, or send it in at once. The same form sent twice makes one draft."""
    now = timezone.now()
    form = ProposalForm(request.POST or None, request.FILES or None, initial={"neighbourhood": _home(request)})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                fields = form.fields_of()
                # Sent twice it is one draft; sent again with other words it is another, so that no words are lost.
                key = uuid.uuid5(form.cleaned_data["key"], repr(sorted(fields.items())))
                proposal = actions.create_proposal(author=request.user, photos=form.photos, key=key, now=now, **fields)
                sent_in = _invite_and_submit(request, proposal, form, now)
        except ValidationError as error:
            add_errors(form, error)
            form.ask_for_photos_again()
        else:
            return _kept(request, proposal, sent_in)
    return render(request, "proposals/write.html", {"form": form})


def edit(request, pk):
    """Change a draft, or what was sent back. Who reads an older text than stands there now gets both to compare (409)."""
    now = timezone.now()
    proposal = fetch(request, pk, "edit")
    if was_sent_before(request):
        return _kept(request, proposal, proposal.status == Status.SUBMITTED)
    if too_late(request, proposal, "edit"):
        return redirect(proposal)
    may_invite = policies.may(request.user, "invite", proposal)
    form = ProposalForm(
        request.POST or None,
        request.FILES or None,
        instance=copy.copy(proposal),  # the form writes into what it gets; the page still shows what is kept
        initial={"version": proposal.version},
        invites=may_invite,
    )
    context = {"form": form, "proposal": proposal, "returned": _why_returned(proposal)}
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                proposal = actions.edit_proposal(
                    proposal,
                    version=form.cleaned_data["version"] or 0,
                    photos=form.photos,
                    remove_photos=form.removed_photos,
                    key=form.cleaned_data["key"],
                    actor=request.user,
                    now=now,
                    **form.fields_of(),
                )
                sent_in = _invite_and_submit(request, proposal, form, now)
        except NotPossible as error:
            say_too_late(request, error.status)
            return redirect(proposal)
        except actions.AlreadyDone:  # both presses arrived at once
            return _kept(request, proposal, request.POST.get("then") == "submit")
        except actions.EditConflict as conflict:
            return _conflict(request, form, context, conflict.current)
        except ValidationError as error:
            add_errors(form, error)
            form.ask_for_photos_again()
        else:
            return _kept(request, proposal, sent_in)
    return render(request, "proposals/write.html", context)


def _home(request):
    """The wijk that the address names, else the one where the writer lives."""
    slug = request.GET.get("wijk") or request.GET.get("neighbourhood")
    if slug:
        found = Neighbourhood.objects.filter(slug=slug[:80]).first()
        if found:
            return found
    membership = Membership.objects.of(request.user).homes().first()
    return membership.neighbourhood if membership else None


def _invite_and_submit(request, proposal, form, now):
    """What else was asked with the form. Returns whether the idea is sent in now."""
    emails = form.cleaned_data.get("emails")
    if emails and policies.may(request.user, "invite", proposal):
        actions.invite(proposal, emails=emails, actor=request.user, now=now)
    if request.POST.get("then") != "submit":
        return False
    if proposal.status != Status.SUBMITTED:  # sent twice: the first one did it
        actions.submit_proposal(proposal, actor=request.user, now=now)
    return True


def _kept(request, proposal, sent_in):
    if sent_in:
        text = _(
            "Thank you. Your idea is sent in. The neighbourhood manager looks at it. You get a mail when there is news."
        )
    else:
        text = _("Your draft is kept. Only you and the people who join see it. Send it in when it is ready.")
    messages.success(request, text)
    return redirect(proposal)


def _why_returned(proposal):
    if proposal.status != Status.RETURNED:
        return None
    return proposal.events.filter(kind="send_back").last()


def _conflict(request, form, context, current):
    """Both texts beside each other. What was typed stays in the form, which now knows the newest version."""
    stored = ProposalForm(instance=current, invites=False)
    rows = []
    for name in actions.WRITTEN_BY_RESIDENTS:
        theirs, mine = getattr(current, name), form.cleaned_data[name]
        if theirs != mine:
            rows.append({"name": name, "label": stored[name].label, "theirs": theirs, "mine": mine})
    form.data = form.data.copy()
    form.data["version"] = current.version
    form.ask_for_photos_again()
    changed_by = current.events.filter(kind="edit").select_related("actor").last()
    context |= {"conflict": rows, "current": current, "changed_by": changed_by}
    return render(request, "proposals/write.html", context, status=409)


def invite(request, pk):
    """Ask people to do the idea together; shows who was asked and who joined."""
    now = timezone.now()
    proposal = fetch(request, pk, "invite")
    if too_late(request, proposal, "invite"):
        return redirect(proposal)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.invite(proposal, emails=form.cleaned_data["emails"], actor=request.user, now=now)
        except NotPossible as error:
            say_too_late(request, error.status)
            return redirect(proposal)
        except ValidationError as error:
            add_errors(form, error)
        else:
            text = ngettext("%(number)d person gets a mail.", "%(number)d people get a mail.", len(new))
            messages.success(request, text % {"number": len(new)} if new else _("They were all invited already."))
            return redirect("proposals:invite", pk)
    joined = [row.user for row in proposal.co_initiators.select_related("user")]
    addresses = {user.email for user in joined}
    waiting = [row for row in proposal.invitations.order_by("id") if row.email not in addresses]
    return render(
        request, "proposals/invite.html", {"form": form, "proposal": proposal, "joined": joined, "waiting": waiting}
    )


def join(request, pk):
    """Become co-initiator. Who opens the address (from the mail, after signing in) first reads the idea."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=pk)
    if request.method != "POST" or policies.is_initiator(request.user, proposal):
        return redirect(proposal)
    if not policies.has_right(request.user, "join", proposal):
        raise PermissionDenied
    try:
        actions.join_proposal(proposal, actor=request.user, now=timezone.now())
    except NotPossible as error:
        say_too_late(request, error.status)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("You join in with this idea. You get a mail when there is news."))
    return redirect(proposal)


def leave(request, pk):
    """Stop being co-initiator, after a page that says what that means."""
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user).select_related("neighbourhood"), pk=pk)
    if proposal.author_id == request.user.pk:
        raise PermissionDenied
    if not policies.is_initiator(request.user, proposal) or too_late(request, proposal, "leave"):
        return redirect(proposal)
    if request.method == "POST":
        try:
            actions.leave_proposal(proposal, actor=request.user, now=timezone.now())
        except NotPossible as error:
            say_too_late(request, error.status)
            return redirect(proposal)
        messages.success(request, _("You no longer join in with this idea."))
        # A draft is out of sight from here on.
        still_seen = Proposal.objects.visible_to(request.user).filter(pk=pk).exists()
        return redirect(proposal if still_seen else "accounts:me")
    return render(request, "proposals/leave.html", {"proposal": proposal})


def open_invitation(user, proposal):
    """The invitation of this person that waits for an answer; None when there is none."""
    if not policies.has_right(user, "join", proposal):
        return None
    return Invitation.objects.filter(proposal=proposal, email=user.email).select_related("invited_by").first()
