"""All that the site knows about the one who asks, as one file: everybody's right (AVG, article 15 and 20)."""

from django.db.models import Q
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import Mail
from neighbourhoods.models import Membership
from proposals.models import (
    CoInitiator,
    Comment,
    CommentReport,
    Invitation,
    ProgressNote,
    Proposal,
    ProposalEvent,
    Support,
)


@require_GET
@never_cache
def my_data(request):
    """Only for the person self: there is no address with a name or number in it to try."""
    response = JsonResponse(_all_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="wijkportaal-{timezone.localdate():%Y-%m-%d}.json"'
    return response


def _all_about(user):
    written = ("id", "status", "title", "what", "why", "place", "requested_cents", "created_at", "submitted_at")
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "date_joined": user.date_joined,
            "last_login": user.last_login,
            "has_password": user.has_usable_password(),
        },
        "roles": _rows(Membership.objects.of(user), "role", "neighbourhood__name", "starts_on", "ends_on"),
        "ideas": _rows(Proposal.objects.filter(author=user), *written, "neighbourhood__name", "theme__name"),
        "joined": _rows(CoInitiator.objects.filter(user=user), "proposal_id", "proposal__title", "at"),
        "supports": _rows(Support.objects.filter(user=user), "proposal_id", "proposal__title", "at"),
        "comments": _rows(
            Comment.objects.filter(author=user), "proposal_id", "proposal__title", "text", "at", "hidden_reason"
        ),
        "reports_of_comments": _rows(CommentReport.objects.filter(reporter=user), "comment_id", "reason", "at"),
        "progress_notes": _rows(ProgressNote.objects.filter(author=user), "proposal_id", "text", "at"),
        "invitations_to_you": _rows(
            Invitation.objects.filter(email=user.email), "proposal_id", "proposal__title", "at"
        ),
        "invitations_by_you": _rows(Invitation.objects.filter(invited_by=user), "proposal_id", "email", "at"),
        "steps": _rows(ProposalEvent.objects.filter(actor=user), "proposal_id", "kind", "reason", "at"),
        # By person, not by address alone: an address can have been someone else's before.
        "mails": _rows(
            Mail.objects.filter(Q(recipient=user) | Q(recipient=None, to=user.email)),
            "subject",
            "body",
            "created_at",
            "sent_at",
        ),
    }


def _rows(rows, *fields):
    return list(rows.order_by("id").values(*fields))
