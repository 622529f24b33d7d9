"""What happens to an idea: each action is one transaction that follows the workflow's table and writes one event.

Whether the actor may is asked before (policies.py); that the status still allows it is checked here, after the lock.
"""

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import queue_mail
from neighbourhoods.models import Membership, Role, Round
from neighbourhoods.policies import roles_of
from proposals.models import (
    STAFF_WHO_SEE_WHAT_IS_SENT_IN,
    Assessment,
    CoInitiator,
    Comment,
    CommentReport,
    Invitation,
    Milestone,
    Photo,
    ProgressNote,
    Proposal,
    ProposalEvent,
    Support,
)
from proposals.workflow import OPEN_FOR_SUPPORT, VERBS, WAITS_FOR_MANAGER, Status, next_status
from wijkportaal.search import index_text

WRITTEN_BY_RESIDENTS = ("neighbourhood", "theme", "title", "what", "why", "place", "requested_cents")
SEARCHED = ("title", "what", "why", "place")
# Limits that nobody meets by accident, so that one page stays one page.
MAX_CO_INITIATORS = 50
MAX_REPLIES = 100
# And limits to what one person sets going: each reaction mails the initiators, each invitation mails a stranger.
MAX_COMMENTS, COMMENTS_WITHIN = 20, timedelta(minutes=10)
MAX_INVITED, INVITED_WITHIN = 60, timedelta(days=1)
# Verbs whose form shows what stood there before: they carry a version, so that nobody overwrites what they haven't read.
REWRITING = frozenset({"edit", "assess"})


class EditConflict(Exception):
    """Someone else changed the text since this form was opened; `current` is what stands there now."""

    def __init__(self, current):
        super().__init__("changed by someone else")
        self.current = current


class NoQuestionOpen(ValidationError):
    """There is no question to answer: a co-initiator answered it, or the idea moved on."""

    def __init__(self):
        super().__init__(_("This question was answered already."))


class AlreadyDone(Exception):
    """The same form was sent before: there is nothing left to do. `event` is what it did then."""

    def __init__(self, event):
        super().__init__("already done")
        self.event = event


def step(proposal, verb, *, actor, now, reason="", data=None, key=None, version=None, notify=True, **changes):
    """Take one step of the workflow's table: lock, check, change, record, tell. Returns the locked, changed Proposal.

    `changes` are fields to set. Must run inside the caller's transaction, before the caller locks anything else. Raises AlreadyDone when
    `key` was used before, NotPossible when the status has moved on, EditConflict when `version` is no longer the text's version,
    ValidationError when a reason is missing or a constraint refuses.
    """
    proposal = lock(proposal)
    done_before = key and ProposalEvent.objects.filter(actor=actor, key=key).first()
    if done_before:
        raise AlreadyDone(done_before)
    before = proposal.status
    after = next_status(verb, before)
    if version is not None and proposal.version != version:
        raise EditConflict(proposal)
    if VERBS[verb].needs_reason and not reason.strip():
        raise ValidationError(_("Say why: people can read it later."))
    if after != before:
        waiting = now if after in WAITS_FOR_MANAGER else None
        changes = {"status": after, "status_since": now, "waiting_since": waiting, "asked_at": None, **changes}
    if after != before or verb in REWRITING:
        changes["version"] = proposal.version + 1
    if verb == "edit":
        changes["search_text"] = index_text(*(changes.get(name, getattr(proposal, name)) for name in SEARCHED))
    if changes:
        for field, value in changes.items():
            setattr(proposal, field, value)
        untouched = {field.name for field in Proposal._meta.fields} - changes.keys()
        proposal.clean_fields(exclude=untouched)
        proposal.validate_constraints()
        proposal.save(update_fields=changes.keys())
    event = _record(proposal, verb, before=before, actor=actor, now=now, reason=reason, data=data, key=key)
    if notify:
        _tell(proposal, event, now=now)
    return proposal


def lock(proposal):
    """The idea as it is now, locked until the end of the transaction: nobody else takes a step with it meanwhile."""
    ideas = Proposal.objects.select_for_update(no_key=True, of=["self"]).select_related("neighbourhood", "author")
    return ideas.get(pk=proposal.pk)


