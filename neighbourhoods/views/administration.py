"""The town's own affairs, by an administrator: its name, words and colours, its themes, and who has which role."""

import datetime
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from neighbourhoods import actions
from neighbourhoods.event_labels import describe
from neighbourhoods.forms.administration import (
    EndRoleForm,
    GrantRoleForm,
    LogFilter,
    MunicipalityForm,
    PeopleFilter,
    ThemeForm,
)
from neighbourhoods.models import Membership, Municipality, Neighbourhood, NeighbourhoodEvent, Role, Round, Theme
from neighbourhoods.policies import may, may_change_roles_of
from neighbourhoods.theming import contrasts

PER_PAGE = 25
SOON = datetime.timedelta(days=30)


def for_administrators(view):
    """403 for whoever isn't an administrator; everyone may know that these pages exist."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may(request.user, "administer"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_administrators
def administration(request):
    """What an administrator can do here, with how things stand."""
    today = timezone.localdate()
    return render(
        request,
        "neighbourhoods/administration.html",
        {
            "people_count": Membership.objects.visible_to(request.user).on_day(today).values("user").distinct().count(),
            "ending_soon": Membership.objects.visible_to(request.user)
            .on_day(today)
            .filter(ends_on__lte=today + SOON)
            .count(),
            "themes": Theme.objects.all(),
            "neighbourhoods": Neighbourhood.objects.defer("geometry", "about"),
            "rounds": Round.objects.prefetch_related("neighbourhoods")[:10],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def change_municipality(request):
    now = timezone.now()
    municipality = Municipality.objects.first() or Municipality()
    form = MunicipalityForm(request.POST or None, instance=municipality)
    if form.is_valid():
        try:
            actions.save_municipality(form.instance, actor=request.user, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The words and colours of the municipality have been saved."))
            return redirect("neighbourhoods:change_municipality")
    return render(
        request,
        "neighbourhoods/municipality_form.html",
        {"form": form, "contrasts": contrasts(form.colours_now())},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def add_theme(request):
    return _theme_form(request, Theme())


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def change_theme(request, pk):
    return _theme_form(request, get_object_or_404(Theme, pk=pk))


def _theme_form(request, theme):
    now, is_new = timezone.now(), theme.pk is None
    form = ThemeForm(request.POST or None, instance=theme)
    if form.is_valid():
        try:
            actions.save_theme(form.instance, actor=request.user, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The theme has been saved."))
            return redirect("neighbourhoods:administration")
    title = _("Add a theme") if is_new else Theme.objects.get(pk=theme.pk).name
    return render(request, "neighbourhoods/theme_form.html", {"form": form, "page_title": title, "is_new": is_new})


@require_safe
@for_administrators
def people(request):
    """Who has which role, where and until when."""
    today = timezone.localdate()
    form = PeopleFilter(request.GET)
    memberships = form.narrow(
        Membership.objects.visible_to(request.user).select_related("user", "neighbourhood"), today
    ).order_by("user__name", "user_id", "role", "id")
    return render(
        request,
        "neighbourhoods/people.html",
        {
            "filter_form": form,
            "page_obj": Paginator(memberships, PER_PAGE).get_page(request.GET.get("page")),
            "today": today,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def grant_role(request):
    now = timezone.now()
    form = GrantRoleForm(request.POST or None, instance=Membership(), actor=request.user, today=timezone.localdate(now))
    if form.is_valid():
        membership = form.instance
        try:
            actions.grant_role(
                user=membership.user,
                role=membership.role,
                neighbourhood=membership.neighbourhood,
                starts_on=membership.starts_on,
                ends_on=membership.ends_on,
                actor=request.user,
                now=now,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("%(name)s has the role. We have sent a message about it.") % {"name": membership.user}
            )
            return redirect("neighbourhoods:people")
    return render(request, "neighbourhoods/grant_role.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def end_role(request, pk):
    now = timezone.now()
    memberships = Membership.objects.visible_to(request.user).select_related("user", "neighbourhood")
    membership = get_object_or_404(memberships, pk=pk)
    if not may_change_roles_of(request.user, membership.user):
        messages.error(request, _("Nobody ends their own role. Ask another administrator."))
        return redirect("neighbourhoods:people")
    today = timezone.localdate(now)
    if membership.ends_on and membership.ends_on < today:
        messages.info(request, _("This role has ended already."))
        return redirect("neighbourhoods:people")
    form = EndRoleForm(request.POST if request.method == "POST" else None, membership=membership, today=today)
    if form.is_valid():
        try:
            actions.end_role(membership, actor=request.user, now=now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The role ends on the day you chose. We have sent a message about it."))
            return redirect("neighbourhoods:people")
    return render(request, "neighbourhoods/end_role.html", {"form": form, "membership": membership})


@require_safe
@for_administrators
def log(request):
    """What happened to the town, its wijken, roles, meetings and rounds: newest first."""
    form = LogFilter(request.GET)
    events = NeighbourhoodEvent.objects.select_related("actor", "neighbourhood", "membership__user").order_by("-id")
    # Who lives where stays with the people themselves.
    events = events.exclude(membership__role=Role.RESIDENT)
    if form.is_valid() and form.cleaned_data["neighbourhood"]:
        events = events.filter(neighbourhood=form.cleaned_data["neighbourhood"])
    page_obj = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "neighbourhoods/log.html",
        {
            "filter_form": form,
            "page_obj": page_obj,
            "lines": [(event, describe(event)) for event in page_obj],
            "is_filtered": bool(request.GET.get("neighbourhood")),
        },
    )
