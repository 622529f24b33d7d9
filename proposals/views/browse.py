"""Reading: the list of ideas, one idea, its photos."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from neighbourhoods.models import Neighbourhood, Theme
from proposals import policies
from proposals.forms.search import ProposalFilter
from proposals.forms.talk import CommentForm
from proposals.models import Photo, Proposal
from proposals.story import buttons_for, steps_of, timeline_of
from proposals.views.talk import THREADS_PER_PAGE
from proposals.views.writing import open_invitation
from proposals.workflow import OPEN_FOR_SUPPORT, OPEN_FOR_TALK
from wijkportaal.page_cache import cache_for_visitors

PER_PAGE = 20
TIMELINE_SHOWN = 60  # of the newest steps; `?alles=1` shows them all


@login_not_required
@cache_for_visitors
@require_safe
def list_proposals(request):
    """All published ideas: searched, filtered, sorted, in pages."""
    neighbourhoods = list(Neighbourhood.objects.only("name", "slug").order_by("name"))
    themes = list(Theme.objects.all())
    form = ProposalFilter(request.GET, neighbourhoods=neighbourhoods, themes=themes)
    ideas = form.narrow(Proposal.objects.published()).defer("what", "why", "search_text")
    page = Paginator(ideas.with_covers(), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = _with_names(page.object_list, neighbourhoods, themes)
    return render(request, "proposals/list.html", {"filter": form, "page": page})


def _with_names(ideas, neighbourhoods, themes):
    """The rows with their wijk and theme out of the lists that the filter needs anyway, not by a join."""
    neighbourhoods = {neighbourhood.pk: neighbourhood for neighbourhood in neighbourhoods}
    themes = {theme.pk: theme for theme in themes}
    ideas = list(ideas)
    for idea in ideas:
        idea.neighbourhood, idea.theme = neighbourhoods[idea.neighbourhood_id], themes[idea.theme_id]
    return ideas


@login_not_required
@cache_for_visitors
@require_safe
def detail(request, pk):
    """The whole story of one idea, with what this reader can do now."""
    user = request.user
    related = ("neighbourhood", "theme", "author", "round", "merged_into", "assessment")
    ideas = Proposal.objects.visible_to(user).select_related(*related)
    proposal = ideas.filter(pk=pk).first()
    if proposal is None:
        return _not_here(request)
    joined = [row.user for row in proposal.co_initiators.select_related("user")]
    proposal._co_initiator_ids = {person.pk for person in joined}
    sees_internal = policies.sees_internal_notes(user, proposal.neighbourhood)
    events = timeline_of(proposal, sees_internal=sees_internal)
    verbs = policies.verbs_for(user, proposal) if user.is_authenticated else []
    shows_all = request.GET.get("alles") == "1"
    context = {
        "proposal": proposal,
        "now": timezone.now(),
        "initiators": [] if proposal.source else [proposal.author, *joined],
        "joined_ids": proposal._co_initiator_ids,
        "is_initiator": policies.is_initiator(user, proposal),
        "photos": [photo for photo in proposal.photos.all() if photo.progress_note_id is None],
        "steps": steps_of(proposal, events),
        "timeline": events if shows_all else events[:TIMELINE_SHOWN],
        "has_older_steps": len(events) > TIMELINE_SHOWN and not shows_all,
        "shows_all": shows_all,
        "decision": _last(events, {"accept", "reject", "pass_over", "reopen"}),
        "ending": _last(events, {"cancel", "withdraw", "merge", "finish"}),
        "returned": _last(events, {"send_back"}) if proposal.status == Proposal.Status.RETURNED else None,
        "question": _last(events, {"ask"}) if proposal.asked_at else None,
        "answer_key": uuid.uuid4(),
        "merged_from": list(_merged_from(user, proposal, events)),
        "verbs": verbs,
        "staff_buttons": buttons_for(proposal, verbs),
        "has_supported": user.is_authenticated and proposal.supports.filter(user=user).exists(),
        "invitation": open_invitation(user, proposal) if user.is_authenticated else None,
        "is_open_for_support": proposal.status in OPEN_FOR_SUPPORT,
        "is_open_for_talk": proposal.status in OPEN_FOR_TALK,
        "may_judge": policies.may_judge_comments(user, proposal.neighbourhood),
        "comment_form": CommentForm(auto_id="comment_%s") if "comment" in verbs else None,
        "threads": _threads(request, proposal),
    }
    return render(request, "proposals/detail.html", context)


def _not_here(request):
    """404. Who isn't signed in may have come by a link from a mail about a draft: they get the way to sign in, for any idea alike."""
    if request.user.is_authenticated:
        raise Http404
    return render(request, "proposals/not_here.html", status=404)


def _last(events, kinds):
    """The newest of these events; `events` begin with the newest."""
    return next((event for event in events if event.kind in kinds), None)


def _merged_from(user, proposal, events):
    """The ideas that go on in this one, as far as this reader may see them: one of them may never have been published."""
    if not any(event.kind == "receive" for event in events):
        return []
    return Proposal.objects.visible_to(user).filter(merged_into=proposal).only("title").order_by("id")


def _threads(request, proposal):
    """A page of reactions, each with its replies. Hardly any idea has more than one page: then counting is a waste."""
    threads = proposal.comments.thread()
    if "page" not in request.GET:
        first = list(threads[: THREADS_PER_PAGE + 1])
        if len(first) <= THREADS_PER_PAGE:
            threads = first
    return Paginator(threads, THREADS_PER_PAGE).get_page(request.GET.get("page"))


@login_not_required
@require_safe
def photo(request, key):
    """A photo, for who sees its idea."""
    return _image(request, key, "image")


@login_not_required
@require_safe
def photo_thumbnail(request, key):
    """The same, small."""
    return _image(request, key, "thumbnail")


def _image(request, key, size):
    """The file itself. The picture under a key never changes, so browsers keep a public one; a private one is asked for each time."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user).select_related("proposal"), key=key)
    etag = f'"{photo.key.hex}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            file = getattr(photo, size).open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(file, content_type="image/jpeg", filename=f"{photo.key.hex}.jpg")
        # A JPEG doesn't get smaller, and GZipMiddleware would try.
        response["Content-Encoding"] = "identity"
    response["ETag"] = etag
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if photo.proposal.is_public:
        patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response
