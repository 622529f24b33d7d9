"""The instruments of these tests, held against pages that are known to be wrong."""

import pytest

from tests.e2e.looking import AXE, PHONE, problems_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("main.insertAdjacentHTML('beforeend', '<img src=\"/static/img/mark.svg\">')", "image-alt"),
        ("main.insertAdjacentHTML('beforeend', '<p class=\"harm\">Bijna niet te lezen</p>')", "color-contrast"),
        ("main.insertAdjacentHTML('beforeend', '<label>Naam</label><input>')", "label"),
        ("main.insertAdjacentHTML('beforeend', '<h1>Nog een</h1>')", "2 headings h1"),
        ("main.insertAdjacentHTML('beforeend', '<div class=\"wide\">breed</div>')", "scrolls sideways"),
        ("document.title = 'Kwijt'", "the title is 'Kwijt'"),
        ("document.documentElement.lang = 'en'", "says to be in 'en'"),
    ],
)
def test_a_page_that_is_made_wrong_is_found(open_browser, town, harm, found):
    page = open_browser()
    page.goto("/privacy/")
    assert problems_of(page, PHONE) == []
    page.evaluate(f"""() => {{
        const main = document.querySelector('main .wp-body__content');
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('.harm {{ color: #aaa; background: #fff }} .wide {{ width: 900px }}');
        document.adoptedStyleSheets.push(sheet);
        {harm};
    }}""")
    assert any(found in problem for problem in problems_of(page, PHONE)), problems_of(page, PHONE)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("<img alt='' src='https://elders.example/pixel.png'>", "asks elders.example"),
        ("<script>throw new Error('stuk')</script>", "stuk"),
        ("<script>console.error('ook stuk')</script>", "ook stuk"),
    ],
)
def test_what_goes_wrong_in_a_page_is_recorded(open_browser, recorder, harm, found):
    page = open_browser()
    page.set_content(harm)
    page.wait_for_timeout(200)
    problems, recorder.problems = recorder.problems, []
    assert any(found in problem for problem in problems), problems


def test_a_style_or_script_inside_a_page_is_refused_and_recorded(open_browser, recorder, town):
    page = open_browser()
    page.goto("/privacy/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">rood</p>')")
    page.wait_for_timeout(200)
    problems, recorder.problems = recorder.problems, []
    assert any("Content Security Policy" in problem for problem in problems), problems


def test_a_missing_picture_is_recorded(open_browser, recorder, town):
    page = open_browser()
    page.goto("/privacy/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img alt=\"\" src=\"/static/weg.png\">')")
    page.wait_for_timeout(500)
    problems, recorder.problems = recorder.problems, []
    assert any("404 for image" in problem for problem in problems), problems


def test_no_stylesheet_locks_the_orientation(open_browser, town):
    """axe's css-orientation-lock (1.3.4) reads every stylesheet; there is one set of them, so once is enough."""
    page = open_browser()
    page.goto("/")
    page.evaluate(AXE)
    rules = "{runOnly: ['css-orientation-lock'], resultTypes: ['violations', 'incomplete']}"
    found = page.evaluate(f"async () => (await axe.run(document, {rules})).violations.map(rule => rule.id)")
    assert found == []
