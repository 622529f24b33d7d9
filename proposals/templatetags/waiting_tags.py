"""What waits for someone of the staff, for their own page."""

from django import template

from neighbourhoods.models import Role
from neighbourhoods.policies import ALL, roles_of
from proposals.models import Proposal

register = template.Library()


@register.inclusion_tag("proposals/my_waiting.html")
def my_waiting(user):
    """How many ideas wait in the wijken of which `user` is manager (None for others), and the checks given to them by name."""
    wijken = roles_of(user).neighbourhoods_with(Role.NEIGHBOURHOOD_MANAGER)
    waiting = None
    if wijken is ALL or wijken:
        rows = Proposal.objects.waiting()
        waiting = (rows if wijken is ALL else rows.filter(neighbourhood__in=wijken)).count()
    assigned = Proposal.objects.waiting().filter(assessor=user)
    return {"waiting": waiting, "assigned": list(assigned.select_related("neighbourhood")[:20])}
