"""Read elections in the `.pb` format of Pabulib, strictly, into plain Python. No Django here.

Format: Stolicki, Szufa, Talmon, "Pabulib: A Participatory Budgeting Library" (2020), https://pabulib.org/format.
UTF-8 text, cells separated by semicolons, three sections (META, PROJECTS, VOTES), each a title, a header and rows.

Decisions where the format or the files of the world leave room:

- Money becomes integer cents: `7200` is 720000, `7200.5` is 720050. More than two decimals, a comma or an exponent is
  refused, not guessed. Costs of 0 exist; less than 0 is refused.
- A ballot that names a project twice counts once (choices are unique, in the order of the ballot); the files that hold
  such ballots counted them twice in their totals. A recorded total may be either, and a remark says so.
- Names and texts with HTML entities (`Sport &amp; bewegen`) are read as what was meant (`Sport & bewegen`).
- Columns about voters other than id, vote, points and voting method (age, sex…) are not kept: nothing needs them.
- Limits on a ballot (`max_length`, `max_sum_cost`…) stay text in `meta` and are not enforced: files hold official ballots
  that exceed them, and whether such a ballot counts is a decision of the count.
"""

import csv
import html
import io
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

SECTIONS = ("META", "PROJECTS", "VOTES")
REQUIRED_META = (
    "description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule",
    "date_begin", "date_end", "currency",
)  # fmt: skip
VOTE_TYPES = ("approval", "choose-1", "cumulative", "ordinal", "scoring")
POINT_TYPES = ("cumulative", "scoring")
MAX_DIGITS = 15  # more than any budget; keeps what comes out of a file within a database's integers

_MONEY = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_LINE_END = re.compile(rb"\r\n|\r|\n")


class PabulibError(ValueError):
    """The file is not what it should be. `line` counts from 1 (of a row over several lines: its first); `reason` is English."""

    def __init__(self, line, reason):
        super().__init__(f"Line {line}: {reason}")
        self.line = line
        self.reason = reason


class Remark(NamedTuple):
    """Something odd that was accepted."""

    line: int
    text: str


class Ballot(NamedTuple):
    """One voter's ballot. `points` belong to `choices` one to one, or are empty. Equal ballots share their tuples."""

    voter_id: str
    choices: tuple[str, ...]
    points: tuple[int | Fraction, ...]
    voting_method: str


class Cap(NamedTuple):
    """An upper bound on what may be chosen within one category or neighbourhood; `kind` is the Project's field."""

    kind: str
    name: str
    limit_cents: int


@dataclass(frozen=True, slots=True)
class Project:
    """`votes` and `score` as recorded in the file; `selected` is 0, 1 or a number that the file's comment explains.

    What the file does not say is "" for a text and None for a number. `other` holds the remaining columns as text.
    """

    id: str
    cost_cents: int
    name: str
    votes: int | None
    score: int | Fraction | None
    category: str
    neighborhood: str
    selected: int | None
    description: str
    line: int
    other: Mapping[str, str] = field(hash=False)

    @property
    def categories(self):
        """A project can belong to several, separated by commas."""
        return tuple(part for part in map(str.strip, self.category.split(",")) if part)


@dataclass(frozen=True, slots=True)
class Election:
    """A whole file. Amounts in cents of `meta["currency"]`; `threshold` is the least score that can be chosen, or 0."""

    meta: Mapping[str, str] = field(hash=False)
    budget_cents: int
    vote_type: str
    rule: str
    threshold: int | Fraction
    caps: tuple[Cap, ...]
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    remarks: tuple[Remark, ...]


