"""What: a proposal from the first idea to the finished project, and what people say and do about it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neighbourhoods.models import Neighbourhood, Role, Round, Theme
from neighbourhoods.policies import ALL, roles_of
from proposals.workflow import PRIVATE, PROJECT, RUNNING, SETTLES_AN_ANSWER, WAITS_FOR_MANAGER, Status, Task
from wijkportaal.append_only import append_only
from wijkportaal.audit import Event
from wijkportaal.search import matching

User = settings.AUTH_USER_MODEL
MAX_CENTS = 10**9 * 100


class ProposalQuerySet(models.QuerySet):
    def published(self):
        """What every visitor may see."""
        return self.filter(published_at__isnull=False)

    def visible_to(self, user):
        """The only door: published ideas, one's own, those one joined or is invited to, and for staff of the wijk what was sent in."""
        if not user.is_authenticated:
            return self.published()
        staffed = roles_of(user).neighbourhoods_with(*STAFF_WHO_SEE_WHAT_IS_SENT_IN)
        seen = Q(published_at__isnull=False) | Q(author=user)
        seen |= Exists(CoInitiator.objects.filter(proposal=OuterRef("pk"), user=user))
        seen |= Exists(Invitation.objects.filter(proposal=OuterRef("pk"), email=user.email))
        sent_in = ~Q(status=Status.DRAFT) & Q(submitted_at__isnull=False)
        seen |= sent_in if staffed is ALL else sent_in & Q(neighbourhood__in=staffed)
        return self.filter(seen)

    def of(self, user):
        """Ideas that `user` wrote or joined."""
        joined = CoInitiator.objects.filter(proposal=OuterRef("pk"), user=user)
        return self.filter(Q(author=user) | Exists(joined))

    def matching(self, query):
        """Ideas in which every word of `query` is found, in Dutch (wijkportaal.search)."""
        return self.filter(matching("search_text", query))

    def waiting(self):
        """What waits for the wijkmanager, longest first."""
        return self.filter(status__in=WAITS_FOR_MANAGER).order_by("waiting_since", "id")

    def with_task(self):
        """With `task`, what the wijkmanager is asked to do (a value of workflow.Task); for ideas of `waiting()`."""
        steps = ProposalEvent.objects.filter(proposal=OuterRef("pk"), kind__in=sorted(SETTLES_AN_ANSWER | {"answer"}))
        return self.annotate(last_step=Subquery(steps.order_by("-id").values("kind")[:1])).annotate(
            task=Case(
                When(asked_at__isnull=False, then=Value(Task.QUESTION)),
                When(last_step="answer", then=Value(Task.ANSWER)),
                When(status=Status.SUBMITTED, then=Value(Task.LOOK)),
                When(status=Status.PUBLISHED, then=Value(Task.CHECK)),
                default=Value(Task.DECIDE),
                output_field=models.CharField(),
            )
        )

    def projects(self):
        return self.filter(status__in=PROJECT)

    def running(self):
        return self.filter(status__in=RUNNING)

    def for_cards(self):
        """With all that a card in a list shows."""
        return self.select_related("neighbourhood", "theme").with_covers()

    def with_covers(self):
        """With the first photo of each idea; one query for all."""
        return self.prefetch_related(
            models.Prefetch("photos", Photo.objects.filter(progress_note=None, position=0), to_attr="covers")
        )


STAFF_WHO_SEE_WHAT_IS_SENT_IN = (Role.NEIGHBOURHOOD_MANAGER, Role.COMMUNITY_WORKER)


