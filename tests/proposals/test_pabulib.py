"""Reading `.pb` files: real ones exactly, broken ones never."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.pabulib import Ballot, Cap, Election, PabulibError, Remark, read_election

DATA = Path(__file__).parent.parent / "data"

META = {
    "description": "Test", "country": "Netherlands", "unit": "Voorbeeldstad", "instance": "2026", "num_projects": "3",
    "num_votes": "4", "budget": "1000", "vote_type": "approval", "rule": "greedy", "date_begin": "2026", "date_end": "2026",
    "currency": "EUR",
}  # fmt: skip
PROJECTS = "project_id;cost;votes;name\na;500;3;Boom\nb;600.5;2;Bank\nBO.OM.1/24;0;0;Niets"
VOTES = "voter_id;vote\n1;a\n2;a,b\n3;a,b\n4;"


def pb(meta=(), projects=PROJECTS, votes=VOTES):
    rows = "\n".join(f"{key};{value}" for key, value in {**META, **dict(meta)}.items() if value is not None)
    return f"META\nkey;value\n{rows}\nPROJECTS\n{projects}\nVOTES\n{votes}\n"


def line_of(text, needle):
    return text[: text.index(needle)].count("\n") + 1


# --- Real elections --------------------------------------------------------------------------------------------------


def test_assen_2024_is_read_as_published():
    election = read_election(DATA / "assen_2024.pb")
    assert (election.vote_type, election.rule, election.budget_cents) == ("approval", "equalshares/add1", 10_000_000)
    assert (len(election.projects), len(election.ballots)) == (14, 84)
    assert election.projects[0].name == "PopUp Podium"
    assert election.projects[0].cost_cents == 720_000
    chosen = [project for project in election.projects if project.selected]
    assert {project.id for project in chosen} == {"3", "9", "2", "11", "13", "14", "5", "6", "12"}
    assert sum(project.cost_cents for project in chosen) == 7_670_000
    assert election.meta["language"] == "nl"
    assert election.remarks == election.caps == ()


def test_amsterdam_252_is_read_with_its_caps_per_neighbourhood():
    election = read_election(str(DATA / "amsterdam_252.pb"))
    assert (len(election.projects), len(election.ballots), election.budget_cents) == (85, 8_520, 50_000_000)
    assert election.caps == (
        Cap("neighborhood", "Oostelijke Eilanden", 15_000_000),
        Cap("neighborhood", "Haarlemmerhouttuinen", 10_000_000),
        Cap("neighborhood", "Other", 25_000_000),
    )
    assert {project.neighborhood for project in election.projects} == {cap.name for cap in election.caps}
    assert sum(len(ballot.choices) for ballot in election.ballots) == sum(p.votes for p in election.projects)


def test_no_voter_in_the_data_can_be_recognised():
    for path in DATA.glob("*.pb"):
        votes = path.read_text(encoding="utf-8").split("\nVOTES\n")[1].splitlines()
        assert votes[0] == "voter_id;vote"
        assert [vote.split(";")[0] for vote in votes[1:]] == [str(n) for n in range(1, len(votes))]


# --- What is accepted ------------------------------------------------------------------------------------------------


def test_a_whole_file_becomes_an_election():
    election = read_election(pb().encode())
    assert isinstance(election, Election)
    assert [(p.id, p.cost_cents, p.votes, p.name) for p in election.projects] == [
        ("a", 50_000, 3, "Boom"),
        ("b", 60_050, 2, "Bank"),
        ("BO.OM.1/24", 0, 0, "Niets"),
    ]
    assert election.ballots[1] == Ballot("2", ("a", "b"), (), "")
    assert election.ballots[3].choices == ()
    assert election.projects[0].score is None
    assert election.projects[0].selected is None
    assert election.threshold == 0
    assert election.projects[1].line == line_of(pb(), "b;600.5")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace(";", " ; ").replace(",", " , "),
        lambda text: text.replace("META\n", "META;;\n").replace("PROJECTS\n", "PROJECTS;;;\n"),
        lambda text: text.replace("\nPROJECTS", "\n\n\nPROJECTS").replace("\nVOTES", "\n  \nVOTES") + "\n\n",
        lambda text: text.replace("Boom", '"Boom"').replace("2;a,b", '"2";"a,b"'),
        lambda text: text.replace("key;value", "KEY;Value").replace("voter_id", "Voter_ID"),
        lambda text: text.replace("a;500;3;Boom", "a;500;3;Boom;;"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_what_spreadsheets_and_hands_do_to_a_file_changes_nothing(change):
    given_text, wanted = change(pb()), read_election(pb().encode())
    election = read_election(given_text.encode())
    assert election.ballots == wanted.ballots
    assert [(p.id, p.cost_cents, p.votes, p.name) for p in election.projects] == [
        (p.id, p.cost_cents, p.votes, p.name) for p in wanted.projects
    ]


def test_quoted_cells_may_hold_semicolons_quotes_and_line_ends():
    text = pb(projects=PROJECTS.replace("Boom", '"Een ""boom""; of\ntwee"'))
    election = read_election(text.encode())
    assert election.projects[0].name == 'Een "boom"; of\ntwee'
    assert election.projects[1].line == line_of(text, "b;600.5")


def test_text_with_html_entities_is_read_as_it_was_meant():
    election = read_election(
        pb(
            {"categories": '"Sport &amp; bewegen,Groen"', "budget_per_category": "100,200.50"},
            'project_id;cost;category\na;1;"Sport &amp; bewegen"\nb;1;"Groen, Sport &amp; bewegen"\nBO.OM.1/24;1;',
        ).encode()
    )
    assert election.caps == (Cap("category", "Sport & bewegen", 10_000), Cap("category", "Groen", 20_050))
    assert [project.categories for project in election.projects] == [
        ("Sport & bewegen",),
        ("Groen", "Sport & bewegen"),
        (),
    ]


def test_only_what_is_needed_about_voters_is_kept():
    election = read_election(
        pb(votes="voter_id;age;sex;voting_method;vote\n1;44;F;paper;a\n2;5;M;internet;a,b\n3;;;;a,b\n4;;;;").encode()
    )
    assert election.ballots[0] == Ballot("1", ("a",), (), "paper")
    assert "44" not in repr(election.ballots)


def test_further_columns_of_projects_are_kept_as_text():
    election = read_election(pb(projects=PROJECTS.replace("name", "latitude").replace("Boom", "52.1")).encode())
    assert election.projects[0].other == {"latitude": "52.1"}


def test_equal_ballots_share_their_memory():
    election = read_election(pb().encode())
    assert election.ballots[1].choices is election.ballots[2].choices
    assert election.ballots[0].choices[0] is election.projects[0].id


def test_points_are_read_exactly_and_add_up_to_the_score():
    projects = "project_id;cost;votes;score\na;1;2;5.5\nb;1;1;1\nBO.OM.1/24;1;0;0"
    votes = "voter_id;vote;points\n1;a,b;2.5,1\n2;a;3\n3;;\n4;;"
    election = read_election(pb({"vote_type": "cumulative"}, projects, votes).encode())
    assert election.ballots[0].points == (Fraction(5, 2), 1)
    assert election.projects[0].score == Fraction(11, 2)
    with pytest.raises(PabulibError, match="score of project 'a' is 6, but the ballots give 11/2"):
        read_election(pb({"vote_type": "cumulative"}, projects.replace("5.5", "6"), votes).encode())


def test_the_rank_points_of_an_ordinal_election_are_not_guessed():
    projects = "project_id;cost;votes;score\na;1;2;99\nb;1;1;1\nBO.OM.1/24;1;0;0"
    assert read_election(pb({"vote_type": "ordinal"}, projects).encode()).projects[0].score == 99


@pytest.mark.parametrize(("recorded", "remarks"), [("3", 1), ("4", 2)])
def test_a_project_named_twice_in_a_ballot_counts_once_and_is_remarked(recorded, remarks):
    text = pb(projects=PROJECTS.replace("a;500;3", f"a;500;{recorded}"), votes=VOTES.replace("2;a,b", "2;a,b, a"))
    election = read_election(text.encode())
    assert election.ballots[1].choices == ("a", "b")
    assert len(election.remarks) == remarks
    assert election.remarks[0] == Remark(line_of(text, "2;a,b, a"), "names a more than once; counted once")


def test_totals_can_be_left_unchecked_for_research():
    text = pb(projects=PROJECTS.replace("a;500;3", "a;500;99"))
    assert read_election(text.encode(), check_totals=False).projects[0].votes == 99


# --- What is refused, with line and reason ---------------------------------------------------------------------------

REFUSED = [
    # what, in the file          becomes                   the error is on the line with   and says
    ("META\nkey", "key", "key;value", "expected the section title META"),
    ("key;value\n", "", "description;Test", "section META has no column key"),
    ("key;value", "key;key;value", "key;key;value", "two columns key"),
    ("PROJECTS\n" + PROJECTS, "", "VOTES", "section VOTES comes here; expected PROJECTS"),
    ("VOTES\n" + VOTES, "", None, "the section VOTES is missing"),
    ("VOTES\n", "VOTES\nx;y\nVOTES\n", "x;y", "section VOTES has no column voter_id"),
    ("4;\n", "4;\nMETA \n", "META ", "section META comes here; expected no further section"),
    ("budget;1000\n", "", "META", "META has no budget"),
    ("budget;1000", "budget;", "budget;", "META has no budget"),
    ("budget;1000", "budget;veel", "budget;veel", "budget 'veel' is not an amount"),
    ("budget;1000", "budget;-1", "budget;-1", "budget '-1' is less than zero"),
    ("budget;1000", "budget;1000\nbudget;1000", "budget;1000\nvote", "budget is there twice"),
    ("unit;Voorbeeldstad", "unit;Voorbeeldstad;x", "unit;", "3 columns; the header has 2"),
    ("approval", "applause", "vote_type", "vote_type 'applause' is not one of"),
    ("num_projects;3", "num_projects;4", "num_projects", "num_projects is 4, but there are 3"),
    ("num_votes;4", "num_votes;5", "num_votes", "num_votes is 5, but there are 4"),
    ("num_votes;4", "num_votes;vier", "num_votes", "num_votes 'vier' is not a whole number"),
    ("num_votes;4", "num_votes;٤", "num_votes", "is not a whole number"),
    ("project_id;cost", "id;cost", "id;cost;", "section PROJECTS has no column project_id"),
    ("project_id;cost", "project_id;price", "project_id;price", "section PROJECTS has no column cost"),
    ("a;500;3;Boom", "a;500;3", "a;500;3", "3 columns; the header has 4"),
    ("a;500;3;Boom", "a;500;3;Boom;x", "a;500;3", "5 columns; the header has 4"),
    ("a;500", ";500", ";500", "project id '' is empty"),
    ("b;600.5", "a;600.5", "a;600.5", "project 'a' is already on line 17"),
    ("a;500", "a;-500", "a;-500", "cost '-500' is less than zero"),
    ("a;500", "a;1.234", "a;1.234", "more than two decimals"),
    ("a;500", "a;1,5", "a;1,5", "cost '1,5' is not an amount"),
    ("a;500", "a;1e3", "a;1e3", "cost '1e3' is not an amount"),
    ("a;500", "a;NaN", "a;NaN", "cost 'NaN' is not an amount"),
    ("a;500", "a;", "a;;", "cost '' is not an amount"),
    ("a;500", "a;" + "9" * 5_000, "a;999", "is too large"),
    ("500;3;", "500;drie;", "500;drie", "votes 'drie' is not a whole number"),
    ("500;3;", "500;-3;", "500;-3", "votes '-3' is not a whole number"),
    ("500;3;", "500;2;", "500;2", "votes of project 'a' is 2, but the ballots give 3"),
    ("Boom", '"Boom', "Boom", "cannot be split into cells"),
    ("Boom", '"Bo"om', "a;500", "cannot be split into cells"),
    ("Boom", "Boom\x00", "Boom", "a NUL character"),
    ("voter_id;vote", "voter_id;votes", "voter_id;votes", "section VOTES has no column vote"),
    ("3;a,b", "3;a;b", "3;a;b", "3 columns; the header has 2"),
    ("3;a,b", "3", "3\n4;", "1 columns; the header has 2"),
    ("3;a,b", "3;a,c", "3;a,c", "the vote names project 'c', which is not in PROJECTS"),
    ("3;a,b", ";a,b", ";a,b\n4", "no voter id"),
    ("3;a,b", "2;a,b", "2;a,b\n4", "voter '2' is there twice"),
    ("approval", "choose-1", "2;a,b", "2 projects in a choose-1 ballot"),
    ("approval", "cumulative", "1;a", "no points in a cumulative ballot"),
    ("approval", "approval\ncategories;x\nbudget_per_category;5,6", "budget_per_category", "has 2 amounts; categories has 1"),
    ("approval", "approval\nbudget_per_category;5", "budget_per_category", "has 1 amounts; categories has 0 names"),
    ("approval", "approval\nmin_project_score_threshold;x", "min_project", "min_project_score_threshold 'x' is not a number"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "reason"), REFUSED)
def test_a_malformed_file_is_refused_with_its_line_and_the_reason(old, new, place, reason):
    whole = pb()
    assert old in whole
    text = whole.replace(old, new, 1)
    with pytest.raises(PabulibError) as refusal:
        read_election(text.encode())
    assert reason in refusal.value.reason
    line = line_of(text, place) if place else text.count("\n")
    assert (refusal.value.line, str(refusal.value)) == (line, f"Line {line}: {refusal.value.reason}")
    assert len(refusal.value.reason) < 200


@pytest.mark.parametrize(
    ("points", "reason"),
    [("1", "1 points for 2 projects"), ("1,x", "points 'x' is not a number"), ("1,-1", "points below zero")],
)
def test_points_must_fit_the_vote(points, reason):
    with pytest.raises(PabulibError, match=reason) as refusal:
        read_election(pb({"vote_type": "cumulative"}, votes=f"voter_id;vote;points\n1;a,b;{points}\n").encode())
    assert refusal.value.line == 22


@pytest.mark.parametrize(
    ("data", "line"),
    [(pb().encode().replace(b"Boom", b"B\xf6\xf6m"), 17), (pb().encode("utf-16"), 1), (b"\xff", 1)],
)
def test_what_is_not_utf_8_is_refused_with_the_line(data, line):
    with pytest.raises(PabulibError, match="not UTF-8") as refusal:
        read_election(data)
    assert refusal.value.line == line


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"META", b"META\n", b"<html>"])
def test_a_file_with_nothing_in_it_is_refused(data):
    with pytest.raises(PabulibError):
        read_election(data)


def test_a_path_that_is_not_there_is_an_ordinary_error():
    with pytest.raises(FileNotFoundError):
        read_election("/nowhere/at/all.pb")


WHOLE = pb().encode()


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(damages):
    data = WHOLE
    for place, found in damages:
        data = data[:place] + found + data[place + 1 :]
    try:
        election = read_election(data)
    except PabulibError as refusal:
        assert 1 <= refusal.line <= data.count(b"\n") + data.count(b"\r") + 1  # noqa: PT017 - both outcomes are right
    else:
        ids = {project.id for project in election.projects}
        assert all(set(ballot.choices) <= ids for ballot in election.ballots)


@given(st.lists(st.lists(st.sampled_from("abcde"), unique=True), max_size=30))
def test_what_was_written_is_what_is_read(ballots):
    projects = "\n".join(f"{p};1;{sum(p in ballot for ballot in ballots)}" for p in "abcde")
    votes = "\n".join(f"v{n};{','.join(ballot)}" for n, ballot in enumerate(ballots))
    text = pb(
        {"num_projects": 5, "num_votes": len(ballots)}, f"project_id;cost;votes\n{projects}", f"voter_id;vote\n{votes}"
    )
    assert [list(ballot.choices) for ballot in read_election(text.encode()).ballots] == ballots
