"""The words on the buttons, in Dutch, by what they are called in the code: tests read along with the templates; polishing breaks none."""

from django.utils import translation
from django.utils.translation import trans_real


def nl(text, **values):
    """The Dutch of `text`. Raises KeyError when no page can have it: then the code calls it something else now."""
    with translation.override("nl"):
        if not trans_real.translation("nl")._catalog.get(text):
            raise KeyError(f"no text on the site is called {text!r} in the code (locale/nl)")
        return translation.gettext(text) % values if values else translation.gettext(text)
