"""The demo town: on whatever day it is built, no page of it is empty and its books balance."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from budgets.models import Account
from council.demo_town.build import build
from neighbourhoods.models import Neighbourhood
from proposals.models import Proposal, ProposalEvent
from proposals.workflow import Status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "day", ["2027-01-02T09:00", "2027-03-28T02:30", "2028-02-29T23:30"], ids=["new year", "clocks change", "leap day"]
)
def test_the_town_can_be_built_on_any_day(day, settings):
    settings.DEMO = True
    build(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC))
    assert set(Proposal.objects.values_list("status", flat=True)) == set(Status)
    for wijk in Neighbourhood.objects.all():
        assert wijk.proposals.filter(published_at__isnull=False).exists()
        assert wijk.budgets.exists()
        assert wijk.meetings.exists()
        assert wijk.geometry
    assert Account.objects.aggregate(sum=Sum("balance_cents"))["sum"] == 0
    assert not ProposalEvent.objects.filter(
        at__gt=datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC)
    ).exists()


def test_a_second_time_nothing_changes(settings, capsys, centrum):
    settings.DEMO = True
    call_command("load_demo")
    assert "nothing was changed" in capsys.readouterr().out
    assert Neighbourhood.objects.get() == centrum


def test_outside_the_demo_it_is_refused(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
