"""The panel of a project: its steps with the dates that were promised, how far it is, and its news."""

from django import template
from django.utils import timezone

from proposals.models import Photo
from proposals.policies import may
from proposals.workflow import PROJECT

register = template.Library()


@register.inclusion_tag("proposals/project_panel.html", takes_context=True)
def project_panel(context, proposal):
    """Steps, progress and news of `proposal`, with the links to change them for who may; nothing for an idea without money.

    Progress is counted in steps that are done; nobody types it.
    """
    if proposal.status not in PROJECT:
        return {"proposal": None}
    user = context["user"]
    milestones = list(proposal.milestones.all())
    return {
        "proposal": proposal,
        "milestones": _with_state(milestones, proposal, timezone.localdate(context.get("now"))),
        "done": sum(milestone.done_on is not None for milestone in milestones),
        "notes": _news(proposal),
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


def _news(proposal):
    """News, newest first, each with its `pictures`. Two queries."""
    notes = list(proposal.progress_notes.select_related("author"))
    pictures = {}
    for photo in Photo.objects.filter(progress_note__in=notes):
        pictures.setdefault(photo.progress_note_id, []).append(photo)
    for note in notes:
        note.pictures = pictures.get(note.pk, [])
    return notes
