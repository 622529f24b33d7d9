"""Panels about ideas that other pages borrow: of one wijk, and of one person."""

from django import template
from django.db.models import Count

from proposals.models import CoInitiator, Invitation, Proposal, ProposalEvent
from proposals.workflow import BEFORE_THE_END, OFF_THE_ROAD, PRIVATE, RUNNING, Status

register = template.Library()

# Under “Newest ideas”: not what stands above it as a project, nor what left the road.
NOT_NEW = sorted(RUNNING | OFF_THE_ROAD)
SHOWN_NEWEST = 6
SHOWN_RUNNING = 6
SHOWN_MINE = 50


@register.inclusion_tag("proposals/proposals_panel.html", takes_context=True)
def proposals_panel(context, neighbourhood):
    """What lives in a wijk: the projects that run, the newest ideas, and how many there are of each kind."""
    ideas = Proposal.objects.published().filter(neighbourhood=neighbourhood)
    counted = dict(ideas.order_by().values_list("status").annotate(Count("pk")))
    running = ideas.running().order_by("-status_since", "-id").for_cards()[:SHOWN_RUNNING]
    newest = ideas.exclude(status__in=NOT_NEW).order_by("-published_at", "-id").for_cards()
    return {
        "neighbourhood": neighbourhood,
        "newest": list(newest[:SHOWN_NEWEST]),
        "running": list(running),
        "counts": [
            {"status": status, "number": counted[status]}
            for status in Status
            if status not in PRIVATE and counted.get(status)
        ],
        "total": sum(counted.values()),
        "request": context.get("request"),
    }


@register.inclusion_tag("proposals/my_proposals.html")
def my_proposals(user):
    """For “Mijn pagina”: what is asked of `user`, the ideas they wrote or joined, and the invitations that wait."""
    ideas = list(
        Proposal.objects.of(user).select_related("neighbourhood").order_by("-status_since", "-id")[: SHOWN_MINE + 1]
    )
    asked = {idea.pk for idea in ideas if idea.asked_at}
    returned = {idea.pk for idea in ideas if idea.status == Status.RETURNED}
    words = {}
    if asked or returned:
        rows = ProposalEvent.objects.filter(proposal__in=asked | returned, kind__in=["ask", "send_back"]).order_by("id")
        words = {(row.proposal_id, row.kind): row.reason for row in rows}
    for idea in ideas:
        idea.is_mine = idea.author_id == user.pk
        idea.question = words.get((idea.pk, "ask"), "") if idea.pk in asked else ""
        idea.returned_because = words.get((idea.pk, "send_back"), "") if idea.pk in returned else ""
    joined = CoInitiator.objects.filter(user=user).values("proposal")
    invitations = (
        Invitation.objects.filter(email=user.email, proposal__status__in=sorted(BEFORE_THE_END))
        .exclude(proposal__in=joined)
        .exclude(proposal__author=user)
        .select_related("proposal__neighbourhood", "invited_by")
        .order_by("-id")[:20]
    )
    return {
        "tasks": [idea for idea in ideas if idea.question or idea.status in {Status.DRAFT, Status.RETURNED}],
        "ideas": ideas[:SHOWN_MINE],
        "has_more": len(ideas) > SHOWN_MINE,
        "invitations": list(invitations),
    }
