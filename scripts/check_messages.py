"""Are the texts complete? Every language, nothing fuzzy, compiled, and in step with the sources.

    check_messages.py [--strict]    complain; --strict (or CI=true) also when gettext is missing, which reading the sources needs
    check_messages.py --update      collect the texts from the sources into locale/, and compile

The sources' own language is English: the English file repeats each text, so that a template in English never falls back to Dutch.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

HOUSE = Path(__file__).resolve().parent.parent
LANGUAGES = ("nl", "en")
NOT_SOURCES = (
    ".git",
    ".venv",
    ".venv-django61",
    "var",
    "node_modules",
    "static",
    "locale",
    "locale_overrides",
    "tests",
)
NEED_GETTEXT = (
    "gettext is not here (Debian: apt-get install gettext); without it the sources can not be read for their texts."
)


def name_of(entry):
    """What makes a text the same text: its context, itself and its plural."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def is_complete(entry):
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


def check_file(path):
    """Complaints about one .po file and the .mo beside it."""
    complaints = []
    po = polib.pofile(str(path))
    for entry in po:
        if entry.obsolete:
            complaints.append(f"{path}: left over, no longer in the sources: {entry.msgid[:60]!r}")
        elif entry.fuzzy:
            complaints.append(f"{path}: fuzzy: {entry.msgid[:60]!r}")
        elif not is_complete(entry):
            complaints.append(f"{path}: not translated: {entry.msgid[:60]!r}")
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return [*complaints, f"{compiled}: not there; run make messages"]
    wanted = {name_of(entry): (entry.msgstr, entry.msgstr_plural) for entry in po.translated_entries()}
    found = {name_of(entry): (entry.msgstr, entry.msgstr_plural) for entry in polib.mofile(str(compiled))}
    if wanted != found:
        complaints.append(f"{compiled}: not compiled from the .po beside it; run make messages")
    return complaints


def check_placeholders(path):
    """msgfmt knows when a translation has lost a %(name)s."""
    done = subprocess.run(
        ["msgfmt", "--check", "--output-file", os.devnull, str(path)], capture_output=True, text=True, check=False
    )
    return [] if done.returncode == 0 else [done.stderr.strip()]


def collect(house):
    """The texts of the sources of `house` as {name: entry}; made in a copy, so nothing is written here. Needs gettext."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "house"
        shutil.copytree(house, copy, ignore=shutil.ignore_patterns(*NOT_SOURCES, "__pycache__", "*.po", "*.mo"))
        (copy / "locale").mkdir()
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        words = [
            "makemessages",
            "--locale",
            "nl",
            "--keep-pot",
            "--no-wrap",
            "--add-location",
            "file",
            "--verbosity",
            "0",
        ]
        subprocess.run([sys.executable, "-m", "django", *words], cwd=copy, env=environment, check=True)
        texts = polib.pofile(str(copy / "locale" / "django.pot"))
    return {name_of(entry): entry for entry in texts}


def check_sources(path, texts):
    """Complaints where the file and the sources do not name the same texts."""
    there = {name_of(entry) for entry in polib.pofile(str(path)) if not entry.obsolete}
    return [f"{path}: misses a text of the sources: {name[1][:60]!r}" for name in sorted(texts.keys() - there)] + [
        f"{path}: has a text that no source has: {name[1][:60]!r}" for name in sorted(there - texts.keys())
    ]


def po_files(house):
    return sorted(house.glob("locale*/*/LC_MESSAGES/django.po"))


def check(house, *, strict):
    complaints = []
    gettext = shutil.which("xgettext")
    if strict and not gettext:
        complaints.append(NEED_GETTEXT)
    texts = collect(house) if gettext else None
    for language in LANGUAGES:
        if not (house / "locale" / language / "LC_MESSAGES" / "django.po").exists():
            complaints.append(f"locale/{language}/LC_MESSAGES/django.po is not there; run make messages")
    for path in po_files(house):
        complaints += check_file(path)
        if gettext:
            complaints += check_placeholders(path)
            if path.is_relative_to(house / "locale"):
                complaints += check_sources(path, texts)
    return [complaint.replace(f"{house}/", "") for complaint in complaints]


def update(house):
    """Bring locale/ in step with the sources: known translations stay, new texts come in empty, old ones go."""
    texts = collect(house)
    for language in LANGUAGES:
        path = house / "locale" / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        known = {name_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        po = polib.POFile(wrapwidth=0)
        po.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": language,
            "MIME-Version": "1.0",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for name, text in texts.items():
            old = known.get(name)
            if language == "en":
                text.msgstr, text.msgstr_plural = text.msgid, {}
                if text.msgid_plural:
                    text.msgstr, text.msgstr_plural = "", {0: text.msgid, 1: text.msgid_plural}
            else:
                text.msgstr = old.msgstr if old else ""
                text.msgstr_plural = (old.msgstr_plural if old else {0: "", 1: ""}) if text.msgid_plural else {}
            text.flags = [flag for flag in text.flags if flag != "fuzzy"]
            text.occurrences = sorted({(place, "") for place, _ in text.occurrences})
            po.append(text)
        po.save(str(path))
    for path in po_files(house):
        po = polib.pofile(str(path), wrapwidth=0)
        po.save_as_mofile(str(path.with_suffix(".mo")))
        missing = [entry for entry in po if not is_complete(entry)]
        print(f"{path.relative_to(house)}: {len(po)} texts, {len(missing)} not translated")


def main(words):
    if "--update" in words:
        if not shutil.which("xgettext"):
            sys.exit(NEED_GETTEXT)
        update(HOUSE)
        return 0
    complaints = check(HOUSE, strict="--strict" in words or os.environ.get("CI", "").lower() in {"1", "true", "yes"})
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
