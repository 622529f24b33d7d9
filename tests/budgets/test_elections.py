"""The walk on real data: two Dutch rounds, imported and awarded through the real actions; every figure equals the file's own."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from budgets.elections import most_voted_that_fit
from budgets.models import Budget, Transfer, figures
from proposals.models import Proposal
from proposals.pabulib import read_election
from wijkportaal.append_only import append_only_models

DATA = Path(__file__).parent.parent / "data"
ASSEN = DATA / "assen_2024.pb"
AMSTERDAM = DATA / "amsterdam_252.pb"

pytestmark = pytest.mark.django_db


def run(file, neighbourhood, **options):
    out = io.StringIO()
    call_command("import_pabulib", file, neighbourhood=neighbourhood.code, stdout=out, **options)
    return out.getvalue()


def rows(path):
    """The PROJECTS rows of a file, read without the portal's parser."""
    sections = path.read_text("utf-8-sig").split("PROJECTS\n")[1].split("VOTES\n")
    header, *lines = sections[0].splitlines()
    return [dict(zip(header.split(";"), line.split(";"), strict=False)) for line in lines]


def test_every_project_becomes_a_feasible_idea_with_its_cost_theme_and_recorded_votes(centrum):
    run(AMSTERDAM, centrum)
    ideas = {idea.source_id: idea for idea in Proposal.objects.select_related("theme")}
    assert len(ideas) == 85
    for row in rows(AMSTERDAM):
        idea = ideas[row["project_id"]]
        assert (idea.status, idea.is_public) == ("feasible", True)
        assert idea.estimated_cents == int(row["cost"]) * 100
        assert idea.recorded_votes == int(row["votes"])
        assert (idea.theme.name, idea.area) == (row["category"], row["neighborhood"])
        assert idea.support_count == 0, "votes from elsewhere are not support"


def test_assen_its_recorded_winners_are_awarded_and_the_ledger_equals_the_file(centrum):
    assert "14 ideas" in run(ASSEN, centrum, award="recorded")
    winners = {row["project_id"]: int(row["cost"]) for row in rows(ASSEN) if row["selected"] == "1"}
    awarded = Proposal.objects.filter(status="awarded")
    assert {idea.source_id for idea in awarded} == winners.keys()
    assert Proposal.objects.filter(status="not_chosen").count() == 14 - len(winners)
    money = figures(Budget.objects.all())
    assert money == {
        "granted": 100_000_00,
        "awarded": sum(winners.values()) * 100,
        "free": (100_000 - sum(winners.values())) * 100,
        "spent": 0,
        "to_spend": sum(winners.values()) * 100,
    }
    assert money["free"] == 23_300_00
    assert Counter(Transfer.objects.values_list("kind", flat=True)) == {"grant": 1, "award": len(winners)}


def test_amsterdam_the_most_voted_that_fit_are_awarded_within_the_caps_per_buurt(centrum):
    run(AMSTERDAM, centrum, award="most-voted")
    left, caps, expected = (
        500_000,
        {"Oostelijke Eilanden": 150_000, "Haarlemmerhouttuinen": 100_000, "Other": 250_000},
        {},
    )
    for row in sorted(rows(AMSTERDAM), key=lambda row: -int(row["votes"])):
        cost = int(row["cost"])
        if cost <= left and cost <= caps[row["neighborhood"]]:
            left -= cost
            caps[row["neighborhood"]] -= cost
            expected[row["project_id"]] = cost
    assert set(Proposal.objects.filter(status="awarded").values_list("source_id", flat=True)) == expected.keys()
    money = figures(Budget.objects.all())
    assert (money["granted"], money["awarded"], money["free"]) == (500_000_00, sum(expected.values()) * 100, left * 100)


def test_the_same_election_is_not_imported_twice(centrum, haven):
    run(ASSEN, centrum)
    with pytest.raises(CommandError, match="imported before"):
        run(ASSEN, haven)
    assert Proposal.objects.count() == 14


def counts():
    return [model._base_manager.count() for model in [Proposal, Budget, *append_only_models()]]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("VOTES\n", "", "column"),
        ("3;7200;43;", "3;7200;", "column"),
        ("3;7200;43;", "3;-7200;43;", "less than zero"),
        ("3;7200;43;", "3;7200;44;", "44"),
        ("num_votes;84", "num_votes;85", "85"),
        ("budget;100000", "budget;lots", "lots"),
        ("currency;EUR", "currency;PLN", "PLN"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line_and_nothing_is_written(old, new, complaint, centrum, tmp_path):
    text = ASSEN.read_text()
    assert old in text
    broken = tmp_path / "broken.pb"
    broken.write_text(text.replace(old, new, 1))
    before = counts()
    with pytest.raises(CommandError, match=complaint) as refusal:
        run(broken, centrum, award="recorded")
    assert "PLN" in complaint or "line" in str(refusal.value)
    assert counts() == before


def test_an_unknown_project_in_a_vote_is_refused(centrum, tmp_path):
    lines = ASSEN.read_text().splitlines()
    lines[-1] = lines[-1].split(";")[0] + ";999"
    broken = tmp_path / "broken.pb"
    broken.write_text("\n".join(lines))
    with pytest.raises(CommandError, match=f"line {len(lines)}.*999"):
        run(broken, centrum)


def test_a_missing_section_is_named(centrum, tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_text(ASSEN.read_text().split("VOTES\n")[0])
    with pytest.raises(CommandError, match=r"line .*VOTES"):
        run(broken, centrum)
    assert not Proposal.objects.exists()


def test_a_file_that_is_not_utf8_or_not_there_is_refused(centrum, tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_bytes(ASSEN.read_bytes().replace(b"Podium", b"Podi\xfcm", 1))
    with pytest.raises(CommandError, match="line"):
        run(broken, centrum)
    with pytest.raises(CommandError, match="Can't read"):
        run(tmp_path / "nowhere.pb", centrum)


def test_awards_that_do_not_fit_the_budget_leave_nothing_behind(centrum, tmp_path):
    poor = tmp_path / "poor.pb"
    poor.write_text(ASSEN.read_text().replace("budget;100000", "budget;50000"))
    before = counts()
    with pytest.raises(CommandError, match="not enough money"):
        run(poor, centrum, award="recorded")
    assert counts() == before


def test_an_unknown_wijk_is_named(db):
    with pytest.raises(CommandError, match="WK404"):
        call_command("import_pabulib", ASSEN, neighbourhood="WK404")


def test_what_the_test_data_says_of_itself():
    assert len(read_election(AMSTERDAM).ballots) == 8520


@pytest.mark.parametrize(("file", "award"), [(ASSEN, "recorded"), (AMSTERDAM, "most-voted")])
def test_the_councils_dashboard_equals_what_the_file_alone_says(file, award, centrum, carla, client):
    run(file, centrum, award=award)
    election = read_election(file)
    by_id = {row["project_id"]: int(row["cost"]) for row in rows(file)}
    chosen = [row["project_id"] for row in rows(file) if row.get("selected") == "1"] or most_voted_that_fit(election)
    awarded = sum(by_id[pk] for pk in chosen)
    client.force_login(carla)
    answer = client.get("/raad/wijken.csv")
    table = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")), delimiter=";"))
    line = next(line for line in table if line["code"] == centrum.code)
    assert line["gekregen"] == f"{election.budget_cents // 100},00"
    assert line["toegekend aan projecten"] == f"{awarded},00"
    assert line["vrij"] == f"{election.budget_cents // 100 - awarded},00"
    assert line["Lopende projecten"] == str(len(chosen))
    assert line["Anders afgelopen"] == str(len(by_id) - len(chosen))
