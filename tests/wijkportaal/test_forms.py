"""Every form is labelled, says what is wrong where it is wrong, and links to it from the summary."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string

from wijkportaal.forms import PortalFormMixin
from wijkportaal.money import EuroField

VOID = {"input", "img", "br", "hr", "path", "link", "meta"}


class Idea(PortalFormMixin, forms.Form):
    submit_label = "Send in"
    title = forms.CharField(label="Title", help_text="A few words.")
    what = forms.CharField(label="What", widget=forms.Textarea)
    theme = forms.ChoiceField(
        label="Theme", choices=[("g", "Green"), ("s", "Safe")], widget=forms.RadioSelect, help_text="One."
    )
    help_with = forms.MultipleChoiceField(
        label="Help with", choices=[("a", "Plan"), ("b", "Permit")], widget=forms.CheckboxSelectMultiple, required=False
    )
    wijk = forms.ChoiceField(label="Wijk", choices=[("", "Choose"), ("c", "Centrum")])
    cost = EuroField(label="Cost", required=False)
    ready_on = forms.DateField(label="Ready", required=False)
    photo = forms.FileField(label="Photo", required=False)
    agreed = forms.BooleanField(label="I agree")
    newsletter = forms.BooleanField(label="News", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class Page(HTMLParser):
    """The elements of a piece of HTML, flat, each with its attributes and the text inside it."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **{name: value or "" for name, value in attrs}}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attrs):
        return [e for e in self.elements if e["tag"] == tag and all(e.get(k) == v for k, v in attrs.items())]

    def ids(self):
        return [e["id"] for e in self.elements if "id" in e]


def with_include(form):
    return render_to_string("components/form.html", {"form": form, "submit": "Send in", "csrf_token": "t"})


ways = pytest.mark.parametrize("render", [with_include, render_crispy_form], ids=["include", "crispy"])
states = pytest.mark.parametrize("data", [None, {"cost": "a lot", "title": "<b>"}], ids=["empty", "wrong"])


@ways
@states
def test_each_input_has_one_label_or_a_legend(render, data):
    page = Page(render(Idea(data)))
    inputs = [e for e in page.elements if e["tag"] in {"input", "select", "textarea"} and e.get("type") != "hidden"]
    assert len(inputs) == 12
    for element in inputs:
        assert len(page.all("label", **{"for": element["id"]})) == 1, element
    legends = [e["text"].split("(")[0].strip() for e in page.all("legend")]
    assert legends == ["Theme", "Help with"]


@ways
@states
def test_ids_are_unique_and_every_description_exists(render, data):
    page = Page(render(Idea(data)))
    assert len(page.ids()) == len(set(page.ids()))
    for element in page.elements:
        for name in (element.get("aria-describedby", "") + " " + element.get("aria-labelledby", "")).split():
            assert name in page.ids(), element


@ways
def test_a_wrong_field_says_so_itself(render):
    page = Page(render(Idea({"cost": "a lot"})))
    title = page.all("input", name="title")[0]
    assert title["aria-invalid"] == "true"
    assert title["aria-describedby"] == "id_title_helptext id_title_error"
    assert "utrecht-textbox--invalid" in title["class"].split()
    assert page.all("textarea", name="what")[0]["aria-describedby"] == "id_what_error"
    group = page.all("fieldset", id="id_theme")[0]
    assert group["aria-invalid"] == "true"
    assert group["aria-describedby"] == "id_theme_helptext id_theme_error"
    assert all("aria-invalid" not in radio for radio in page.all("input", name="theme"))
    assert page.all("input", name="cost")[0]["value"] == "a lot"


@ways
def test_the_summary_comes_first_gets_the_focus_and_links_to_what_can_be_focused(render):
    form = Idea({"cost": "a lot"})
    html = render(form)
    page = Page(html)
    summary = next(e for e in page.elements if "wp-error-summary" in e.get("class", ""))
    assert "autofocus" in summary
    assert summary["tabindex"] == "-1"
    assert html.index("wp-error-summary") < html.index("id_title")
    targets = [e["href"].removeprefix("#") for e in page.all("a")]
    assert targets == [form[name].auto_id for name in ("title", "what", "theme", "wijk", "cost", "agreed")]
    for target in targets:
        element = next(e for e in page.elements if e.get("id") == target)
        assert element["tag"] in {"input", "textarea", "select"} or element["tabindex"] == "-1"


@ways
def test_no_summary_without_errors(render):
    assert "wp-error-summary" not in render(Idea())


@ways
def test_optional_fields_are_marked_and_required_ones_not(render):
    page = Page(render(Idea()))
    marked = {e["for"] for e in page.all("label") if "(" in e["text"]}
    assert marked == {"id_cost", "id_ready_on", "id_photo"}
    assert ["(" in e["text"] for e in page.all("legend")] == [False, True]


@ways
def test_inputs_suit_what_is_asked(render):
    page = Page(render(Idea(initial={"ready_on": __import__("datetime").date(2026, 10, 1)})))
    ready = page.all("input", name="ready_on")[0]
    assert (ready["type"], ready["value"]) == ("date", "2026-10-01")
    assert page.all("input", name="cost")[0]["inputmode"] == "decimal"
    assert any(e["text"] == "€" and "wp-affix__sign" in e.get("class", "") for e in page.all("span"))
    form = page.all("form")[0]
    assert form["enctype"] == "multipart/form-data"
    assert "novalidate" in form
    assert page.all("button", type="submit")[0]["text"].strip() == "Send in"
    assert page.all("input", name="csrfmiddlewaretoken") or render is render_crispy_form


@ways
@states
def test_nothing_is_styled_inline(render, data):
    assert not re.search(r"\sstyle=|<script|\son\w+=", render(Idea(data)))


@ways
def test_what_people_typed_is_escaped(render):
    html = render(Idea({"title": '"><script>alert(1)</script>', "wijk": "<img>", "what": "</textarea><b>"}))
    assert "<script" not in html
    assert "<img>" not in html
    assert html.count("</textarea>") == 1


def test_a_date_in_iso_notation_is_understood():
    form = Idea({"ready_on": "2026-10-01"})
    form.is_valid()
    assert form.cleaned_data["ready_on"].isoformat() == "2026-10-01"


def test_filters_do_not_mark_what_may_stay_empty():
    html = render_to_string("components/filter_form.html", {"form": Idea()})
    assert "wp-optional" not in html


def test_a_formset_renders_each_form_with_its_own_ids():
    formset = forms.formset_factory(Idea, extra=2)()
    page = Page(str(formset))
    assert len(page.ids()) == len(set(page.ids()))
    assert page.all("input", name="form-1-title")