def read_election(source, *, check_totals=True):
    """Read one `.pb` file.

    In: its path (str or PathLike) or its bytes (UTF-8, with or without a BOM). With `check_totals=False` recorded votes and
    scores of projects are taken as they are: for research on files whose totals were weighted.

    Out: an Election; projects and ballots in the order of the file, choices as ids of projects.

    Raises PabulibError with the line and the reason for whatever is malformed or does not add up: number of projects,
    number of votes, the recorded votes per project against the ballots (approval and choose-1) and the recorded
    score against the points (cumulative and scoring). Raises OSError when the path cannot be read.
    """
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            source = file.read()
    rows = _Rows(source)
    meta, meta_lines = _read_meta(rows)
    projects = _read_projects(rows)
    ballots, added, remarks = _read_ballots(rows, {project.id: project.id for project in projects}, meta["vote_type"])

    for key, found in (("num_projects", len(projects)), ("num_votes", len(ballots))):
        if (said := _whole(meta[key], meta_lines[key], key)) != found:
            raise PabulibError(meta_lines[key], f"{key} is {said}, but there are {found}")
    if check_totals:
        remarks += _check_totals(projects, ballots, added, meta["vote_type"])
    threshold = "min_project_score_threshold"
    return Election(
        meta=MappingProxyType(meta),
        budget_cents=_money(meta["budget"], meta_lines["budget"], "budget"),
        vote_type=meta["vote_type"],
        rule=meta["rule"],
        threshold=_number(meta.get(threshold) or "0", meta_lines.get(threshold, 0), threshold),
        caps=(
            *_caps(meta, meta_lines, "category", "categories"),
            *_caps(meta, meta_lines, "neighborhood", "neighborhoods"),
        ),
        projects=tuple(projects),
        ballots=tuple(ballots),
        remarks=tuple(remarks),
    )


class _Rows:
    """The rows of the file, section by section, knowing the line where each row begins."""

    def __init__(self, data):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = len(_LINE_END.findall(data[: error.start])) + 1
            raise PabulibError(line, f"not UTF-8: byte 0x{data[error.start]:02x}") from None
        if "\0" in text:
            raise PabulibError(len(_LINE_END.findall(data[: data.index(b"\0")])) + 1, "a NUL character")
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        self.line = 0
        self._next_section = 0
        self._open_title()

    def _open_title(self):
        for row in self._all():
            if self._title(row) is None:
                raise PabulibError(self.line, "expected the section title META")
            self._enter(row)
            return
        raise PabulibError(1, "the section META is missing")

    def _all(self):
        reader = self._reader
        while True:
            self.line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise PabulibError(self.line, f"cannot be split into cells ({error})") from None
            if len(row) > 1 or (row and row[0].strip()):
                yield row

    @staticmethod
    def _title(row):
        title = row[0].strip()
        return title if title in SECTIONS and not any(cell.strip() for cell in row[1:]) else None

    def _enter(self, row):
        title = self._title(row)
        if self._next_section == len(SECTIONS) or title != SECTIONS[self._next_section]:
            expected = SECTIONS[self._next_section] if self._next_section < len(SECTIONS) else "no further section"
            raise PabulibError(self.line, f"section {title} comes here; expected {expected}")
        self._next_section += 1

    def section(self, *required):
        """Give the header of the section that was entered: a dict of column name to place; and an iterator of its rows."""
        name, title_line = SECTIONS[self._next_section - 1], self.line
        rows = self._until_next_title()
        header = [cell.strip().lower() for cell in next(rows, [])]
        while header and not header[-1]:
            header.pop()
        if not header:
            raise PabulibError(title_line, f"section {name} has no header")
        for column in required:
            if column not in header:
                raise PabulibError(self.line, f"section {name} has no column {column}")
        for place, column in enumerate(header):
            if column in header[:place]:
                raise PabulibError(self.line, f"section {name} has two columns {column}")
        return {column: place for place, column in enumerate(header)}, rows

    def _until_next_title(self):
        for row in self._all():
            if self._title(row) is not None:
                self._enter(row)
                return
            yield row
        if self._next_section < len(SECTIONS):
            raise PabulibError(max(1, self._reader.line_num), f"the section {SECTIONS[self._next_section]} is missing")

    def check_width(self, row, width):
        """The row as wide as its header. Spreadsheets add empty cells at the end: those are no error."""
        if len(row) != width and (len(row) < width or any(cell.strip() for cell in row[width:])):
            raise PabulibError(self.line, f"{len(row)} columns; the header has {width}")


