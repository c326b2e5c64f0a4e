"""Looks at pages in a headless Chromium: 360, 768 and 1440 px, light, dark and printed. No console message,
no request, nothing wider than the window, no clipped text, contrast of 4.5, links that open what they lead
to, downloads that are the files of the folder.

    page_test.py [--pictures FOLDER] PAGE…
"""
import hashlib
import os
import sys

import chromium

LOOK = r"""
(() => {
  const found = [], shown = e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true});
  const name = e => e.tagName.toLowerCase() + (e.className.baseVal ?? e.className ? "." +
    (e.className.baseVal ?? e.className) : "") + " '" + e.textContent.trim().slice(0, 40) + "'";
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    found.push(`the page is ${root.scrollWidth} px wide, the window ${root.clientWidth}`);
  const scrolls = e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const parse = c => (c.match(/[\d.]+/g) ?? []).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 :
    ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c.length == 3 || c[3] == 1) return c; }
    return [255, 255, 255]; };
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim());
    if (!own || !shown(e) || e.closest(".vh, .skip, title, desc")) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) { if (!e.closest("svg")) found.push("no room for " + name(e)); continue; }
    const svg = e.closest("svg");
    if (svg) {
      const s = svg.getBoundingClientRect();
      if (box.left < s.left - 1.5 || box.right > s.right + 1.5 || box.top < s.top - 1.5 ||
          box.bottom > s.bottom + 1.5) found.push("cut by its drawing: " + name(e));
      continue;
    }
    let up = e, inside = false;
    for (; up && up != document.body; up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (scrolls(up)) { inside = true; break; }
      if (["hidden", "clip"].includes(style.overflowX) &&
          (box.right > edge.right + 1 || box.bottom > edge.bottom + 1))
        found.push("clipped: " + name(e));
    }
    if (!inside && (box.left < -1 || box.right > root.clientWidth + 1))
      found.push(`outside the window (${box.left} to ${box.right}): ` + name(e));
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ` + name(e));
  }
  for (const e of document.querySelectorAll("*"))
    if (shown(e) && scrolls(e) && e.scrollWidth > e.clientWidth && e.tabIndex < 0 && e.tagName != "UL")
      found.push("no way to it by keyboard: " + name(e));
  return [...new Set(found)].slice(0, 20);
})()
"""

FOLD = "document.querySelectorAll('details.part').forEach(d => d.open = %s)"

# Follows every link of the contents: the section opens, its heading is in sight, the menu closes.
LINKS = r"""
(async () => {
  const found = [], wait = () => new Promise(r => setTimeout(r, 60));
  const menu = document.querySelector("nav details"), wide = innerWidth >= 1180;
  for (const a of document.querySelectorAll("nav a")) {
    if (!wide) menu.open = true;
    await wait();
    a.click();
    await wait();
    const target = document.getElementById(a.hash.slice(1)), part = target.closest("details.part");
    if (part && !part.open) found.push(a.hash + " stays folded");
    const top = (part ?? target).getBoundingClientRect().top, bar = wide ? 0 :
      document.querySelector("nav").getBoundingClientRect().bottom;
    const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    if (top < bar - 2 || (top > innerHeight / 2 && !end)) found.push(`${a.hash} is at ${top}, bar ${bar}`);
    if (!wide && part && menu.open) found.push(a.hash + ": the menu stays open");
    if (document.querySelector("nav").getBoundingClientRect().top > 1)
      found.push(a.hash + ": the contents are out of reach");
  }
  return found;
})()
"""

# Scrolls every wide table to its end: the column that names the lines stays.
STICKY = r"""
(() => {
  const found = []; let wide = 0;
  for (const s of document.querySelectorAll(".scroll")) {
    if (s.scrollWidth <= s.clientWidth) continue;
    wide++;
    s.scrollLeft = s.scrollWidth;
    const key = s.querySelector("tbody .key"), edge = s.getBoundingClientRect();
    if (!s.scrollLeft) found.push("does not scroll: " + s.textContent.slice(0, 40));
    if (key) { const box = key.getBoundingClientRect();
      if (box.left < edge.left - 1 || box.right > edge.right) found.push("key out of sight"); }
    s.scrollLeft = 0;
  }
  for (const s of document.querySelectorAll(".scroll.tall")) {
    s.scrollTop = s.scrollHeight;
    const head = s.querySelector("thead").getBoundingClientRect(), edge = s.getBoundingClientRect();
    if (s.scrollTop && Math.abs(head.top - edge.top) > 1) found.push("headings out of sight");
    s.scrollTop = 0;
  }
  return {found, wide};
})()
"""

