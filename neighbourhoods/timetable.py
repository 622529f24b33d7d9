"""What runs where, and until when: a round's dates as people read them. Derived from the dates and `now`, never stored."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from neighbourhoods.models import Neighbourhood, Phase, Round


@dataclass(frozen=True)
class CalendarStep:
    """One phase of a round. `state` is done, now or later, as the timeline draws it."""

    phase: Phase
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True)
class Calendar:
    round: Round
    steps: list

    @property
    def current(self):
        return next((step for step in self.steps if step.state == "now"), None)


@dataclass(frozen=True)
class WhatsOn:
    """A wijk and the round that matters most there now: the one that runs, else the first that is planned; None without either."""

    neighbourhood: Neighbourhood
    number: int
    round: Round | None
    phase: Phase | None
    ends_at: datetime | None

    @property
    def is_open_for_ideas(self):
        return self.phase == Phase.IDEAS


def calendar_of(round_, now):
    """The phases of `round_` in their order, each with its window and whether it is over, runs or is to come, at `now`."""
    windows = [
        (Phase.IDEAS, _("You send in ideas"), _("Everyone who lives here can take part."), "ideas_from", "ideas_until"),
        (
            Phase.CHECK,
            _("We check what can be done"),
            _("The municipality looks at each idea. Each idea gets an answer."),
            "ideas_until",
            "check_until",
        ),
        (
            Phase.CHOOSE,
            _("The choice is made"),
            _("After this you can read here which ideas get money, and why."),
            "check_until",
            "choose_until",
        ),
    ]
    steps = []
    for phase, title, text, first, last in windows:
        starts_at, ends_at = getattr(round_, first), getattr(round_, last)
        state = "later" if now < starts_at else "now" if now < ends_at else "done"
        if starts_at < ends_at:
            steps.append(CalendarStep(phase, title, text, starts_at, ends_at, state))
    return Calendar(round_, steps)


def whats_on(neighbourhoods, now, *, rounds=None):
    """A WhatsOn for each of `neighbourhoods`, in their order. One query for the rounds and one for their wijken (none with `rounds`)."""
    per_wijk = {neighbourhood.pk: [] for neighbourhood in neighbourhoods}
    if rounds is not None:
        for mine in per_wijk.values():
            mine.extend(rounds)
    else:
        links = (
            Round.neighbourhoods.through.objects.filter(round__choose_until__gt=now)
            .select_related("round")
            .order_by("round__ideas_from", "round_id")
        )
        for link in links:
            per_wijk.get(link.neighbourhood_id, []).append(link.round)
    return [
        _whats_on(neighbourhood, number, per_wijk[neighbourhood.pk], now)
        for number, neighbourhood in enumerate(neighbourhoods, 1)
    ]


def _whats_on(neighbourhood, number, rounds, now):
    open_rounds = sorted((one for one in rounds if one.choose_until > now), key=lambda one: (one.ideas_from, one.pk))
    running = [one for one in open_rounds if one.ideas_from <= now]
    # A round in which residents can act comes before one in which others are at work.
    running.sort(key=lambda one: one.phase_at(now) != Phase.IDEAS)
    best = next(iter(running or open_rounds), None)
    if best is None:
        return WhatsOn(neighbourhood, number, None, None, None)
    return WhatsOn(neighbourhood, number, best, best.phase_at(now), best.phase_ends_at(now))
