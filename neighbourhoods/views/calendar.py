"""Meetings and rounds, planned by the people of the wijk; and saying where one lives."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neighbourhoods import actions
from neighbourhoods.forms.calendar import HomeForm, MeetingForm, ReasonForm, RoundForm, warnings_for
from neighbourhoods.models import Meeting, Membership, Neighbourhood, Role, Round
from neighbourhoods.policies import ALL, may, roles_of
from neighbourhoods.timetable import calendar_of


@require_http_methods(["GET", "HEAD", "POST"])
def plan_meeting(request, slug):
    neighbourhood = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    return _meeting_form(request, Meeting(neighbourhood=neighbourhood))


@require_http_methods(["GET", "HEAD", "POST"])
def change_meeting(request, pk):
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("neighbourhood"), pk=pk)
    return _meeting_form(request, meeting)


def _meeting_form(request, meeting):
    now, neighbourhood, is_new = timezone.now(), meeting.neighbourhood, meeting.pk is None
    if not may(request.user, "plan_meeting", neighbourhood):
        raise PermissionDenied
    if meeting.cancelled_at:
        messages.info(request, _("This meeting was called off."))
        return redirect(neighbourhood)
    form = MeetingForm(request.POST or None, instance=meeting, now=now)
    if form.is_valid():
        try:
            actions.save_meeting(form.instance, actor=request.user, now=now, key=form.cleaned_data.get("key"))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("The meeting is on the page.") if is_new else _("The meeting has been changed.")
            )
            return redirect(neighbourhood)
    return render(
        request,
        "neighbourhoods/meeting_form.html",
        {"form": form, "neighbourhood": neighbourhood, "meeting": meeting, "is_new": is_new},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_meeting(request, pk):
    now = timezone.now()
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("neighbourhood"), pk=pk)
    if not may(request.user, "plan_meeting", meeting.neighbourhood):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.cancel_meeting(meeting, reason=form.cleaned_data["reason"], actor=request.user, now=now)
        messages.success(request, _("The meeting has been called off. The reason is on the page."))
        return redirect(meeting.neighbourhood)
    return render(
        request,
        "neighbourhoods/meeting_cancel.html",
        {"form": form, "meeting": meeting, "neighbourhood": meeting.neighbourhood},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_round(request, slug):
    neighbourhood = get_object_or_404(Neighbourhood.objects.visible_to(request.user), slug=slug)
    if not may(request.user, "plan_round", neighbourhood):
        raise PermissionDenied
    return _round_form(request, Round(), [neighbourhood])


@require_http_methods(["GET", "HEAD", "POST"])
def change_round(request, pk):
    round_ = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    neighbourhoods = list(round_.neighbourhoods.all())
    if not neighbourhoods or not all(may(request.user, "plan_round", wijk) for wijk in neighbourhoods):
        raise PermissionDenied
    return _round_form(request, round_, neighbourhoods)


def _round_form(request, round_, neighbourhoods):
    """First the input, then a look at the calendar it makes; what is saved is what was looked at."""
    now, is_new = timezone.now(), round_.pk is None
    form = RoundForm(
        request.POST or None,
        instance=round_,
        allowed=_where_rounds_may_be_planned(request.user),
        initial={"neighbourhoods": neighbourhoods},
    )
    preview, warnings = None, []
    if form.is_valid():
        chosen = list(form.cleaned_data["neighbourhoods"])
        if form.cleaned_data["seen"] == form.fingerprint():
            try:
                actions.save_round(form.instance, chosen, actor=request.user, now=now, key=form.cleaned_data.get("key"))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(
                    request,
                    _("The round is on the page of the neighbourhood.") if is_new else _("The round has been changed."),
                )
                return redirect(neighbourhoods[0])
        else:
            preview, warnings = calendar_of(form.instance, now), warnings_for(form.instance, chosen)
            form.data = form.data.copy()
            form.data["seen"] = form.fingerprint()
    elif form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = ""
    return render(
        request,
        "neighbourhoods/round_form.html",
        {
            "form": form,
            "neighbourhood": neighbourhoods[0],
            "round": round_,
            "is_new": is_new,
            "preview": preview,
            "warnings": warnings,
        },
    )


def _where_rounds_may_be_planned(user):
    ids = roles_of(user).neighbourhoods_with(Role.NEIGHBOURHOOD_MANAGER, Role.MUNICIPAL_ADMIN)
    return Neighbourhood.objects.all() if ids is ALL else Neighbourhood.objects.filter(pk__in=ids)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_home(request):
    """In which wijk do you live? It fills in forms; it opens no door."""
    now = timezone.now()
    membership = Membership.objects.of(request.user).homes().first()
    home = membership.neighbourhood if membership else None
    form = HomeForm(request.POST if request.method == "POST" else None, initial={"neighbourhood": home})
    if form.is_valid():
        chosen = form.cleaned_data["neighbourhood"]
        actions.choose_home(request.user, neighbourhood=chosen, now=now)
        if chosen:
            messages.success(request, _("We remember that you live in %(name)s.") % {"name": chosen.name})
        else:
            messages.success(request, _("We no longer know in which neighbourhood you live."))
        return redirect("accounts:me")
    return render(request, "neighbourhoods/choose_home.html", {"form": form, "home": home})
