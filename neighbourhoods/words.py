"""What this town calls its roles."""

from django.utils.translation import get_language

from neighbourhoods.context_processors import the_municipality
from neighbourhoods.models import Role


def role_label(role):
    """What a role is called in this town: the town's own word (in Dutch), else the usual one. Takes a role or a Membership."""
    role = getattr(role, "role", role)
    if role not in Role.values:
        return role
    municipality = the_municipality()
    own = municipality.role_labels.get(role) if municipality and get_language() == "nl" else ""
    return own or Role(role).label
