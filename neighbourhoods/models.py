"""Where, with whom, when: the town, its wijken, who has which role there, their meetings and rounds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wijkportaal.append_only import append_only
from wijkportaal.audit import Event


class Municipality(models.Model):
    """The town this site belongs to: exactly one row. Its name, colours and words are data."""

    name = models.CharField(_("name of the municipality"), max_length=80)
    welcome = models.TextField(
        _("welcome text on the home page"), max_length=600, blank=True, help_text=_("Two or three short sentences.")
    )
    contact_email = models.EmailField(_("e-mail address for questions"), blank=True)
    contact_phone = models.CharField(_("telephone number for questions"), max_length=30, blank=True)
    role_labels = models.JSONField(default=dict, blank=True, help_text="Role identifier to the word used in this town.")
    theme_colours = models.JSONField(
        default=dict, blank=True, help_text="Checked colour values, see neighbourhoods/theming.py."
    )
    only = models.BooleanField(default=True, editable=False, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="municipality_only_one")]

    def __str__(self):
        return self.name


class Theme(models.Model):
    """What an idea is about: facilities, physical environment, safety, social cohesion, or what the town adds."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(_("what belongs to it"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_active = models.BooleanField(_("can be chosen for new ideas"), default=True)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class PublicQuerySet(models.QuerySet):
    """For what every visitor may see; the door is there all the same, so that views have one habit."""

    def visible_to(self, user):
        return self


class NeighbourhoodQuerySet(PublicQuerySet):
    def with_role_of(self, user, roles, on):
        """Wijken in which `user` holds one of `roles` on the day `on` (a role for the whole town counts everywhere)."""
        held = Membership.objects.of(user).on_day(on).filter(role__in=roles)
        if held.filter(neighbourhood=None).exists():
            return self
        return self.filter(memberships__in=held).distinct()


class Neighbourhood(models.Model):
    """A wijk. `code` is the CBS code (WK…); `outline` is the simplified border, ready to draw (neighbourhoods/geo.py)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    about = models.TextField(_("about this neighbourhood"), max_length=1000, blank=True)
    geometry = models.JSONField(
        null=True, blank=True, help_text="GeoJSON geometry as imported, simplified with its neighbours."
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = NeighbourhoodQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("neighbourhoods:detail", args=[self.slug])


class Role(models.TextChoices):
    RESIDENT = "resident", _("resident")
    TEAM_MEMBER = "team_member", _("neighbourhood team member")
    NEIGHBOURHOOD_MANAGER = "neighbourhood_manager", _("neighbourhood manager")
    COMMUNITY_WORKER = "community_worker", _("community worker")
    ALDERPERSON = "alderperson", _("alderperson")
    COUNCILLOR = "councillor", _("councillor")
    COUNCIL_REGISTRY = "council_registry", _("council registry")
    FINANCE_OFFICER = "finance_officer", _("finance officer")
    MUNICIPAL_ADMIN = "municipal_admin", _("administrator")


# Held for the whole town only; the two of the council may be held for the town or for a wijk in portfolio; the rest per wijk.
TOWN_ROLES = [Role.MUNICIPAL_ADMIN, Role.FINANCE_OFFICER, Role.COUNCIL_REGISTRY]
WIJK_ROLES = [Role.RESIDENT, Role.TEAM_MEMBER, Role.NEIGHBOURHOOD_MANAGER, Role.COMMUNITY_WORKER]
COUNCIL_ROLES = [Role.ALDERPERSON, Role.COUNCILLOR]


class MembershipQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user) if user.is_authenticated else self.none()

    def on_day(self, day):
        """Roles that run on `day` (the last day counts)."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def homes(self):
        """Where people say they live now. Not `on_day`: the wijk that someone leaves today still counts as a role today."""
        return self.filter(role=Role.RESIDENT, ends_on=None).select_related("neighbourhood")

    def visible_to(self, user):
        """People's roles are public, except who lives where."""
        return self.exclude(role=Role.RESIDENT)


