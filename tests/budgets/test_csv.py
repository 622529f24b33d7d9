"""Downloads: the rows of the table on the page, in a form that a Dutch spreadsheet opens rightly and safely."""

import csv
import io

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from budgets import actions
from budgets.models import Budget, Transfer, figures
from tests.factories import NOW, make_proposal
from wijkportaal.csv_export import STARTS_A_FORMULA, Cents, cell, lines


def read(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def cents(text):
    assert text.replace("-", "", 1).replace(",", "", 1).isdigit()
    return int(text.replace(",", ""))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
def test_whatever_is_written_comes_back_and_no_cell_is_a_formula(texts):
    written = "".join(lines(["tekst"], [[text] for text in texts]))
    rows = list(csv.reader(io.StringIO(written[1:], newline=""), delimiter=";"))[1:]
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        found = row[0] if row else ""
        assert not found.startswith(STARTS_A_FORMULA)
        assert found in {text, f"'{text}"}


@pytest.mark.parametrize("start", STARTS_A_FORMULA)
def test_a_text_that_looks_like_a_formula_gets_a_quote(start):
    assert cell(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert cell(f"a{start}") == f"a{start}"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0,00"), (5, "0,05"), (123_456, "1234,56"), (-1_205, "-12,05"), (100_000_000_000, "1000000000,00")],
)
def test_amounts_are_plain_numbers_with_a_comma(amount, text):
    assert cell(Cents(amount)) == text


def test_nothing_known_is_an_empty_cell():
    assert cell(None) == ""
    assert cell(0) == "0"


@pytest.fixture
def paid(project, wim):
    actions.record_payment(project, amount_cents=12_345, reason="=HYPERLINK(1)", paid_on=NOW.date(), actor=wim, now=NOW)
    return project


def test_the_journal_holds_every_row_and_adds_up(client, paid, budget, centrum):
    for address in (
        reverse("budgets:transfers_csv"),
        reverse("budgets:neighbourhood_csv", args=[centrum.slug]),
        reverse("budgets:budget_csv", args=[budget.pk]),
    ):
        rows = read(client.get(address))
        assert [int(row["nummer"]) for row in rows] == [
            row.pk for row in Transfer.objects.order_by("-booked_on", "-id")
        ]
        assert "'=HYPERLINK(1)" in [row["reden"] for row in rows]
        for name, total in figures(Budget.objects.all()).items():
            rows = read(client.get(address, {"figure": name}))
            assert sum(cents(row["telt als"]) for row in rows) == total, (address, name)


def test_the_overview_per_wijk_equals_the_figures(client, paid, centrum, haven):
    rows = {row["wijk"]: row for row in read(client.get(reverse("budgets:town_csv")))}
    expected = figures(Budget.objects.of_neighbourhood(centrum), centrum)
    assert cents(rows["Centrum"]["gekregen"]) == expected["granted"]
    assert cents(rows["Centrum"]["uitgegeven"]) == expected["spent"]
    assert cents(rows["Centrum"]["vrij"]) == expected["free"]
    assert cents(rows["Haven"]["gekregen"]) == 0


def test_projects_and_budgets_have_a_row_each(client, paid, budget, centrum):
    for address in (
        reverse("budgets:neighbourhood_projects_csv", args=[centrum.slug]),
        reverse("budgets:budget_projects_csv", args=[budget.pk]),
    ):
        (row,) = read(client.get(address))
        assert (row["project"], row["uitgegeven"], row["nog uit te geven"]) == (paid.title, "123,45", "876,55")
    (row,) = read(client.get(reverse("budgets:budgets_csv")))
    assert (row["budget"], row["gekregen"]) == (budget.name, "50000,00")


def test_ideas_that_are_not_public_are_in_no_download(client, sign_in, carla, ria, centrum, paid):
    make_proposal(ria, centrum, "submitted", title="Kanarie")
    addresses = [reverse(f"budgets:{name}") for name in ("town_csv", "budgets_csv", "transfers_csv")]
    for address in addresses:
        assert b"Kanarie" not in b"".join(client.get(address).streaming_content)
    for name in ("proposals_csv", "projects_csv", "neighbourhoods_csv"):
        assert b"Kanarie" not in b"".join(sign_in(carla).get(reverse(f"council:{name}")).streaming_content)