def _record(proposal, verb, *, before, actor, now, reason="", data=None, key=None):
    roles = roles_of(actor).in_neighbourhood(proposal.neighbourhood)
    return ProposalEvent.objects.create(
        proposal=proposal,
        kind=verb,
        from_status=before,
        to_status=proposal.status,
        actor=actor,
        actor_role=next((role for role in roles if role != Role.RESIDENT), ""),
        reason=reason,
        data=data or {},
        is_public=VERBS[verb].is_public,
        at=now,
        key=key,
    )


# --- Who is told -----------------------------------------------------------------------------------------------------

TOLD_TO_INITIATORS = frozenset(
    "submit publish send_back ask accept reject pass_over reopen merge receive withdraw join "
    "award start replan reach report finish cancel".split()
)
TOLD_TO_MANAGERS = frozenset({"submit", "answer"})


def initiators(proposal):
    """The author and everyone who joined."""
    return [proposal.author, *(row.user for row in proposal.co_initiators.select_related("user"))]


def managers_of(neighbourhood, today):
    """The people who are wijkmanager there on the day `today`."""
    rows = Membership.objects.on_day(today).filter(role=Role.NEIGHBOURHOOD_MANAGER, neighbourhood=neighbourhood)
    return [row.user for row in rows.select_related("user")]


def people_of_staff(neighbourhood, today):
    """Memberships of who works for this wijk on the day `today`: to whom a check can be given."""
    rows = Membership.objects.on_day(today).filter(role__in=STAFF_WHO_SEE_WHAT_IS_SENT_IN, neighbourhood=neighbourhood)
    return rows.filter(user__is_active=True).select_related("user").order_by("user__name", "user_id", "role")


def _assessor_in_office(proposal, today):
    """Who has the check, in a list; empty when that person left: then the wijkmanagers must hear it."""
    staff = people_of_staff(proposal.neighbourhood, today).filter(user=proposal.assessor_id)
    return [membership.user for membership in staff[:1]]


def _tell(proposal, event, *, now):
    about = f"proposals.event:{event.pk}"
    context = {"proposal": proposal, "event": event}
    if event.kind in TOLD_TO_INITIATORS:
        # Who sends in an idea gets a confirmation; whoever did another step knows it already.
        people = [user for user in initiators(proposal) if event.kind == "submit" or user != event.actor]
        queue_mail(f"proposal_{event.kind}", people, about=about, now=now, **context)
    if event.kind in TOLD_TO_MANAGERS:
        today = timezone.localdate(now)
        people = _assessor_in_office(proposal, today) or managers_of(proposal.neighbourhood, today)
        queue_mail(
            f"manager_{event.kind}",
            [user for user in people if user != event.actor],
            about=f"{about}:manager",
            now=now,
            **context,
        )


# --- The people who bring the idea -----------------------------------------------------------------------------------


def create_proposal(*, author, photos=(), key=None, now, **fields):
    """A new draft by `author`; `fields` are those of WRITTEN_BY_RESIDENTS, `photos` pairs of a SafePhoto and its description.

    The same `key` again gives the same draft.
    """
    try:
        with transaction.atomic():
            proposal = Proposal(author=author, created_at=now, status_since=now, **fields)
            proposal.search_text = index_text(*(getattr(proposal, name) for name in SEARCHED))
            proposal.full_clean()
            proposal.save()
            _record(proposal, "create", before="", actor=author, now=now, key=key)
            _add_photos(proposal, photos)
            return proposal
    except IntegrityError:
        earlier = key and ProposalEvent.objects.filter(actor=author, key=key).select_related("proposal").first()
        if not earlier:
            raise
        return earlier.proposal


@transaction.atomic
def edit_proposal(proposal, *, version, photos=(), remove_photos=(), key=None, actor, now, **fields):
    """Change a draft. Raises EditConflict when the text is no longer the one with `version`, AlreadyDone when `key` was used before."""
    proposal = step(proposal, "edit", version=version, key=key, actor=actor, now=now, **fields)
    for photo in proposal.photos.filter(progress_note=None, pk__in=[photo.pk for photo in remove_photos]):
        photo.delete()
        # Who takes a photo away wants it gone; but a transaction that fails must leave it.
        for file in (photo.image, photo.thumbnail):
            transaction.on_commit(partial(file.storage.delete, file.name))
    for position, photo in enumerate(proposal.photos.filter(progress_note=None)):
        Photo.objects.filter(pk=photo.pk).update(position=position)  # the first one is the cover
    _add_photos(proposal, photos)
    return proposal