class Membership(models.Model):
    """A role that a person holds, in one wijk (or, without one, in the whole town), from one day up to and including another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=40, choices=Role)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name=_("neighbourhood"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day can't be before the first day."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=TOWN_ROLES, neighbourhood=None)
                    | Q(role__in=WIJK_ROLES, neighbourhood__isnull=False)
                    | Q(role__in=COUNCIL_ROLES)
                ),
                name="membership_wijk_fits_role",
                violation_error_message=_(
                    "This role is for one neighbourhood, or for the whole town: choose the other."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "neighbourhood"],
                condition=Q(ends_on=None),
                name="membership_open_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on=None, neighbourhood=None),
                name="membership_open_once_town",
                violation_error_message=_("This person has this role already."),
            ),
        ]
        indexes = [models.Index(fields=["neighbourhood", "role"], name="membership_people_of_wijk")]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"


class Meeting(models.Model):
    """A meeting of the wijkteam that residents may come to."""

    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("what kind of meeting"), max_length=120)
    starts_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=160)
    agenda = models.TextField(_("what it is about"), max_length=2000, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["neighbourhood", "starts_at"], name="meeting_next_of_wijk")]

    def __str__(self):
        return self.title


class Phase(models.TextChoices):
    """Where a round is. Never stored: it follows from the dates (Round.phase_at)."""

    PLANNED = "planned", _("not started yet")
    IDEAS = "ideas", _("send in ideas")
    CHECK = "check", _("we check what can be done")
    CHOOSE = "choose", _("the choice is made")
    CLOSED = "closed", _("the choice has been made")


class RoundQuerySet(PublicQuerySet):
    def current(self, now):
        """Rounds of which some phase runs at `now`."""
        return self.filter(ideas_from__lte=now, choose_until__gt=now)

    def open_for_ideas(self, neighbourhood, now):
        return self.filter(neighbourhoods=neighbourhood, ideas_from__lte=now, ideas_until__gt=now)


class Round(models.Model):
    """A budget round: a calendar for one or more wijken. Each phase includes its start and excludes its end."""

    name = models.CharField(_("name of the round"), max_length=120)
    neighbourhoods = models.ManyToManyField(Neighbourhood, related_name="rounds", verbose_name=_("neighbourhoods"))
    ideas_from = models.DateTimeField(_("residents send in ideas from"))
    ideas_until = models.DateTimeField(_("until"))
    check_until = models.DateTimeField(_("checked by"))
    choose_until = models.DateTimeField(_("choice made by"))
    about = models.TextField(_("explanation for residents"), max_length=1000, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-ideas_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    ideas_from__lt=F("ideas_until"),
                    ideas_until__lte=F("check_until"),
                    check_until__lte=F("choose_until"),
                ),
                name="round_dates_in_order",
                violation_error_message=_("The dates must follow each other: ideas, check, choice."),
            )
        ]

    def __str__(self):
        return self.name

    def phase_at(self, now):
        """The phase at moment `now`, a Phase."""
        if now < self.ideas_from:
            return Phase.PLANNED
        if now < self.ideas_until:
            return Phase.IDEAS
        if now < self.check_until:
            return Phase.CHECK
        if now < self.choose_until:
            return Phase.CHOOSE
        return Phase.CLOSED

    def phase_ends_at(self, now):
        """When the phase at `now` ends; None after the last."""
        return {
            Phase.PLANNED: self.ideas_from,
            Phase.IDEAS: self.ideas_until,
            Phase.CHECK: self.check_until,
            Phase.CHOOSE: self.choose_until,
        }.get(self.phase_at(now))


@append_only
class NeighbourhoodEvent(Event):
    """What happened to the town, its wijken, roles, meetings and rounds."""

    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, null=True, related_name="events")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="events")

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["neighbourhood", "id"], name="neighbourhoodevent_timeline")]
