"""What every page must be, whoever looks at it and however wide the screen: asked of a page that a real browser shows."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESK = 320, 1280

# axe's own choice (WCAG 2.0-2.2 A and AA, and best practices), no rule off. These are off by themselves and belong to 2.2 AA:
#   target-size                  2.5.8, new in WCAG 2.2
#   label-content-name-mismatch  2.5.3, "experimental" in axe
# (css-orientation-lock, 1.3.4, reads all stylesheets again at each page; there is one set of them, so it is asked once: test_controls.py.)
RULES_TURNED_ON = ["target-size", "label-content-name-mismatch"]

_AXE = """
async (rules) => {
  const found = await axe.run(document, {
    resultTypes: ['violations'], preload: false, rules: Object.fromEntries(rules.map(rule => [rule, {enabled: true}])),
  });
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.html} -- ${(node.failureSummary || '')}`.replace(/\\s+/g, ' ').slice(0, 500)));
}
"""
_FACTS = """
() => {
  const root = document.documentElement;
  // A table may scroll by itself; a drawing is cut off by its own frame.
  const scrolls = element => {
    for (let box = element; box; box = box.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return true;
    }
    return false;
  };
  const cutOff = [...document.querySelectorAll('body *:not(svg *)')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && (box.right > root.clientWidth + 1 || box.left < -1) && element.checkVisibility({
      visibilityProperty: true, opacityProperty: true}) && !element.closest('.nl-skip-link, .wp-visually-hidden') && !scrolls(element);
  });
  const outer = cutOff.filter(element => !cutOff.includes(element.parentElement));
  return {
    scrollWidth: root.scrollWidth, cutOff: outer.map(element => element.outerHTML.replace(/\\s+/g, ' ').slice(0, 200)),
    headings: document.querySelectorAll('h1').length, title: document.title, lang: root.lang,
  };
}
"""


def problems_of(page, width, *, lang="nl", title_begins=""):
    """What is wrong with the page that `page` shows, on a screen `width` wide, as sentences."""
    page.set_viewport_size({"width": width, "height": 800})
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    return page.evaluate(_AXE, RULES_TURNED_ON) + plain_problems_of(page, width, lang=lang, title_begins=title_begins)


def plain_problems_of(page, width, *, lang="nl", title_begins=""):
    """The same without axe, which can't run where a page may run no scripts."""
    found = page.evaluate(_FACTS)
    problems = [f"sticks out of the screen: {html}" for html in found["cutOff"]]
    if found["scrollWidth"] > width:
        problems.append(f"scrolls sideways: {found['scrollWidth']} px of content on {width} px")
    if found["headings"] != 1:
        problems.append(f"{found['headings']} headings h1")
    if not found["title"].endswith("Wijkportaal") or not found["title"].startswith(title_begins):
        problems.append(f"the title is {found['title']!r}")
    if found["lang"] != lang:
        problems.append(f"says to be in {found['lang']!r}, not {lang!r}")
    return problems