@transaction.atomic
def submit_proposal(proposal, *, key=None, actor, now):
    """Send a draft in. In a round's weeks for ideas it belongs to that round; after that it stays in the round it was sent in for."""
    proposal = lock(proposal)  # someone who joined may be moving it to another wijk
    open_now = Round.objects.open_for_ideas(proposal.neighbourhood, now).order_by("ideas_until")
    # An idea that moved to another wijk leaves the round it was in.
    kept = Round.objects.filter(pk=proposal.round_id, neighbourhoods=proposal.neighbourhood)
    round_ = open_now.first() or kept.first()
    first = proposal.submitted_at or now
    return step(proposal, "submit", key=key, actor=actor, now=now, submitted_at=first, round=round_)


@transaction.atomic
def withdraw_proposal(proposal, *, reason, key=None, actor, now):
    """The author takes the idea back; what was public stays readable, as withdrawn."""
    return step(proposal, "withdraw", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def invite(proposal, *, emails, actor, now):
    """Ask people to join, by e-mail address; who was asked before isn't asked again. Returns the new Invitations."""
    proposal = step(proposal, "invite", actor=actor, now=now, data={"count": len(emails)})
    known = set(proposal.invitations.values_list("email", flat=True)) | {user.email for user in initiators(proposal)}
    new = [
        Invitation(proposal=proposal, email=email, invited_by=actor, at=now)
        for email in dict.fromkeys(address.strip().lower() for address in emails)
        if email not in known
    ]
    if proposal.invitations.count() + len(new) > 20:
        raise ValidationError(_("You can invite at most 20 people."))
    lately = Invitation.objects.filter(invited_by=actor, at__gt=now - INVITED_WITHIN).count()
    if lately + len(new) > MAX_INVITED:
        raise ValidationError(_("You invited very many people today. Invite the others tomorrow."))
    for invitation in new:
        invitation.full_clean()
        invitation.save()
        queue_mail(
            "invitation",
            [invitation.email],
            about=f"invitation:{invitation.pk}",
            now=now,
            proposal=proposal,
            invitation=invitation,
        )
    return new


@transaction.atomic
def join_proposal(proposal, *, actor, now):
    """Become co-initiator; a second press changes nothing. Raises ValidationError when there are very many already."""
    proposal = lock(proposal)
    if proposal.author_id == actor.pk or proposal.co_initiators.filter(user=actor).exists():
        return proposal  # pressed twice
    # Who leaves and joins again and again fills nobody's mailbox.
    is_new = not proposal.events.filter(kind="join", actor=actor).exists()
    proposal = step(proposal, "join", actor=actor, now=now, notify=is_new)
    if proposal.co_initiators.count() >= MAX_CO_INITIATORS:
        raise ValidationError(_("Very many people join in with this idea already. You can still support it."))
    CoInitiator.objects.create(proposal=proposal, user=actor, at=now)
    return proposal


@transaction.atomic
def leave_proposal(proposal, *, actor, now):
    """Stop being co-initiator; an invitation is used up with it. A second press changes nothing."""
    proposal = lock(proposal)
    if not proposal.co_initiators.filter(user=actor).exists():
        return proposal  # pressed twice
    proposal = step(proposal, "leave", actor=actor, now=now)
    CoInitiator.objects.filter(proposal=proposal, user=actor).delete()
    Invitation.objects.filter(proposal=proposal, email=actor.email).delete()
    return proposal


@transaction.atomic
def answer_question(proposal, *, reason, key=None, actor, now):
    """An initiator answers the wijkmanager's question; `reason` is the answer. Raises NoQuestionOpen when none waits (any more)."""
    was_asked = lock(proposal).asked_at is not None
    proposal = step(proposal, "answer", reason=reason, key=key, asked_at=None, actor=actor, now=now)
    if not was_asked:
        raise NoQuestionOpen
    return proposal


# --- Support and talk ------------------------------------------------------------------------------------------------


@transaction.atomic
def support_proposal(proposal, *, actor, now):
    """One person, one support: a second press changes nothing."""
    proposal = lock(proposal)
    next_status("support", proposal.status)
    _, is_new = Support.objects.get_or_create(proposal=proposal, user=actor, defaults={"at": now})
    return _count_support(proposal, "support", +1, actor=actor, now=now) if is_new else proposal


@transaction.atomic
def unsupport_proposal(proposal, *, actor, now):
    """Take support back; without support nothing changes."""
    proposal = lock(proposal)
    next_status("unsupport", proposal.status)
    removed, _rows = Support.objects.filter(proposal=proposal, user=actor).delete()
    return _count_support(proposal, "unsupport", -1, actor=actor, now=now) if removed else proposal


def _count_support(proposal, verb, change, *, actor, now):
    Proposal.objects.filter(pk=proposal.pk).update(support_count=F("support_count") + change)
    _record(proposal, verb, before=proposal.status, actor=actor, now=now)
    proposal.support_count += change
    return proposal


@transaction.atomic
def add_comment(proposal, *, text, parent=None, key=None, actor, now):
    """React to an idea, or to a reaction (`parent`, itself not a reply). Tells the initiators and the one replied to."""
    proposal = step(proposal, "comment", key=key, actor=actor, now=now)
    if parent is not None:
        parent = Comment.objects.select_related("author").get(pk=parent.pk)
        if parent.proposal_id != proposal.pk or parent.parent_id or parent.is_hidden:
            raise ValidationError(_("You can't react to this reaction."))
        if parent.replies.count() >= MAX_REPLIES:
            raise ValidationError(
                _("There are very many replies to this reaction. Write a reaction to the idea itself.")
            )
    if Comment.objects.filter(author=actor, at__gt=now - COMMENTS_WITHIN).count() >= MAX_COMMENTS:
        raise ValidationError(_("You wrote very many reactions. Wait ten minutes and place this one then."))
    Proposal.objects.filter(pk=proposal.pk).update(comment_count=F("comment_count") + 1)
    comment = Comment(proposal=proposal, parent=parent, author=actor, text=text, at=now)
    comment.full_clean()
    comment.save()
    people = {user.pk: user for user in [*initiators(proposal), *([parent.author] if parent else [])] if user != actor}
    queue_mail("comment", people.values(), about=f"comment:{comment.pk}", now=now, proposal=proposal, comment=comment)
    return comment


@transaction.atomic
def report_comment(comment, *, reason, actor, now):
    """Say that a comment is not all right; the same person can do so once. Raises ValidationError when it is hidden already."""
    comment = _locked_comment(comment)
    earlier = comment.reports.filter(reporter=actor).first()
    if earlier:
        return earlier
    _refuse_hidden(comment)
    step(comment.proposal, "report_comment", actor=actor, now=now, data={"comment": comment.pk})
    report = CommentReport(comment=comment, reporter=actor, reason=reason, at=now)
    report.full_clean()
    report.save()
    return report


@transaction.atomic
def hide_comment(comment, *, reason, actor, now):
    """Hide a comment, with a reason that everyone reads; its author is told, and it no longer counts.

    Raises ValidationError for one's own comment, and for one that is hidden already.
    """
    comment = _locked_comment(comment)
    _refuse_hidden(comment)
    step(comment.proposal, "hide_comment", reason=reason, actor=actor, now=now, data={"comment": comment.pk})
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = now, actor, reason
    comment.full_clean()
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    Proposal.objects.filter(pk=comment.proposal_id).update(comment_count=F("comment_count") - 1)
    comment.reports.open().update(settled_at=now, settled_by=actor)
    queue_mail(
        "comment_hidden",
        [comment.author],
        about=f"comment:{comment.pk}:hidden",
        now=now,
        proposal=comment.proposal,
        comment=comment,
    )
    return comment


@transaction.atomic
def keep_comment(comment, *, actor, now):
    """A reported comment is all right after all. Raises ValidationError for one's own comment, and when no report is open (any more)."""
    comment = _locked_comment(comment)
    if comment.author_id == actor.pk:
        raise ValidationError(_("Nobody judges what they wrote themselves."))
    if not comment.reports.open().exists():
        raise ValidationError(_("Someone has looked at this report already."))
    step(comment.proposal, "keep_comment", actor=actor, now=now, data={"comment": comment.pk})
    comment.reports.open().update(settled_at=now, settled_by=actor)
    return comment


def _locked_comment(comment):
    """The comment as it is now, with its idea locked: what is done with it is done by one person at a time."""
    lock(comment.proposal)
    return Comment.objects.select_related("author", "proposal__neighbourhood").get(pk=comment.pk)


def _refuse_hidden(comment):
    if comment.is_hidden:
        raise ValidationError(_("This reaction is hidden already."))


# --- Can it be done? -------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_proposal(proposal, *, key=None, actor, now):
    """Show the idea to everyone; from now on it waits for the check."""
    return step(proposal, "publish", key=key, published_at=now, actor=actor, now=now)


@transaction.atomic
def send_back_proposal(proposal, *, reason, key=None, actor, now):
    """The author must change something first; `reason` says what."""
    return step(proposal, "send_back", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def ask_question(proposal, *, reason, key=None, actor, now):
    """Ask the initiators something; `reason` is the question."""
    return step(proposal, "ask", reason=reason, key=key, asked_at=now, actor=actor, now=now)


@transaction.atomic
def assign_assessment(proposal, *, assessor, key=None, actor, now):
    """Give the check to a person, who is told. Raises ValidationError for someone who doesn't work for this wijk."""
    if not people_of_staff(proposal.neighbourhood, timezone.localdate(now)).filter(user=assessor).exists():
        raise ValidationError(_("Choose someone who works for this neighbourhood."))
    data = {"assessor": assessor.pk}
    proposal = step(proposal, "assign", assessor=assessor, key=key, actor=actor, now=now, data=data)
    if assessor != actor:
        event = proposal.events.filter(kind="assign").last()
        queue_mail("assigned", [assessor], about=f"proposals.event:{event.pk}", now=now, proposal=proposal)
    return proposal


@transaction.atomic
def assess_proposal(proposal, *, version, estimated_cents, key=None, actor, now, **answers):
    """Keep the answers of the check so far (`answers`: fields of Assessment). Raises EditConflict when someone else just did."""
    proposal = step(
        proposal,
        "assess",
        version=version,
        estimated_cents=estimated_cents,
        key=key,
        actor=actor,
        now=now,
        data={"estimated_cents": estimated_cents},
    )
    assessment = Assessment.objects.filter(proposal=proposal).first() or Assessment(proposal=proposal)
    for field, value in {**answers, "updated_at": now, "updated_by": actor}.items():
        setattr(assessment, field, value)
    assessment.full_clean()
    assessment.save()
    return proposal


@transaction.atomic
def accept_proposal(proposal, *, reason, key=None, actor, now):
    """It can be done. Needs an estimate of the costs (the database refuses without)."""
    return step(proposal, "accept", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def reject_proposal(proposal, *, reason, key=None, actor, now):
    """It can't be done; `reason` is what residents read."""
    return step(proposal, "reject", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def pass_over_proposal(proposal, *, reason, key=None, actor, now):
    """It could be done, but other ideas were chosen; `reason` is what residents read."""
    return step(proposal, "pass_over", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def reopen_proposal(proposal, *, reason, key=None, actor, now):
    """Look again at what was decided too soon."""
    return step(proposal, "reopen", reason=reason, key=key, actor=actor, now=now)


@transaction.atomic
def merge_proposals(proposal, *, into, reason, key=None, actor, now):
    """Let `proposal` go on in `into`. Supports are not moved: people choose for themselves. All initiators are told, a link stays.

    Raises ValidationError when `into` is in another wijk or can't take an idea in.
    """
    first, second = sorted([proposal, into], key=lambda idea: idea.pk)
    lock(first)  # always in this order, or two merges crosswise would wait for each other
    lock(second)
    into = Proposal.objects.select_related("neighbourhood", "author").get(pk=into.pk)
    proposal = step(
        proposal,
        "merge",
        reason=reason,
        merged_into=into,
        key=key,
        actor=actor,
        now=now,
        data={"into": into.pk, "title": into.title},
    )
    if into.neighbourhood_id != proposal.neighbourhood_id or into.status not in OPEN_FOR_SUPPORT:
        raise ValidationError(_("Choose another idea of this neighbourhood that is still open."))
    # Everyone reads this event: an idea that never was public is not named in it.
    data = {"from": proposal.pk, "title": proposal.title} if proposal.is_public else {}
    event = _record(into, "receive", before=into.status, actor=actor, now=now, data=data)
    _tell(into, event, now=now)
    return proposal


@transaction.atomic
def write_note(proposal, *, reason, key=None, actor, now):
    """A note that only staff of the wijk read."""
    return step(proposal, "note", reason=reason, key=key, actor=actor, now=now, notify=False)


# --- Do it -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_milestone(proposal, *, title, promised_on, key=None, actor, now):
    """Add a step with the date on which it is promised."""
    data = {"title": title, "promised_on": promised_on.isoformat()}
    proposal = step(proposal, "plan", key=key, actor=actor, now=now, data=data)
    milestone = Milestone(proposal=proposal, title=title, promised_on=promised_on, first_promised_on=promised_on)
    milestone.full_clean()
    milestone.save()
    return milestone


@transaction.atomic
def replan_milestone(milestone, *, promised_on, reason, key=None, actor, now):
    """Move a step to another day; `reason` is shown with it. Raises ValidationError for a step that is done and for the same day."""
    milestone = _locked_milestone(milestone)
    data = {
        "milestone": milestone.pk,
        "title": milestone.title,
        "from": milestone.promised_on.isoformat(),
        "promised_on": promised_on.isoformat(),
    }
    step(milestone.proposal, "replan", reason=reason, key=key, actor=actor, now=now, data=data)
    _refuse_done(milestone)
    if promised_on == milestone.promised_on:
        raise ValidationError({"promised_on": _("This is the date that was promised already. Choose another date.")})
    milestone.promised_on, milestone.late_reason = promised_on, reason
    milestone.full_clean()
    milestone.save(update_fields=["promised_on", "late_reason"])
    return milestone


@transaction.atomic
def start_project(proposal, *, key=None, actor, now):
    """The work begins. Raises ValidationError when no step is planned: progress is counted in steps."""
    proposal = step(proposal, "start", key=key, actor=actor, now=now)
    if not proposal.milestones.exists():
        raise ValidationError(_("First plan at least one step, with the date on which it will be ready."))
    return proposal


@transaction.atomic
def reach_milestone(milestone, *, reason="", key=None, actor, now):
    """A step is done, today. After its promised day a reason is needed, also when an earlier date had one (ValidationError without)."""
    milestone = _locked_milestone(milestone)
    today = timezone.localdate(now)
    data = {"milestone": milestone.pk, "title": milestone.title}
    step(milestone.proposal, "reach", reason=reason, key=key, actor=actor, now=now, data=data)
    _refuse_done(milestone)
    if milestone.is_late(today) and not reason.strip():
        raise ValidationError({"reason": _("Say why it is later.")})
    milestone.done_on, milestone.late_reason = today, reason or milestone.late_reason
    milestone.full_clean()
    milestone.save(update_fields=["done_on", "late_reason"])
    return milestone


def _locked_milestone(milestone):
    """The step as it is now, with its project locked: of two people who press at once, the second sees what the first did."""
    lock(milestone.proposal)
    return Milestone.objects.select_related("proposal").get(pk=milestone.pk)


def _refuse_done(milestone):
    if milestone.done_on is not None:
        raise ValidationError(_("This step was done already."))


@transaction.atomic
def report_progress(proposal, *, text, photos=(), key=None, actor, now):
    """Tell how the project goes, with photos."""
    proposal = step(proposal, "report", key=key, actor=actor, now=now)
    note = ProgressNote(proposal=proposal, author=actor, text=text, at=now)
    note.full_clean()
    note.save()
    _add_photos(proposal, photos, note=note)
    return note


def _add_photos(proposal, photos, note=None):
    """Keep `photos`, pairs of a SafePhoto and a description."""
    start = proposal.photos.filter(progress_note=note).count()
    for position, (safe, alt) in enumerate(photos, start):
        photo = Photo(
            proposal=proposal, progress_note=note, width=safe.width, height=safe.height, alt=alt, position=position
        )
        photo.image.save("photo.jpg", ContentFile(safe.data), save=False)
        photo.thumbnail.save("photo.jpg", ContentFile(safe.thumbnail), save=False)
        photo.save()


def record_import(proposal, *, actor, now):
    """Save a proposal that came from an election held elsewhere, already checked there: it starts as feasible (import_pabulib)."""
    proposal.status, proposal.created_at, proposal.status_since = Status.FEASIBLE, now, now
    proposal.submitted_at = proposal.published_at = proposal.waiting_since = now
    proposal.search_text = index_text(*(getattr(proposal, name) for name in SEARCHED))
    proposal.full_clean()
    proposal.save()
    _record(proposal, "publish", before="", actor=actor, now=now, data={"source": proposal.source})
    return proposal
