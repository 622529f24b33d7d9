"""Search in Dutch that gives the same answers on SQLite and on PostgreSQL.

The full-text engines of the two databases disagree about boom/bomen, fiets/fietsenstalling, tuin/speeltuin and café.
So Python does the language: a column holds `index_text(...)` of what should be found, and `matching(...)` asks
that column plain LIKE questions. Stems come from the Snowball project's Dutch stemmers
(https://snowballstem.org/algorithms/dutch/stemmer.html): Kraaij-Pohlmann, and Porter's for what it misses.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.db.models import Q

MAX_QUERY_LENGTH = 100
MAX_QUERY_WORDS = 8
# A stem this short inside other words finds everything ("eten" gives "eet", which is in "weet"): whole words only.
SHORT_STEM = 3
# A word this short is looked for at the beginning of words.
SHORT_WORD = 2

# Words that say nothing about the subject; a text should not have to hold them.
_STOP_WORDS = """
aan als bij dat de den der die dit door een en er het hij ik in is je met mijn naar niet of om ons onze ook op over
te tot uit van voor was wat we wij wil wordt u uw zijn ze zij
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_per_thread = threading.local()  # a stemmer keeps the word it works on in itself


def index_text(*parts):
    """Make the text of a search column.

    In: any number of strings (title, description, street…); None and empty ones are skipped.
    Out: the words and their stems, lower case without accents, each once, with a space before, between and after;
    empty when there is no word at all. Never longer than about twice the input. Safe to store on both databases:
    letters and digits only, without NUL or surrogates.
    """
    words = dict.fromkeys(word for part in parts if part for word in _words(part))
    for word in list(words):
        words.setdefault(_stem("dutch", word))
    return f" {' '.join(words)} " if words else ""


def query_terms(q):
    """Take apart what a person typed in a search box.

    In: any text. Only the first 100 characters and, of the words in them, the first 8 that carry meaning count.
    Out: for each word a list of alternatives; a text matches when its `index_text` contains, for every word, at least
    one of the alternatives. An alternative can begin or end with a space: that is the edge of a word.
    """
    words = list(dict.fromkeys(_words(q[:MAX_QUERY_LENGTH])))
    words = [word for word in words if word not in STOP_WORDS] or words
    return [_alternatives(word) for word in words[:MAX_QUERY_WORDS]]


def matching(field_name, q):
    """Make the condition for a search, to be used as `queryset.filter(matching("search_text", q))`.

    In: the name of a column that holds `index_text(...)`, and what a person typed.
    Out: a Q. A blank `q` matches everything; a `q` without any word in it ("?!") matches nothing.
    """
    if not q.strip():
        return Q()
    terms = query_terms(q)
    if not terms:
        return Q(pk__in=[])
    condition = Q()
    for alternatives in terms:
        any_of = Q()
        for alternative in alternatives:
            any_of |= Q((f"{field_name}__contains", alternative))
        condition &= any_of
    return condition


def _words(text):
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(character for character in folded if not unicodedata.combining(character)).translate(_LETTERS)
    return _WORD.findall(_APOSTROPHES.sub("", letters))


def _alternatives(word):
    if len(word) <= SHORT_WORD:
        return [f" {word}"]
    stems = {_stem("dutch", word), _stem("dutch_porter", word)}
    if word.endswith("e"):
        stems.add(word[:-1])  # groene -> groen: both stemmers may keep this e
    if word.endswith(("as", "is", "os", "us", "ys")):
        stems.add(word[:-1])  # foto's -> foto
    stems = {stem if len(stem) > SHORT_STEM else f" {stem} " for stem in stems if len(stem) > 1 and stem != word}
    # A longer alternative that contains a shorter one finds nothing more.
    alternatives = [word, *sorted(stems)]
    return [
        alternative
        for alternative in alternatives
        if not any(other != alternative and other in alternative for other in alternatives)
    ]


@lru_cache(maxsize=50_000)
def _stem(language, word):
    stemmers = _per_thread.__dict__
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(language)
    # In very long "words" there is nothing to stem; the stemmer's time grows with their length.
    return stemmers[language].stemWord(word) if len(word) <= 60 else word
