"""Who holds which role where, and who may run the town's own affairs."""

from dataclasses import dataclass

from django.utils import timezone

from neighbourhoods.models import COUNCIL_ROLES, Membership, Role

ALL = object()  # stands for every wijk, as the answer of Roles.neighbourhoods_with


@dataclass(frozen=True)
class Roles:
    """The roles of one person on one day: pairs of role and wijk id (None: the whole town)."""

    held: frozenset

    def has(self, role, neighbourhood=None):
        """Whether the person holds `role` in `neighbourhood`, or in the whole town."""
        return (role, None) in self.held or (neighbourhood is not None and (role, neighbourhood.pk) in self.held)

    def has_any(self, roles, neighbourhood=None):
        return any(self.has(role, neighbourhood) for role in roles)

    def has_anywhere(self, *roles):
        return any(role in roles for role, _ in self.held)

    def neighbourhoods_with(self, *roles):
        """Ids of the wijken where one of `roles` is held; ALL when it is held in the whole town."""
        if any((role, None) in self.held for role in roles):
            return ALL
        return {pk for role, pk in self.held if role in roles}

    def in_neighbourhood(self, neighbourhood):
        """The roles held in this wijk or in the whole town, in the order of Role."""
        return [role for role in Role if self.has(role, neighbourhood)]


NOBODY = Roles(frozenset())


def roles_of(user):
    """The Roles of `user` today. One query a request: remembered on the user object, until `forget_roles`."""
    if not user.is_authenticated:
        return NOBODY
    today = timezone.localdate()
    remembered = getattr(user, "_roles_today", None)
    if remembered is None or remembered[0] != today:
        held = frozenset(Membership.objects.of(user).on_day(today).values_list("role", "neighbourhood_id"))
        remembered = user._roles_today = (today, Roles(held))
    return remembered[1]


def forget_roles(user):
    """After a role was granted or ended within the same request."""
    user.__dict__.pop("_roles_today", None)


def may(user, verb, neighbourhood=None):
    """Whether `user` may do `verb` in `neighbourhood` (None: for the whole town).

    Verbs: `administer` (people, wijken, themes, the town's name), `plan_meeting`, `plan_round`, `follow` (the council's desk),
    `see_worklist`.
    """
    roles = roles_of(user)
    match verb:
        case "administer":
            return roles.has(Role.MUNICIPAL_ADMIN)
        case "plan_meeting":
            return roles.has_any([Role.NEIGHBOURHOOD_MANAGER, Role.COMMUNITY_WORKER], neighbourhood)
        case "plan_round":
            return roles.has_any([Role.NEIGHBOURHOOD_MANAGER, Role.MUNICIPAL_ADMIN], neighbourhood)
        case "follow":
            staff = [
                *COUNCIL_ROLES,
                Role.COUNCIL_REGISTRY,
                Role.FINANCE_OFFICER,
                Role.MUNICIPAL_ADMIN,
                Role.NEIGHBOURHOOD_MANAGER,
            ]
            return roles.has_anywhere(*staff) if neighbourhood is None else roles.has_any(staff, neighbourhood)
        case "see_worklist":
            return roles.has_anywhere(Role.NEIGHBOURHOOD_MANAGER)
    raise ValueError(f"unknown verb {verb}")


def may_change_roles_of(actor, user):
    """Whether `actor` may give or end roles of `user`: an administrator, and never one's own. There are always two people."""
    return may(actor, "administer") and actor != user
