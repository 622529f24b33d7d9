"""Who may do what with budgets. Awarding and paying for a project are verbs of the idea's own table (proposals/policies.py)."""

from neighbourhoods.models import Role
from neighbourhoods.policies import roles_of


def may(user, verb, budget=None):
    """Whether `user` may `grant` a budget (make one, or raise it) or `correct` a payment of a project's budget."""
    roles = roles_of(user)
    match verb:
        case "grant":
            return roles.has_any([Role.FINANCE_OFFICER, Role.MUNICIPAL_ADMIN])
    raise ValueError(f"unknown verb {verb}")