def _read_meta(rows):
    title_line = rows.line
    columns, lines = rows.section("key", "value")
    meta, where = {}, {}
    for row in lines:
        rows.check_width(row, len(columns))
        key = row[columns["key"]].strip()
        if key in meta:
            raise PabulibError(rows.line, f"{key} is there twice")
        meta[key], where[key] = row[columns["value"]].strip(), rows.line
    for key in REQUIRED_META:
        if not meta.get(key):
            raise PabulibError(where.get(key, title_line), f"META has no {key}")
    if meta["vote_type"] not in VOTE_TYPES:
        raise PabulibError(
            where["vote_type"], f"vote_type {_short(meta['vote_type'])} is not one of {', '.join(VOTE_TYPES)}"
        )
    return meta, where


def _read_projects(rows):
    columns, lines = rows.section("project_id", "cost")
    known = {"project_id", "cost", "votes", "score", "name", "category", "neighborhood", "selected", "description"}
    others = [column for column in columns if column not in known]
    seen, projects = {}, []
    for row in lines:
        rows.check_width(row, len(columns))
        line = rows.line
        cells = {column: row[place].strip() for column, place in columns.items()}
        project_id = cells["project_id"]
        if not project_id or "," in project_id:
            raise PabulibError(line, f"project id {_short(project_id)} is empty or holds a comma")
        if project_id in seen:
            raise PabulibError(line, f"project {_short(project_id)} is already on line {seen[project_id]}")
        seen[project_id] = line
        votes, score, selected = (cells.get(column, "") for column in ("votes", "score", "selected"))
        projects.append(
            Project(
                id=project_id,
                cost_cents=_money(cells["cost"], line, "cost"),
                name=html.unescape(cells.get("name", "")),
                votes=_whole(votes, line, "votes") if votes else None,
                score=_number(score, line, "score") if score else None,
                category=html.unescape(cells.get("category", "")),
                neighborhood=html.unescape(cells.get("neighborhood", "")),
                selected=_whole(selected, line, "selected") if selected else None,
                description=html.unescape(cells.get("description", "")),
                line=line,
                other=MappingProxyType({column: cells[column] for column in others}),
            )
        )
    return projects


def _read_ballots(rows, ids, vote_type):
    """In: `ids` maps each project id to the one string that all ballots share.

    Out: ballots; what counting every repeated naming would add to each project; remarks.
    """
    columns, lines = rows.section("voter_id", "vote")
    width, voter_place, vote_place = len(columns), columns["voter_id"], columns["vote"]
    points_place, method_place = columns.get("points"), columns.get("voting_method")
    parsed, voters, methods, ballots, added, remarks = {}, set(), {}, [], Counter(), []
    points = method = ""
    for row in lines:
        if len(row) != width:
            rows.check_width(row, width)
        voter_id = row[voter_place].strip()
        if not voter_id:
            raise PabulibError(rows.line, "no voter id")
        if voter_id in voters:
            raise PabulibError(rows.line, f"voter {_short(voter_id)} is there twice")
        voters.add(voter_id)
        vote = row[vote_place]
        if points_place is not None:
            points = row[points_place]
        naming = parsed.get((vote, points))
        if naming is None:
            naming = parsed[vote, points] = _read_naming(vote, points, rows.line, ids, vote_type)
        if method_place is not None:
            method = row[method_place].strip()
            method = methods.setdefault(method, method)
        choices, worths, repeated = naming
        ballots.append(Ballot(voter_id, choices, worths, method))
        if repeated:
            added.update(repeated)
            remarks.append(Remark(rows.line, f"names {', '.join(repeated)} more than once; counted once"))
    return ballots, added, remarks


