"""We say u. allauth's own Dutch says je; locale_overrides/ replaces it."""

import re
from pathlib import Path

import allauth
import polib
import pytest
from django.contrib import auth
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
USED = re.compile(r"^(account/|core/|decorators|templates/account/|templates/allauth/)")


def texts_of_allauth():
    catalogue = polib.pofile(str(Path(allauth.__file__).parent / "locale/nl/LC_MESSAGES/django.po"))
    return [e for e in catalogue if not e.obsolete and any(USED.match(file) for file, line in e.occurrences)]


def dutch(entry):
    with translation.override("nl"):
        return translation.pgettext(entry.msgctxt, entry.msgid) if entry.msgctxt else translation.gettext(entry.msgid)


def test_no_text_of_signing_in_is_informal():
    shown = {entry.msgid: dutch(entry) for entry in texts_of_allauth()}
    assert len(shown) > 100
    assert [text for text in shown.values() if INFORMAL.search(text)] == []


@pytest.mark.parametrize("folder", ["locale", "locale_overrides"])
def test_no_text_of_ours_is_informal(folder):
    catalogue = polib.pofile(str(ROOT / folder / "nl/LC_MESSAGES/django.po"))
    informal = [e.msgstr for e in catalogue if any(INFORMAL.search(t) for t in [e.msgstr, *e.msgstr_plural.values()])]
    assert informal == []


def test_the_compiled_overrides_are_those_of_the_source():
    folder = ROOT / "locale_overrides/nl/LC_MESSAGES"
    source = {e.msgid: e.msgstr for e in polib.pofile(str(folder / "django.po"))}
    compiled = {e.msgid: e.msgstr for e in polib.mofile(str(folder / "django.mo"))}
    assert compiled == source


def test_overrides_replace_texts_that_allauth_or_django_still_has():
    of_django = polib.pofile(str(Path(auth.__file__).parent / "locale/en/LC_MESSAGES/django.po"))
    known = {e.msgid for e in [*texts_of_allauth(), *of_django]}
    ours = {e.msgid for e in polib.pofile(str(ROOT / "locale_overrides/nl/LC_MESSAGES/django.po"))}
    assert ours - known == set()
