"""What the home page shows of ideas: the newest, and what happened to ideas lately. For everyone alike, so only what is public."""

from django import template
from django.contrib.auth.models import AnonymousUser

from proposals.models import Proposal, ProposalEvent
from proposals.workflow import VERBS

register = template.Library()

# Steps that a passer-by cares about; a thousand supports would hide them.
TOLD_AT_THE_DOOR = ["publish", "accept", "award", "start", "report", "finish"]
LOOKED_THROUGH = 300


@register.inclusion_tag("proposals/newest_ideas.html")
def newest_ideas(count):
    """The `count` newest ideas of the whole town, as cards."""
    ideas = Proposal.objects.published().order_by("-published_at", "-id").for_cards()
    return {"proposals": list(ideas[:count])}


@register.inclusion_tag("proposals/latest_steps.html")
def latest_steps(count):
    """The last `count` steps of ideas and projects in the town, newest first, one per idea."""
    events = ProposalEvent.objects.visible_to(AnonymousUser()).filter(kind__in=TOLD_AT_THE_DOOR, is_public=True)
    # An import writes the history of one idea after that of another, so the newest rows are put in the order of their moments.
    newest = sorted(events.order_by("-id").values_list("at", "id", "proposal_id")[:LOOKED_THROUGH], reverse=True)
    last_of_idea = {}
    for _at, event, proposal in newest:
        last_of_idea.setdefault(proposal, event)
    chosen = list(last_of_idea.values())[:count]
    by_id = events.select_related("proposal__neighbourhood").in_bulk(chosen)
    steps = [by_id[event] for event in chosen if event in by_id]
    return {"steps": [{"event": event, "proposal": event.proposal, "done": VERBS[event.kind].done} for event in steps]}
