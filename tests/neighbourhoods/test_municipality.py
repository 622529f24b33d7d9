"""The town's name, words, colours and themes."""

import re

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.urls import reverse

from neighbourhoods.models import Municipality, NeighbourhoodEvent, Theme
from neighbourhoods.theming import COLOURS, check_colours, contrast, contrasts, stylesheet, stylesheet_hash

FORM = {"name": "Voorbeeldstad", "contact_email": "wijken@voorbeeldstad.example"}
BLUE = {"main": "#154273", "main_dark": "#0d2a4a", "main_darkest": "#071a30", "line": "#2b6cb0"}


def save(client, **changes):
    return client.post(reverse("neighbourhoods:change_municipality"), FORM | changes)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#ffffff") == 1


def test_the_colours_of_the_site_itself_are_those_of_the_stylesheet_and_good_enough(settings):
    css = (settings.BASE_DIR / "static" / "css" / "wijkportaal.css").read_text(encoding="utf-8")
    for name, colour in COLOURS.items():
        for token in colour.tokens:
            said = re.search(rf"--basis-color-{token}: (#[0-9a-f]{{6}});", css)
            assert said, f"{token} is not in the stylesheet"
            if name != "line":
                assert said[1] == colour.default, token
    assert all(pair.is_enough for pair in contrasts({}))


def test_colours_that_can_be_read_are_on_every_page_at_once(bea, town, sign_in, client):
    response = save(sign_in(bea), **{f"colour_{name}": value.upper() for name, value in BLUE.items()})
    assert response.status_code == 302, response.context["form"].errors
    assert Municipality.objects.get().theme_colours == BLUE
    caches["pages"].clear()
    url = re.search(r'href="(/thema-[0-9a-f]+\.css)"', client.get("/").text)[1]
    css = client.get(url)
    assert css["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in css["Cache-Control"]
    assert "--basis-color-accent-1-inverse-bg-default: #154273;" in css.text
    assert not css.cookies
    event = NeighbourhoodEvent.objects.get(kind="change_municipality")
    assert event.actor == bea


def test_new_colours_are_found_in_a_process_that_remembers_the_old_ones(town, client):
    town.theme_colours = BLUE | {"main": "#0d2a4a"}
    town.save()
    client.get("/")  # from here on this process remembers the town
    Municipality.objects.update(theme_colours=BLUE)  # as another process does
    assert client.get(f"/thema-{stylesheet_hash(BLUE)}.css").status_code == 200


def test_another_name_than_that_of_the_colours_is_not_found(town, client):
    assert client.get("/thema-0123456789abcdef.css").status_code == 404
    town.theme_colours = BLUE
    town.save()
    caches["pages"].clear()
    assert client.get("/thema-0123456789abcdef.css").status_code == 404
    assert client.get(f"/thema-{stylesheet_hash(BLUE)}.css").status_code == 200


def test_too_little_contrast_is_refused_and_the_pair_is_named(bea, town, sign_in):
    response = save(sign_in(bea), colour_main="#99ccff")
    errors = str(response.context["form"].errors)
    assert "wit" in errors
    assert "hoofdkleur" in errors
    assert "1,6" in errors
    assert "4,5" in errors
    assert "#99ccff" in response.text  # what was typed stays
    assert Municipality.objects.get().theme_colours == {}


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "url(x)", "#000;}", "javascript", "\u0660\u0661"])
def test_what_is_no_colour_is_refused_beside_its_field(value, bea, town, sign_in):
    assert "colour_main" in save(sign_in(bea), colour_main=value).context["form"].errors
    with pytest.raises(ValidationError):
        check_colours({"main": value})


def test_nothing_but_colours_comes_into_the_stylesheet():
    text = stylesheet({"main": "red;} body{display:none", "unknown": "#000000"})
    assert text == ".gemeente-theme {\n}\n"
    with pytest.raises(ValidationError):
        check_colours({"unknown": "#000000"})


def test_the_words_for_roles_are_fields_and_an_empty_one_is_the_usual_word(bea, town, sign_in):
    assert save(sign_in(bea), label_neighbourhood_manager="wijkregisseur", label_resident="").status_code == 302
    assert Municipality.objects.get().role_labels == {"neighbourhood_manager": "wijkregisseur"}


def test_the_first_save_makes_the_town(bea, sign_in):
    Municipality.objects.all().delete()
    assert save(sign_in(bea)).status_code == 302
    assert Municipality.objects.get().name == "Voorbeeldstad"


def test_a_theme_is_added_changed_and_taken_out_of_use(bea, sign_in):
    add = reverse("neighbourhoods:add_theme")
    form = {"name": "Groen en water", "description": "Bomen en sloten", "position": 1, "is_active": "on"}
    assert sign_in(bea).post(add, form).status_code == 302
    theme = Theme.objects.get()
    assert theme.slug == "groen-en-water"
    assert "name" in sign_in(bea).post(add, form).context["form"].errors
    url = reverse("neighbourhoods:change_theme", args=[theme.pk])
    del form["is_active"]
    assert sign_in(bea).post(url, form | {"name": "Groen", "slug": "anders"}).status_code == 302
    theme.refresh_from_db()
    assert (theme.name, theme.slug, theme.is_active) == ("Groen", "groen-en-water", False)


@pytest.mark.parametrize("field", ["name", "description"])
def test_texts_that_are_too_long_or_odd_are_refused(field, bea, sign_in):
    for value in ("x" * 5000, "a\0b"):
        form = {"name": "Groen", "description": "", "position": 1} | {field: value}
        assert field in sign_in(bea).post(reverse("neighbourhoods:add_theme"), form).context["form"].errors
    assert "position" in (
        sign_in(bea)
        .post(reverse("neighbourhoods:add_theme"), {"name": "Groen", "position": "9" * 30})
        .context["form"]
        .errors
    )


def test_the_log_says_in_words_what_was_done(bea, town, sign_in):
    save(sign_in(bea), name="Nieuwe Stad")
    page = sign_in(bea).get(reverse("neighbourhoods:log")).text
    assert "Woorden of kleuren van de gemeente veranderd" in page
    assert "Bea" in page
