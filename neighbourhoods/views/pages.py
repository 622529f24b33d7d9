"""What everybody may read: the town, a wijk, and how things work here."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from neighbourhoods.models import Meeting, Membership, Neighbourhood, Role, Round
from neighbourhoods.policies import may
from neighbourhoods.timetable import calendar_of, whats_on
from neighbourhoods.town_map import town_map
from wijkportaal.page_cache import cache_for_visitors

# The people of a wijk in the order in which residents look for them.
PEOPLE_OF_A_WIJK = [
    Role.NEIGHBOURHOOD_MANAGER,
    Role.COMMUNITY_WORKER,
    Role.TEAM_MEMBER,
    Role.ALDERPERSON,
    Role.COUNCILLOR,
]


@require_safe
@login_not_required
@cache_for_visitors
def home(request):
    """The town: what one can do here, its wijken on a map and in a list, and what is new."""
    now = timezone.now()
    neighbourhoods = list(Neighbourhood.objects.visible_to(request.user).defer("geometry", "about"))
    wijken = whats_on(neighbourhoods, now)
    drawn = town_map(neighbourhoods)
    return render(
        request,
        "neighbourhoods/home.html",
        {
            "wijken": wijken,
            "town_map": drawn,
            "places": drawn.places(wijken, [wijk.neighbourhood for wijk in wijken]) if drawn else [],
            "open_now": [wijk for wijk in wijken if wijk.is_open_for_ideas],
            "can_administer": may(request.user, "administer"),
        },
    )


@require_safe
@login_not_required
@cache_for_visitors
def detail(request, slug):
    """One wijk: what runs now, the next meeting, its ideas and projects, its money and its people."""
    now = timezone.now()
    neighbourhood = get_object_or_404(Neighbourhood.objects.visible_to(request.user).defer("geometry"), slug=slug)
    meetings = Meeting.objects.visible_to(request.user).filter(neighbourhood=neighbourhood)
    rounds = list(Round.objects.visible_to(request.user).filter(neighbourhoods=neighbourhood)[:6])
    everywhere = list(Neighbourhood.objects.visible_to(request.user).defer("geometry", "about"))
    drawn = town_map(everywhere)
    return render(
        request,
        "neighbourhoods/detail.html",
        {
            "neighbourhood": neighbourhood,
            "wijk": whats_on([neighbourhood], now, rounds=rounds)[0],
            "calendars": [calendar_of(round_, now) for round_ in rounds if round_.choose_until > now],
            "past_rounds": [round_ for round_ in rounds if round_.choose_until <= now],
            "coming": list(meetings.filter(starts_at__gte=now)[:5]),
            "people": _people_of(neighbourhood, request.user, timezone.localdate(now)),
            "town_map": drawn,
            "places": drawn.places(everywhere, everywhere) if drawn else [],
            "may_plan_meeting": may(request.user, "plan_meeting", neighbourhood),
            "may_plan_round": may(request.user, "plan_round", neighbourhood),
        },
    )


def _people_of(neighbourhood, user, today):
    """Roles in this wijk that everyone may know, as a list of Memberships: those who help residents first."""
    memberships = (
        Membership.objects.visible_to(user)
        .on_day(today)
        .filter(neighbourhood=neighbourhood, role__in=PEOPLE_OF_A_WIJK)
        .select_related("user")
    )
    return sorted(memberships, key=lambda held: (PEOPLE_OF_A_WIJK.index(held.role), held.user.name, held.pk))


@require_safe
@login_not_required
@cache_for_visitors
def how_it_works(request):
    """The walk of an idea, for residents, with who decides what."""
    return render(request, "neighbourhoods/how_it_works.html")


@require_safe
@login_not_required
@cache_for_visitors
def accessibility(request):
    return render(request, "neighbourhoods/accessibility.html")


@require_safe
@login_not_required
@cache_for_visitors
def privacy(request):
    return render(request, "neighbourhoods/privacy.html")
