"""What the home page shows of ideas: the newest, and what happened to ideas lately. For everyone alike, so only what is public."""

from django import template
from django.contrib.auth.models import AnonymousUser

from proposals.models import Proposal, ProposalEvent
from proposals.workflow import VERBS

register = template.Library()

# Steps that a passer-by cares about; a thousand supports would hide them.
TOLD_AT_THE_DOOR = ["publish", "accept", "award", "start", "report", "finish"]


@register.inclusion_tag("proposals/newest_ideas.html")
def newest_ideas(count):
    """The `count` newest ideas of the whole town, as cards."""
    ideas = Proposal.objects.published().order_by("-published_at", "-id").for_cards()
    return {"proposals": list(ideas[:count])}


@register.inclusion_tag("proposals/latest_steps.html")
def latest_steps(count):
    """The last `count` steps of ideas and projects in the town, newest first, one per idea."""
    events = (
        ProposalEvent.objects.visible_to(AnonymousUser())
        .filter(kind__in=TOLD_AT_THE_DOOR, is_public=True)
        .select_related("proposal__neighbourhood")
        .order_by("-id")
    )
    steps, seen = [], set()
    for event in events[: 4 * count]:
        if event.proposal_id not in seen:
            seen.add(event.proposal_id)
            steps.append({"event": event, "proposal": event.proposal, "done": VERBS[event.kind].done})
    return {"steps": steps[:count]}