class Proposal(models.Model):
    """An idea, and what became of it. A proposal that got money is called a project."""

    Status = Status

    neighbourhood = models.ForeignKey(
        Neighbourhood, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("neighbourhood")
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("theme"))
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="proposals", null=True, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    title = models.CharField(_("title"), max_length=120)
    what = models.TextField(_("what is your idea?"), max_length=4000)
    why = models.TextField(_("why is it good for the neighbourhood?"), max_length=4000, blank=True)
    place = models.CharField(_("where?"), max_length=160, blank=True, help_text=_("A street, a square or a building."))
    requested_cents = models.BigIntegerField(_("what may it cost?"), null=True, blank=True)
    estimated_cents = models.BigIntegerField(_("estimated costs"), null=True, editable=False)

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    assessor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="assigned_proposals", null=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged_from", null=True, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False)
    status_since = models.DateTimeField(editable=False)
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when a question waits for the initiator's answer."
    )

    support_count = models.PositiveIntegerField(default=0, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(default="", editable=False)

    # Figures of an election held elsewhere (import_pabulib): shown as that, never as support.
    recorded_votes = models.PositiveIntegerField(null=True, editable=False)
    source = models.CharField(max_length=160, blank=True, editable=False)
    source_id = models.CharField(max_length=60, blank=True, editable=False)
    area = models.CharField(max_length=80, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="proposal_status_known"),
            models.CheckConstraint(
                condition=Q(requested_cents=None) | Q(requested_cents__gte=0, requested_cents__lte=MAX_CENTS),
                name="proposal_requested_not_negative",
                violation_error_message=_("An amount can't be less than zero."),
            ),
            models.CheckConstraint(
                condition=Q(estimated_cents=None) | Q(estimated_cents__gte=0, estimated_cents__lte=MAX_CENTS),
                name="proposal_estimated_not_negative",
                violation_error_message=_("An amount can't be less than zero."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(PRIVATE), published_at=None)
                | Q(status__in=[Status.WITHDRAWN, Status.MERGED])
                | (~Q(status__in=sorted([*PRIVATE, Status.WITHDRAWN, Status.MERGED])) & Q(published_at__isnull=False)),
                name="proposal_public_when_published",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into=None)),
                name="proposal_merged_into_something",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="proposal_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.FEASIBLE) | Q(estimated_cents__isnull=False),
                name="proposal_feasible_has_estimate",
                violation_error_message=_("First write down what it costs."),
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="proposal_imported_once"
            ),
        ]
        indexes = [
            # The public lists: newest first, most supported first, most votes elsewhere; for the town and per wijk.
            models.Index(
                fields=["-published_at", "-id"], name="proposal_newest", condition=Q(published_at__isnull=False)
            ),
            models.Index(
                fields=["neighbourhood", "-published_at", "-id"],
                name="proposal_newest_of_wijk",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["-support_count", "-id"], name="proposal_most_support", condition=Q(published_at__isnull=False)
            ),
            models.Index(fields=["neighbourhood", "status"], name="proposal_by_status"),
            # The work list: what waits longest.
            models.Index(
                fields=["waiting_since", "id"],
                name="proposal_waiting",
                condition=Q(status__in=sorted(WAITS_FOR_MANAGER)),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("proposals:detail", args=[self.pk])

    @property
    def is_public(self):
        return self.published_at is not None

    @property
    def is_project(self):
        return self.status in PROJECT

    @property
    def is_running(self):
        return self.status in RUNNING

    @property
    def cover(self):
        """The first photo, from `for_cards()`; None when there is none."""
        covers = getattr(self, "covers", None)
        if covers is None:
            return self.photos.filter(progress_note=None).first()
        return covers[0] if covers else None


class Support(models.Model):
    """One person supports one idea. It is not a vote and never counts as one."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="supports")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supports")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "user"], name="support_once")]

    def __str__(self):
        return f"{self.user} + {self.proposal}"


class CoInitiator(models.Model):
    """Someone who does the idea together with its author."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="co_initiators")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="joined")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "user"], name="co_initiator_once")]

    def __str__(self):
        return str(self.user)


class Invitation(models.Model):
    """An e-mail address that the author asked to join. There is no secret in the link: who proved to own the address may look and join."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "email"], name="invitation_once")]

    def __str__(self):
        return self.email


class CommentQuerySet(models.QuerySet):
    def thread(self):
        """For a page: first the comments on the idea, each with its replies."""
        replies = models.Prefetch("replies", self.model.objects.select_related("author").order_by("id"))
        return self.filter(parent=None).select_related("author").prefetch_related(replies).order_by("id")

    def visible_to(self, user):
        """Comments on ideas that `user` sees."""
        return self.filter(proposal__in=Proposal.objects.visible_to(user))


class Comment(models.Model):
    """What someone says about an idea, or (one level deep) in reply to a comment. Hiding keeps the text, for the log."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replies", null=True, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("your reaction"), max_length=2000)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, editable=False)
    hidden_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, editable=False)
    hidden_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_by=None)
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="comment_hidden_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(hidden_by=None) | ~Q(hidden_by=F("author")),
                name="comment_not_judged_by_author",
                violation_error_message=_("Nobody judges what they wrote themselves."),
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="comment_not_its_own_reply"),
        ]
        indexes = [models.Index(fields=["proposal", "id"], name="comment_thread")]

    def __str__(self):
        return self.text[:60]

    @property
    def is_hidden(self):
        return self.hidden_at is not None


class CommentReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class CommentReport(models.Model):
    """Someone says that a comment is not all right. A wijkmanager hides the comment or leaves it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("what is wrong with it?"), max_length=300)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, editable=False)

    objects = CommentReportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "reporter"], name="report_once")]

    def __str__(self):
        return self.reason


class Answer(models.TextChoices):
    YES = "yes", _("yes")
    CONDITIONS = "conditions", _("yes, with conditions")
    NO = "no", _("no")


class Assessment(models.Model):
    """Can it be done? One per idea, filled in step by step; an empty answer means: not looked at yet."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="assessment")
    technical = models.CharField(_("can it be made?"), max_length=12, choices=Answer, blank=True)
    technical_note = models.TextField(_("explanation"), max_length=1000, blank=True)
    legal = models.CharField(_("is it allowed?"), max_length=12, choices=Answer, blank=True)
    legal_note = models.TextField(_("explanation"), max_length=1000, blank=True)
    land_owner = models.CharField(_("who owns the land?"), max_length=160, blank=True)
    upkeep = models.TextField(_("who looks after it later, and what does that cost?"), max_length=1000, blank=True)
    cost_note = models.TextField(_("how is the estimate made up?"), max_length=1000, blank=True)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(technical__in=["", *Answer.values], legal__in=["", *Answer.values]),
                name="assessment_answers_known",
            )
        ]

    def __str__(self):
        return str(self.proposal)


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(proposal__in=Proposal.objects.visible_to(user))

    def late_on(self, day):
        """Steps of running projects that should have been ready before `day`, longest late first."""
        late = self.filter(done_on=None, promised_on__lt=day, proposal__status__in=RUNNING)
        return late.order_by("promised_on", "id")


class Milestone(models.Model):
    """A step of a project, with the date that was promised. Progress is the share of steps done, never a typed figure."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("what will be done?"), max_length=120)
    promised_on = models.DateField(_("ready on"))
    first_promised_on = models.DateField(editable=False)
    late_reason = models.CharField(_("why is it later?"), max_length=300, blank=True)
    done_on = models.DateField(null=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["promised_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_on__lte=F("first_promised_on")) | ~Q(late_reason=""),
                name="milestone_late_has_reason",
                violation_error_message=_("Say why it will be later."),
            )
        ]
        indexes = [models.Index(fields=["promised_on"], name="milestone_open", condition=Q(done_on=None))]

    def __str__(self):
        return self.title

    def is_late(self, today):
        return self.done_on is None and self.promised_on < today


class ProgressNote(models.Model):
    """Dated news from a project."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="progress_notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("how does it go?"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.text[:60]


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(proposal__in=Proposal.objects.visible_to(user))


def photo_path(instance, filename):
    """A name made here; the name that was uploaded is never used."""
    return f"photos/{uuid.uuid4().hex}.jpg"


class Photo(models.Model):
    """A picture of an idea or of news from a project: decoded, cleaned of metadata and written anew (wijkportaal.images)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="photos")
    progress_note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="photos", null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    image = models.FileField(upload_to=photo_path, editable=False)
    thumbnail = models.FileField(upload_to=photo_path, editable=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(_("what is in the picture?"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.alt or self.key.hex

    @property
    def url(self):
        return reverse("proposals:photo", args=[self.key])

    @property
    def thumbnail_url(self):
        return reverse("proposals:photo_thumbnail", args=[self.key])


class ProposalEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public steps of visible ideas; everything for staff of the wijk."""
        staffed = roles_of(user).neighbourhoods_with(*STAFF_WHO_SEE_WHAT_IS_SENT_IN)
        if staffed is ALL:
            return self
        return self.filter(
            Q(is_public=True) | Q(proposal__neighbourhood__in=staffed), proposal__in=Proposal.objects.visible_to(user)
        )


@append_only
class ProposalEvent(Event):
    """One step in the life of an idea."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="events")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)

    objects = ProposalEventQuerySet.as_manager()

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["proposal", "id"], name="proposalevent_timeline")]
