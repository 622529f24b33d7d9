"""What the home page shows of ideas: the newest, and what happened to ideas lately. For everyone alike, so only what is public."""

from django import template

from proposals.models import Proposal, ProposalEvent
from proposals.workflow import VERBS

register = template.Library()

# Steps that a passer-by cares about; a thousand supports would hide them.
TOLD_AT_THE_DOOR = ["publish", "accept", "award", "start", "report", "finish"]
LOOKED_THROUGH = 100


@register.inclusion_tag("proposals/newest_ideas.html")
def newest_ideas(count):
    """The `count` newest ideas of the whole town, as cards."""
    ideas = Proposal.objects.published().order_by("-published_at", "-id").for_cards()
    return {"proposals": list(ideas[:count])}


@register.inclusion_tag("proposals/latest_steps.html")
def latest_steps(count):
    """The last `count` steps of ideas and projects in the town, newest first, one per idea."""
    # Only the newest rows are looked through, by their number; whether their ideas are public is asked of those ideas alone.
    events = ProposalEvent.objects.filter(kind__in=TOLD_AT_THE_DOOR, is_public=True).order_by("-id")[:LOOKED_THROUGH]
    # An import writes the history of one idea after that of another, so the rows are put in the order of their moments.
    newest = {}
    for event in sorted(events, key=lambda event: (event.at, event.id), reverse=True):
        newest.setdefault(event.proposal_id, event)
    public = Proposal.objects.published().select_related("neighbourhood").defer("search_text").in_bulk(newest)
    told = [(event, public[pk]) for pk, event in newest.items() if pk in public][:count]
    return {"steps": [{"event": event, "proposal": idea, "done": VERBS[event.kind].done} for event, idea in told]}
