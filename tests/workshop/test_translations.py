"""The check on translations finds what it is for, each fault on its own."""

import polib
import pytest

from scripts import check_messages


@pytest.fixture
def house(tmp_path):
    """A house with one text, translated in both languages and compiled."""
    (tmp_path / "page.py").write_text('from django.utils.translation import gettext as _\n_("Idea of %(name)s")\n')
    for language, text in (("nl", "Idee van %(name)s"), ("en", "Idea of %(name)s")):
        write(tmp_path, language, [polib.POEntry(msgid="Idea of %(name)s", msgstr=text, flags=["python-format"])])
    return tmp_path


def write(house, language, entries, *, compiled=True):
    folder = house / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": language, "MIME-Version": "1.0"}
    po.extend(entries)
    po.save(str(folder / "django.po"))
    if compiled:
        po.save_as_mofile(str(folder / "django.mo"))


def entry(**words):
    return polib.POEntry(
        **{"msgid": "Idea of %(name)s", "msgstr": "Idee van %(name)s", "flags": ["python-format"]} | words
    )


def test_complete_and_compiled_is_fine(house):
    assert check_messages.check(house, strict=False) == []


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([entry(msgstr="")], "not translated"),
        ([entry(flags=["fuzzy", "python-format"])], "fuzzy"),
        ([entry(), entry(msgid="Old", msgstr="Oud", obsolete=True, flags=[])], "left over"),
        ([entry(msgid_plural="Ideas", msgstr="", msgstr_plural={0: "Idee", 1: ""}, flags=[])], "not translated"),
    ],
)
def test_an_unfinished_text_is_named(house, entries, complaint):
    write(house, "nl", entries)
    assert any(complaint in line for line in check_messages.check_file(house / "locale/nl/LC_MESSAGES/django.po"))


def test_a_translation_that_was_not_compiled_is_named(house):
    write(house, "nl", [entry(msgstr="Voorstel van %(name)s")], compiled=False)
    assert "not compiled" in check_messages.check_file(house / "locale/nl/LC_MESSAGES/django.po")[0]


def test_a_language_that_is_not_there_is_named(house):
    (house / "locale/en/LC_MESSAGES/django.po").unlink()
    assert any("locale/en" in line for line in check_messages.check(house, strict=False))


needs_gettext = pytest.mark.skipif(not check_messages.shutil.which("xgettext"), reason=check_messages.NEED_GETTEXT)


@needs_gettext
def test_a_text_of_the_sources_that_is_missing_and_one_too_many_are_named(house):
    (house / "page.py").write_text('from django.utils.translation import gettext as _\n_("New")\n')
    complaints = check_messages.check(house, strict=False)
    assert any("misses a text" in line and "'New'" in line for line in complaints)
    assert any("no source has" in line for line in complaints)


@needs_gettext
def test_a_lost_placeholder_is_named(house):
    write(house, "nl", [entry(msgstr="Idee van haar")])
    assert any("format specification" in line for line in check_messages.check(house, strict=False))


@needs_gettext
def test_an_update_keeps_what_was_translated_and_repeats_english(house):
    (house / "page.py").write_text(
        'from django.utils.translation import gettext as _, ngettext\n_("Idea of %(name)s")\nngettext("day", "days", 2)\n'
    )
    check_messages.update(house)
    dutch = {text.msgid: text for text in polib.pofile(str(house / "locale/nl/LC_MESSAGES/django.po"))}
    english = {text.msgid: text for text in polib.pofile(str(house / "locale/en/LC_MESSAGES/django.po"))}
    assert dutch["Idea of %(name)s"].msgstr == "Idee van %(name)s"
    assert dutch["day"].msgstr_plural == {0: "", 1: ""}
    assert english["day"].msgstr_plural == {0: "day", 1: "days"}


def test_without_gettext_a_strict_check_fails_and_a_plain_one_passes(house, monkeypatch):
    monkeypatch.setattr(check_messages.shutil, "which", lambda name: None)
    assert check_messages.check(house, strict=False) == []
    assert check_messages.check(house, strict=True) == [check_messages.NEED_GETTEXT]
