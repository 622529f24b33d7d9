"""Who may do what with an idea: pure questions about a user, a verb and an idea.

Whether the status allows it is a question for the workflow's table.
"""

from neighbourhoods.models import Role
from neighbourhoods.policies import roles_of
from proposals.workflow import VERBS, is_possible

BY_AUTHOR = frozenset({"edit", "submit", "withdraw", "invite", "answer"})
BY_ANYONE_SIGNED_IN = frozenset({"support", "unsupport", "comment", "join", "leave"})
BY_MANAGER = frozenset(
    "publish send_back ask assign assess accept reject pass_over reopen merge note "
    "award plan replan start reach report spend correct finish cancel".split()
)
BY_COMMUNITY_WORKER = frozenset({"note", "report"})


def may(user, verb, proposal):
    """Whether `user` may do `verb` (a name of the workflow's table) with `proposal`, now that it has this status."""
    if verb == "answer" and proposal.asked_at is None:
        return False
    return is_possible(verb, proposal.status) and has_right(user, verb, proposal)


def has_right(user, verb, proposal):
    """Whether `user` is the kind of person who does `verb` with this idea, whatever its status."""
    if verb not in VERBS:
        raise ValueError(f"unknown verb {verb}")
    if not user.is_authenticated or not user.is_active:
        return False
    if verb in BY_AUTHOR:
        return is_initiator(user, proposal) and (verb not in {"withdraw", "invite"} or proposal.author_id == user.pk)
    if verb == "join":
        return not is_initiator(user, proposal)
    if verb == "leave":
        return proposal.author_id != user.pk and is_initiator(user, proposal)
    if verb in BY_ANYONE_SIGNED_IN:
        return True
    roles = roles_of(user)
    if verb in BY_MANAGER and roles.has(Role.NEIGHBOURHOOD_MANAGER, proposal.neighbourhood):
        # Nobody judges or pays their own idea: a colleague does.
        return not (verb in JUDGING and is_initiator(user, proposal))
    if not roles.has(Role.COMMUNITY_WORKER, proposal.neighbourhood):
        return False
    # A check that was given to the community worker is theirs to write down; the decision stays with the wijkmanager.
    return verb in BY_COMMUNITY_WORKER or (verb == "assess" and proposal.assessor_id == user.pk)


JUDGING = frozenset("publish assess accept reject pass_over reopen merge award spend correct finish".split())


def is_initiator(user, proposal):
    """Whether `user` wrote the idea or joined it. Asked several times a page, so the answer is remembered on the idea."""
    if not user.is_authenticated:
        return False
    if proposal.author_id == user.pk:
        return True
    if not hasattr(proposal, "_co_initiator_ids"):
        proposal._co_initiator_ids = set(proposal.co_initiators.values_list("user_id", flat=True))
    return user.pk in proposal._co_initiator_ids


def verbs_for(user, proposal):
    """Names of all verbs that `user` may do now, in the order of the table: the buttons of the page."""
    return [verb for verb in VERBS if may(user, verb, proposal)]


def may_judge_comments(user, neighbourhood):
    """Whether `user` hides or keeps reported comments in this wijk."""
    return roles_of(user).has(Role.NEIGHBOURHOOD_MANAGER, neighbourhood)


def sees_internal_notes(user, neighbourhood):
    """Whether `user` reads what is not on the public timeline."""
    return roles_of(user).has_any([Role.NEIGHBOURHOOD_MANAGER, Role.COMMUNITY_WORKER], neighbourhood)
