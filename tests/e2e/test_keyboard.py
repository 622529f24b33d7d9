"""Everything without a mouse: in a sensible order, always visible where one is, and out again everywhere."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e import full_world
from tests.e2e.words import nl
from tests.test_matrix import people, world  # noqa: F401 -- fixtures

pytestmark = pytest.mark.browser

# Marks all that must be reachable, with how it looks without focus. Of a group of radio buttons one is reachable, the arrows do the rest.
_REMEMBER = """
() => {
  const around = element => element.parentElement ? [element, ...around(element.parentElement)] : [];  // a card lights up around its link
  const look = element => [...around(element).slice(0, 6), ...element.querySelectorAll('*')].map(part => {
    const style = getComputedStyle(part);
    return ['outlineStyle', 'outlineWidth', 'boxShadow', 'backgroundColor', 'borderColor', 'stroke', 'strokeWidth'].map(
      name => style[name]).join();
  }).join('|');
  const groups = new Set();
  window.wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(element => {
    if (element.disabled || element.type === 'hidden' || element.tabIndex < 0) return false;
    if (!element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type === 'radio') {
      const chosen = element.form.querySelector(`[name="${element.name}"]:checked`);
      if (groups.has(element.name) || (chosen && chosen !== element)) return false;
      groups.add(element.name);
    }
    return true;
  });
  window.look = look;
  window.before = new Map(window.wanted.map(element => [element, look(element)]));
  window.reached = new Set();
  return window.wanted.length;
}
"""
_WHERE = """
() => {
  const element = document.activeElement;
  if (element === window.last) return '';  // the next part of a date
  if (!element || element === document.body || window.reached.has(element)) return 'end';
  window.last = element;
  window.reached.add(element);
  const box = element.getBoundingClientRect();
  const name = (element.getAttribute('aria-label') || element.innerText || element.name || element.tagName || '').trim().slice(0, 60);
  if (!window.before.has(element)) return `focus on something that was not counted: ${element.outerHTML.slice(0, 150)}`;
  if (window.before.get(element) === window.look(element)) return `focus can not be seen on: ${element.outerHTML.slice(0, 150)}`;
  if (box.bottom < 0 || box.top > innerHeight) return `focus is out of sight on: ${element.outerHTML.slice(0, 150)}`;
  return '';
}
"""
_MISSED = "() => window.wanted.filter(element => !window.reached.has(element)).map(element => element.outerHTML.slice(0, 200))"


def tab_through(page):
    """What is wrong with going through the page that `page` shows by Tab alone, as sentences."""
    count = page.evaluate(_REMEMBER)
    assert count > 5
    problems = []
    for _ in range(count + 40):
        page.keyboard.press("Tab")
        found = page.evaluate(_WHERE)
        if found == "end":
            break
        if found:
            problems.append(found)
    else:
        problems.append("focus never comes back to the beginning: somewhere it is trapped")
    return problems + [f"can't be reached: {html}" for html in page.evaluate(_MISSED)]


@pytest.fixture
def full(world, people, centrum):  # noqa: F811
    full_world.draw_borders(Path(settings.BASE_DIR))
    return full_world.fill(
        centrum,
        author=people["ria"],
        manager=people["wim"],
        helper=people["rob"],
        worker=people["cora"],
        officer=people["fien"],
    )


def test_everything_is_reached_by_tab_and_shows_it(full, people, open_browser):  # noqa: F811
    idea, project = full["idea"].get_absolute_url(), full["project"].get_absolute_url()
    walks = {
        None: ["/", "/wijken/centrum/", "/ideeen/", idea, project, "/geld/", "/account/login/"],
        "ria": ["/mijn/", idea, "/ideeen/nieuw/"],
        "wim": ["/werklijst/", idea, project, f"{idea}kan-het/", f"{project}betaling/"],
        "carla": ["/raad/", "/raad/centrum/"],
        "bea": ["/beheer/", "/beheer/gemeente/"],
    }
    problems = []
    for person, addresses in walks.items():
        page = open_browser(people[person] if person else None)
        for address in addresses:
            assert page.goto(address).ok, address
            problems += [f"{address} as {person}: {problem}" for problem in tab_through(page)]
    assert not problems, "\n".join(problems)


def test_the_skip_link_comes_first_and_skips(open_browser, centrum):
    page = open_browser()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name=nl("Skip to the content"))
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_wijk_on_the_map_opens_by_enter(open_browser, centrum, haven):
    full_world.draw_borders(Path(settings.BASE_DIR))
    page = open_browser()
    page.goto("/")
    page.locator(".wp-map__link").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Centrum")


def test_the_menu_of_a_phone_opens_and_closes_by_enter(open_browser, centrum):
    page = open_browser(width=390)
    page.goto("/")
    button = page.locator(".wp-menu > summary")
    links = page.get_by_role("navigation", name=nl("Menu")).get_by_role("link")
    for _ in range(6):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(links.first).to_be_visible()
    page.keyboard.press("Enter")
    expect(links.first).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url("/ideeen/")


def test_forms_are_sent_by_enter(open_browser, published):
    page = open_browser()
    page.goto("/ideeen/")
    page.get_by_role("search").get_by_role("textbox").first.fill("bankje")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "q=bankje" in page.url
    expect(page.get_by_role("main")).to_contain_text(published.title)
    page.goto("/account/login/")
    page.get_by_label(nl("E-mail address")).fill("ria@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label(nl("Code"))).to_be_visible()


def test_after_a_mistake_the_summary_has_the_focus_and_leads_to_the_field(open_browser, ria, centrum, theme):
    page = open_browser(ria)
    page.goto("/ideeen/nieuw/")
    name = page.get_by_label(nl("Give your idea a short name"))
    name.fill("Een bankje")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    summary = page.locator(".wp-error-summary")
    expect(summary).to_be_focused()
    expect(name).to_have_value("Een bankje")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(nl("What is your idea?"))).to_be_focused()
    page.goto("/ideeen/nieuw/")
    page.get_by_role("button", name=nl("Send in")).press("Enter")
    page.get_by_role("link", name=nl("What is it about?")).press("Enter")
    expect(page.get_by_role("radiogroup", name=nl("What is it about?"))).to_be_focused()