DOWNLOADS = r"""
(async () => {
  const found = [];
  for (const a of document.querySelectorAll("a[download]")) {
    const bytes = new Uint8Array(await (await fetch(a.href)).arrayBuffer());
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
    found.push([a.download, digest.map(b => b.toString(16).padStart(2, "0")).join("")]);
  }
  return found;
})()
"""


def downloads(browser, page):
    """Every download is a file of the results folder, where that holds one of the name."""
    faults, equal, absent = [], 0, 0
    folder = os.path.dirname(page)
    for name, digest in browser.run(DOWNLOADS):
        paths = [os.path.join(folder, part, name) for part in ("tables", "figures")]
        paths = [path for path in paths if os.path.exists(path)]
        if not paths:
            absent += 1
            continue
        digests = [hashlib.sha256(open(path, "rb").read()).hexdigest() for path in paths]
        equal += digest in digests
        if digest not in digests:
            faults.append(f"download {name} is not the file of the folder")
    return faults, equal, absent


def look(browser, page, pictures):
    faults = []
    name = os.path.basename(os.path.dirname(page)) + "-" + os.path.basename(page).split(".")[0]

    def note(where, found):
        faults.extend(f"{where}: {text}" for text in found)

    def picture(which, whole=False):
        if pictures:
            browser.picture(os.path.join(pictures, f"{name}-{which}.png"), whole)

    is_report = True
    for width, height in [(360, 740), (768, 1024), (1440, 900)]:
        for scheme in ["light", "dark"]:
            where = f"{width} px, {scheme}"
            browser.view(width, height, scheme)
            browser.open(page)
            is_report = browser.run("!!document.querySelector('details.part')")
            note(where + ", folded", browser.run(LOOK))
            picture(f"{width}-{scheme}")
            if not is_report:
                continue
            browser.run(FOLD % "true")
            note(where + ", unfolded", browser.run(LOOK))
            if width == 360:
                browser.run("document.querySelector('nav details').open = true")
                note(where + ", contents", browser.run(LOOK))
                picture(f"{width}-{scheme}-contents")
        if is_report:
            sticky = browser.run(STICKY)
            note(f"{width} px", sticky["found"])
            browser.open(page)
            note(f"{width} px", browser.run(LINKS))
    # A4 across, less its margins, at 96 dots per inch.
    browser.view(1039, 710, "dark", media="print")
    browser.open(page)
    note("print", browser.run(LOOK))
    if is_report:
        folded = "[...document.querySelectorAll('details.part .scroll, .lines')].filter(e => " \
            "!e.checkVisibility({contentVisibilityAuto: true})).length"
        if browser.run(folded):
            faults.append("print: sections stay folded")
        if browser.run("document.querySelector('nav').checkVisibility()"):
            faults.append("print: the contents are printed")
    if pictures:
        browser.pdf(os.path.join(pictures, f"{name}.pdf"))
    browser.view(1440, 900)
    browser.open(page)
    found, equal, absent = downloads(browser, page)
    note("downloads", found)
    faults += browser.faults
    browser.faults = []
    size = os.path.getsize(page)
    if is_report and size > 3_000_000:
        faults.append(f"{size} bytes, more than 3 MB")
    print(f"{page}: {size / 1e6:.2f} MB, {equal} downloads equal files of the folder, "
          f"{absent} without one there, {len(faults)} faults")
    return faults


def main():
    arguments = sys.argv[1:]
    pictures = None
    if arguments[:1] == ["--pictures"]:
        pictures = arguments[1]
        os.makedirs(pictures, exist_ok=True)
        arguments = arguments[2:]
    program = chromium.find()
    if program is None:
        print("no chromium on the PATH: apt-get install chromium, or name one in CHROMIUM")
        sys.exit(77)
    browser = chromium.Browser(program)
    failed = False
    try:
        for page in arguments:
            for fault in look(browser, os.path.abspath(page), pictures):
                failed = True
                print("  " + fault)
    finally:
        browser.close()
    sys.exit(1 if failed else 0)


main()
