"""The panel of a project: its steps with the dates that were promised, how far it is, and its news."""

from django import template
from django.utils import timezone

from proposals.models import Photo
from proposals.policies import may
from proposals.workflow import PROJECT

register = template.Library()
NEWS_SHOWN = 20  # `?alles=1` shows it all


@register.inclusion_tag("proposals/project_panel.html", takes_context=True)
def project_panel(context, proposal):
    """Steps, progress and news of `proposal`, with the links to change them for who may; nothing for an idea without money.

    Progress is counted in steps that are done; nobody types it.
    """
    if proposal.status not in PROJECT:
        return {"proposal": None}
    user = context["user"]
    milestones = list(proposal.milestones.all())
    notes = proposal.progress_notes.select_related("author")
    notes = list(notes if context.get("shows_all") else notes[: NEWS_SHOWN + 1])
    has_older = len(notes) > NEWS_SHOWN and not context.get("shows_all")
    return {
        "proposal": proposal,
        "milestones": _with_state(milestones, proposal, timezone.localdate(context.get("now"))),
        "done": sum(milestone.done_on is not None for milestone in milestones),
        "notes": _with_pictures(notes[:NEWS_SHOWN] if has_older else notes),
        "has_older_news": has_older,
        "may_plan": may(user, "plan", proposal),
        "may_replan": may(user, "replan", proposal),
        "may_reach": may(user, "reach", proposal),
        "may_report": may(user, "report", proposal),
    }


def _with_state(milestones, proposal, today):
    """`milestones`, each with the `state` of a timeline item and `late_days` (0 when in time)."""
    is_next_found = False
    for milestone in milestones:
        is_late = proposal.is_running and milestone.is_late(today)
        milestone.late_days = (today - milestone.promised_on).days if is_late else 0
        if milestone.done_on is not None:
            milestone.state = "done"
        elif not proposal.is_running:
            milestone.state = "stopped"
        else:
            milestone.state = "later" if is_next_found else "now"
            is_next_found = True
    return milestones


def _with_pictures(notes):
    """`notes`, each with its `pictures`. One query."""
    pictures = {}
    for photo in Photo.objects.filter(progress_note__in=notes):
        pictures.setdefault(photo.progress_note_id, []).append(photo)
    for note in notes:
        note.pictures = pictures.get(note.pk, [])
    return notes