def _read_naming(vote, points, line, ids, vote_type):
    """Out: choices, each once; the points of each; and per choice named again, what its further namings are worth."""
    try:
        choices = tuple([ids[name] for name in vote.split(",")])
    except KeyError:  # spaces, empty votes, unknown projects
        named = [name for name in map(str.strip, vote.split(",")) if name]
        for name in named:
            if name not in ids:
                raise PabulibError(line, f"the vote names project {_short(name)}, which is not in PROJECTS") from None
        choices = tuple([ids[name] for name in named])
    worths = tuple([_number(part.strip(), line, "points") for part in points.split(",")]) if points.strip() else ()
    if worths and len(worths) != len(choices):
        raise PabulibError(line, f"{len(worths)} points for {len(choices)} projects")
    if choices and not worths and vote_type in POINT_TYPES:
        raise PabulibError(line, f"no points in a {vote_type} ballot")
    if vote_type == "cumulative" and any(worth < 0 for worth in worths):
        raise PabulibError(line, "points below zero")
    distinct = set(choices)
    if vote_type == "choose-1" and len(distinct) > 1:
        raise PabulibError(line, f"{len(distinct)} projects in a choose-1 ballot")
    if len(distinct) == len(choices):
        return choices, worths, None
    first, repeated = {}, Counter()
    for choice, worth in zip(choices, worths or [1] * len(choices), strict=True):
        if choice in first:
            repeated[choice] += worth
        else:
            first[choice] = worth
    return tuple(first), tuple(first.values()) if worths else (), repeated


def _check_totals(projects, ballots, added, vote_type):
    """Compare what the file records per project with its ballots. Out: remarks about namings counted twice there."""
    if vote_type == "ordinal":
        return []  # the points per rank are not in the file
    if vote_type in POINT_TYPES:
        what, totals = "score", Counter()
        for ballot in ballots:
            for choice, worth in zip(ballot.choices, ballot.points, strict=True):
                totals[choice] += worth
    else:
        what, totals = "votes", Counter(chain.from_iterable([ballot.choices for ballot in ballots]))
    remarks = []
    for project in projects:
        recorded, total = getattr(project, what), totals[project.id]
        if recorded is None or recorded == total:
            continue
        if recorded != total + added[project.id]:
            raise PabulibError(
                project.line, f"{what} of project {_short(project.id)} is {recorded}, but the ballots give {total}"
            )
        remarks.append(Remark(project.line, f"{what} is {recorded} here, with repeated namings; {total} without"))
    return remarks


def _caps(meta, lines, kind, names_key):
    key = f"budget_per_{kind}"
    if not meta.get(key):
        return
    names = [html.unescape(name.strip()) for name in meta.get(names_key, "").split(",")]
    limits = [limit.strip() for limit in meta[key].split(",")]
    if len(names) != len(limits) or not all(names):
        raise PabulibError(
            lines[key], f"{key} has {len(limits)} amounts; {names_key} has {sum(map(bool, names))} names"
        )
    for name, limit in zip(names, limits, strict=True):
        yield Cap(kind, name, _money(limit, lines[key], key))


def _money(text, line, what):
    match = _MONEY.fullmatch(text)
    if not match:
        raise PabulibError(line, f"{what} {_short(text)} is not an amount like 1200 or 12.50")
    sign, whole, decimals = match.groups(default="")
    if sign:
        raise PabulibError(line, f"{what} {_short(text)} is less than zero")
    if len(decimals) > 2:
        raise PabulibError(line, f"{what} {_short(text)} has more than two decimals")
    if len(whole) > MAX_DIGITS:
        raise PabulibError(line, f"{what} {_short(text)} is too large")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def _whole(text, line, what):
    if not (text.isascii() and text.isdecimal()) or len(text) > MAX_DIGITS:
        raise PabulibError(line, f"{what} {_short(text)} is not a whole number")
    return int(text)


def _number(text, line, what):
    """A number, exactly: an int, or a Fraction when it has decimals."""
    if not _NUMBER.fullmatch(text) or len(text) > 2 * MAX_DIGITS:
        raise PabulibError(line, f"{what} {_short(text)} is not a number")
    number = Fraction(text)
    return number.numerator if number.denominator == 1 else number


def _short(text):
    return repr(text if len(text) <= 40 else text[:39] + "…")
