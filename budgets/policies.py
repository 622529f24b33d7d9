"""Who may do what with budgets. Awarding and paying for a project are verbs of the idea's own table (proposals/policies.py)."""

from neighbourhoods.models import Role
from neighbourhoods.policies import roles_of


def may(user, verb):
    """Whether `user` may `grant`: make a budget, or raise one."""
    roles = roles_of(user)
    match verb:
        case "grant":
            return roles.has_any([Role.FINANCE_OFFICER, Role.MUNICIPAL_ADMIN])
    raise ValueError(f"unknown verb {verb}")
