"""What happens to the town, its wijken, roles, meetings and rounds: each action one transaction, one event."""

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.mail import queue_mail
from accounts.models import User
from neighbourhoods.models import Meeting, Membership, Neighbourhood, NeighbourhoodEvent, Role
from neighbourhoods.policies import forget_roles, roles_of


def _record(kind, *, actor, now, neighbourhood=None, membership=None, reason="", is_public=False, key=None, **data):
    roles = roles_of(actor).in_neighbourhood(neighbourhood) if actor else []
    return NeighbourhoodEvent.objects.create(
        kind=kind,
        actor=actor,
        actor_role=next((role for role in roles if role != Role.RESIDENT), ""),
        at=now,
        neighbourhood=neighbourhood,
        membership=membership,
        reason=reason,
        is_public=is_public,
        data=data,
        key=key,
    )


def _lock_and_look(neighbourhoods, *, actor, key):
    """Lock the wijken, so that the same form sent twice waits for itself; returns whether it was sent before."""
    pks = sorted(neighbourhood.pk for neighbourhood in neighbourhoods)
    list(Neighbourhood.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
    return key is not None and NeighbourhoodEvent.objects.filter(actor=actor, key=key).exists()


def _lock_person(user):
    """The same role granted twice at the same moment: the second waits, and is then told that the person has it."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()


@transaction.atomic
def save_municipality(municipality, *, actor, now):
    """Keep the town's name, words and colours. Raises ValidationError when a constraint refuses them."""
    municipality.full_clean()
    municipality.save()
    transaction.on_commit(lambda: caches["pages"].delete("municipality"))
    _record("change_municipality", actor=actor, now=now, name=municipality.name)
    return municipality


@transaction.atomic
def save_theme(theme, *, actor, now):
    """Keep a theme of the town."""
    theme.full_clean()
    theme.save()
    _record("change_theme", actor=actor, now=now, name=theme.name)
    return theme


@transaction.atomic
def import_neighbourhoods(features, *, actor, now):
    """Make or update wijken from `features` (of neighbourhoods/geo.py). All or nothing. Returns (made, updated), two counts.

    A wijk that is not in the file stays: things may hang on it. A wijk that was there keeps its address, whatever its new name.
    """
    there = {wijk.code: wijk for wijk in Neighbourhood.objects.select_for_update(no_key=True).order_by("pk")}
    taken = {wijk.slug for wijk in there.values()}
    made = updated = 0
    for position, feature in enumerate(features):
        wijk = there.get(feature.code) or Neighbourhood(code=feature.code, slug=_free_slug(feature, taken))
        made, updated = made + (wijk.pk is None), updated + (wijk.pk is not None)
        taken.add(wijk.slug)
        wijk.name, wijk.geometry, wijk.position = feature.name, feature.geometry, position
        wijk.full_clean(validate_unique=False, validate_constraints=False)
        wijk.save()
    _record("import_neighbourhoods", actor=actor, now=now, made=made, updated=updated)
    return made, updated


def _free_slug(feature, taken):
    """The name as part of an address; two wijken of one name get their code behind it."""
    slug = slugify(feature.name)[:60].strip("-") or slugify(feature.code)
    return f"{slug}-{slugify(feature.code)}" if slug in taken else slug


@transaction.atomic
def grant_role(*, user, role, neighbourhood, starts_on, ends_on=None, actor, now):
    """Give `user` a role from `starts_on` up to and including `ends_on` (None: until ended). Returns the Membership.

    Raises ValidationError when the role doesn't fit the wijk, when the person has it already, or when people grant something to
    themselves other than saying where they live.
    """
    if user == actor and role != Role.RESIDENT:
        raise ValidationError(_("Nobody gives a role to themselves. Ask another administrator."))
    _lock_person(user)
    membership = Membership(user=user, role=role, neighbourhood=neighbourhood, starts_on=starts_on, ends_on=ends_on)
    membership.full_clean()
    membership.save()
    forget_roles(user)
    _record(
        "grant_role",
        actor=actor,
        now=now,
        neighbourhood=neighbourhood,
        membership=membership,
        role=role,
        ends_on=str(ends_on or ""),
    )
    if user != actor:
        queue_mail("role_granted", [user], about=f"membership:{membership.pk}:granted", now=now, membership=membership)
    return membership


@transaction.atomic
def end_role(membership, *, ends_on, reason="", actor, now):
    """Let a role end after the day `ends_on`; ended on a day before its start, it ends on the first day.

    Raises ValidationError for one's own role, and for a day after the one on which it ends already: longer is another grant.
    """
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if membership.user == actor and membership.role != Role.RESIDENT:
        raise ValidationError(_("Nobody ends their own role. Ask another administrator."))
    if membership.ends_on and ends_on > membership.ends_on:
        raise ValidationError(_("This role ends earlier already. Give the role again if it must last longer."))
    membership.ends_on = max(ends_on, membership.starts_on)
    membership.full_clean()
    membership.save(update_fields=["ends_on"])
    forget_roles(membership.user)
    _record(
        "end_role",
        actor=actor,
        now=now,
        neighbourhood=membership.neighbourhood,
        membership=membership,
        reason=reason,
        role=membership.role,
        ends_on=str(membership.ends_on),
    )
    if membership.user != actor:
        queue_mail(
            "role_ended",
            [membership.user],
            about=f"membership:{membership.pk}:ended:{membership.ends_on}",
            now=now,
            membership=membership,
        )
    return membership


@transaction.atomic
def choose_home(user, *, neighbourhood, now):
    """A person says in which wijk they live. It opens no door (voting needs proof); it fills in forms and orders lists."""
    today = timezone.localdate(now)
    _lock_person(user)
    for old in (
        Membership.objects.of(user).on_day(today).filter(role=Role.RESIDENT).exclude(neighbourhood=neighbourhood)
    ):
        end_role(old, ends_on=today, actor=user, now=now)
    if neighbourhood is None:
        return None
    current = Membership.objects.of(user).homes().filter(neighbourhood=neighbourhood).first()
    return current or grant_role(
        user=user, role=Role.RESIDENT, neighbourhood=neighbourhood, starts_on=today, actor=user, now=now
    )


@transaction.atomic
def save_meeting(meeting, *, actor, now, key=None):
    """Plan a meeting, or change one. The same form (`key`) sent twice plans one meeting. Raises ValidationError."""
    if _lock_and_look([meeting.neighbourhood], actor=actor, key=key):
        return meeting
    kind = "change_meeting" if meeting.pk else "plan_meeting"
    # Read after the lock: a colleague may be calling it off at this moment, and saving would bring it back.
    kept = Meeting.objects.select_for_update(no_key=True).filter(pk=meeting.pk).first()
    if kept and kept.cancelled_at:
        raise ValidationError(_("This meeting was called off."))
    meeting.full_clean()
    meeting.save()
    _record(
        kind,
        actor=actor,
        now=now,
        neighbourhood=meeting.neighbourhood,
        is_public=True,
        key=key,
        title=meeting.title,
        starts_at=meeting.starts_at.isoformat(),
    )
    return meeting


@transaction.atomic
def cancel_meeting(meeting, *, reason, actor, now):
    """Call a meeting off; it stays on the page with the reason. Called off before: nothing happens."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.cancelled_at:
        return meeting
    meeting.cancelled_at, meeting.cancel_reason = now, reason
    meeting.save(update_fields=["cancelled_at", "cancel_reason"])
    _record(
        "cancel_meeting",
        actor=actor,
        now=now,
        neighbourhood=meeting.neighbourhood,
        reason=reason,
        is_public=True,
        title=meeting.title,
    )
    return meeting


@transaction.atomic
def save_round(round_, neighbourhoods, *, actor, now, key=None):
    """Plan a round for `neighbourhoods` (a list of one or more), or change one. Raises ValidationError when the dates don't follow.

    The same form (`key`) sent twice plans one round. The log keeps the dates, so that everyone can see what was moved.
    """
    if _lock_and_look(neighbourhoods, actor=actor, key=key):
        return round_
    kind = "change_round" if round_.pk else "plan_round"
    round_.full_clean()
    round_.save()
    round_.neighbourhoods.set(neighbourhoods)
    dates = {
        name: getattr(round_, name).isoformat() for name in ("ideas_from", "ideas_until", "check_until", "choose_until")
    }
    for place, neighbourhood in enumerate(neighbourhoods):
        _record(
            kind,
            actor=actor,
            now=now,
            neighbourhood=neighbourhood,
            is_public=True,
            key=None if place else key,
            name=round_.name,
            **dates,
        )
    return round_
