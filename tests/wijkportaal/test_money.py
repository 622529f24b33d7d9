"""What people type as an amount, and what they get to read."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from wijkportaal.money import MAX_EUROS, EuroField, format_euros, parse_euros

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("0", 0),
        ("5", 500),
        ("1250", 125_000),
        ("1250,5", 125_050),
        ("1250,50", 125_050),
        ("1250.50", 125_050),
        ("1.250,50", 125_050),
        ("1.250", 125_000),
        ("1.25", 125),
        ("1,25", 125),
        ("0,05", 5),
        ("007", 700),
        ("€ 1.250", 125_000),
        (f"€{NBSP}1.250", 125_000),
        ("€1250", 125_000),
        ("EUR 1250", 125_000),
        ("eur 1.250,50", 125_050),
        ("1250 euro", 125_000),
        ("25,-", 2_500),
        ("€ 1.250,--", 125_000),
        ("1 250", 125_000),
        (f"1{NBSP}250{NBSP}000,10", 125_000_010),
        ("1\u202f250", 125_000),
        ("1.250.000", 125_000_000),
        ("1,250.50", 125_050),
        ("  12,50\t\n", 1_250),
        ("1.000.000.000", 10**11),
    ],
)
def test_an_amount_as_people_write_it_becomes_cents(typed, cents):
    assert parse_euros(typed) == cents


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        (NBSP, "empty"),
        ("€", "malformed"),
        ("1.25.0", "malformed"),
        ("1.2500", "decimals"),
        ("12.50,5", "malformed"),
        ("1..5", "malformed"),
        ("1,,5", "malformed"),
        ("1 2", "malformed"),
        ("12 50", "malformed"),
        ("1,2,3", "malformed"),
        (",50", "malformed"),
        ("50,", "malformed"),
        ("1'250", "malformed"),
        ("5-3", "malformed"),
        ("+5", "malformed"),
        ("$5", "malformed"),
        ("0.250", "decimals"),
        ("12,345", "decimals"),
        ("1.250,505", "decimals"),
        ("1,250", "decimals"),
        ("-5", "negative"),
        ("- 5", "negative"),
        ("−5", "negative"),
        ("-€ 5", "negative"),
        ("€ -5", "negative"),
        ("1000000000,01", "too_large"),
        ("1000000001", "too_large"),
        ("9" * 5_000, "too_large"),
        ("1e3", "letters"),
        ("tien", "letters"),
        ("12 per jaar", "letters"),
        ("NaN", "letters"),
        ("1\x00", "null_characters_not_allowed"),
        ("١٢", "malformed"),  # digits of another script: not what the page will show
        ("²", "malformed"),
        ("\ud800", "malformed"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_own_reason(typed, code):
    with pytest.raises(ValidationError) as refusal:
        parse_euros(typed)
    assert refusal.value.code == code
    assert str(refusal.value.message)


def test_every_reason_for_a_refusal_has_other_words():
    messages = set()
    for typed in ["", "1.25.0", "12,345", "-5", "1000000001", "tien", "1\x00"]:
        with pytest.raises(ValidationError) as refusal:
            parse_euros(typed)
        messages.add(str(refusal.value.message))
    assert len(messages) == 7


@given(st.text(max_size=60))
def test_any_text_gives_cents_within_bounds_or_a_validation_error(typed):
    try:
        cents = parse_euros(typed)
    except ValidationError:
        return
    assert isinstance(cents, int)
    assert 0 <= cents <= MAX_EUROS * 100


@given(st.integers(min_value=0, max_value=MAX_EUROS * 100))
def test_what_the_site_writes_in_dutch_it_can_read_back(cents):
    with override("nl"):
        assert parse_euros(format_euros(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "dutch", "english"),
    [
        (0, f"€{NBSP}0", "€0"),
        (5, f"€{NBSP}0,05", "€0.05"),
        (120_000, f"€{NBSP}1.200", "€1,200"),
        (1_250, f"€{NBSP}12,50", "€12.50"),
        (123_456_789, f"€{NBSP}1.234.567,89", "€1,234,567.89"),
        (-500, f"-€{NBSP}5", "-€5"),
        (-5, f"-€{NBSP}0,05", "-€0.05"),
        (Decimal("120000"), f"€{NBSP}1.200", "€1,200"),
    ],
)
def test_an_amount_is_written_as_the_reader_of_that_language_expects(cents, dutch, english):
    with override("nl"):
        assert format_euros(cents) == dutch
    with override("en"):
        assert format_euros(cents) == english
    with override(None):
        assert format_euros(cents) == dutch


@pytest.mark.parametrize("wrong", [None, 1.0, True, "5"])
def test_an_unknown_or_inexact_amount_is_never_written_as_if_it_were_known(wrong):
    with pytest.raises(TypeError):
        format_euros(wrong)


def test_parts_of_a_cent_are_refused():
    with pytest.raises(ValueError, match="whole cents"):
        format_euros(Decimal("1.5"))


class AmountForm(forms.Form):
    amount = EuroField(min_cents=100, max_cents=1_000_000)
    extra = EuroField(required=False)


def test_a_form_gives_cents_and_none_for_an_amount_left_out():
    form = AmountForm({"amount": "€ 1.250,50", "extra": " "})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"amount": 125_050, "extra": None}


def test_a_form_shows_what_was_typed_when_it_was_wrong():
    form = AmountForm({"amount": "12,345", "extra": ""})
    assert not form.is_valid()
    assert 'value="12,345"' in str(form["amount"])


def test_a_form_shows_cents_it_starts_with_in_dutch_notation():
    with override("en"):
        assert 'value="1.250,50"' in str(AmountForm(initial={"amount": 125_050})["amount"])
    assert 'value="1.250"' in str(AmountForm(initial={"amount": 125_000})["amount"])
    assert "value=" not in str(AmountForm(initial={"amount": None})["amount"])


def test_phones_show_the_number_keys():
    assert 'inputmode="decimal"' in str(AmountForm()["amount"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "required"), ("0,99", "min_value"), ("10.000,01", "max_value"), ("x", "letters")],
)
def test_bounds_of_a_field_are_named_in_the_error(typed, code):
    form = AmountForm({"amount": typed})
    assert [error.code for error in form.errors["amount"].as_data()] == [code]


@pytest.mark.parametrize(("typed", "cents"), [("1", 100), ("10.000", 1_000_000)])
def test_bounds_of_a_field_are_inclusive(typed, cents):
    form = AmountForm({"amount": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == cents


@pytest.mark.parametrize(
    ("typed", "changed"), [("1.250,50", False), ("1250.50", False), ("1250,51", True), ("", True), ("nonsense", True)]
)
def test_another_notation_of_the_same_amount_is_no_change(typed, changed):
    form = AmountForm({"amount": typed}, initial={"amount": 125_050})
    assert ("amount" in form.changed_data) is changed


def test_a_number_in_the_data_of_a_form_means_euros_as_if_typed():
    form = AmountForm({"amount": 1250})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == 125_000
    assert 'value="1250"' in str(form["amount"])


def test_a_disabled_field_keeps_its_cents():
    form = AmountForm({"amount": "5"}, initial={"amount": 125_050})
    form.fields["amount"].disabled = True
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == 125_050
    assert 'value="1.250,50"' in str(form["amount"])
