# SPDX-License-Identifier: MIT
"""What two parsers that are not ours say of the page of cvmkey report.

Usage: page.py PAGE. Prints the text of the page, one line for each cell, item
or heading; exit 1 with the reason if it is not one self-contained page.
"""
import html.parser
import sys
import xml.etree.ElementTree

ACTIVE = {"script", "iframe", "object", "embed", "img", "link", "base", "form",
          "input", "foreignobject", "image", "use", "audio", "video", "frame"}
FETCHES = {"src", "srcset", "data", "action", "background", "poster", "style",
           "xlink:href"}
VOID = {"meta"}


class Page(html.parser.HTMLParser):
    """Collects what is wrong, and the tree as a browser would see it."""

    def __init__(self):
        super().__init__()
        self.wrong, self.open, self.ids, self.links = [], [], set(), set()
        self.captions, self.tables, self.levels = 0, 0, []
        self.count = 0

    def handle_starttag(self, tag, attrs):
        self.count += 1
        if tag not in VOID:
            self.open.append(tag)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if tag in ("h1", "h2", "h3"):
            self.levels.append(int(tag[1]))
        if tag in ACTIVE:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name in FETCHES or name.startswith("on"):
                self.wrong.append(f"{tag} has {name}")
            if name == "href":
                self.links.add(value)
            if name == "id":
                if value in self.ids:
                    self.wrong.append(f"id {value} stands twice")
                self.ids.add(value)
        if tag == "th" and "scope" not in dict(attrs):
            self.wrong.append("a head of a table has no scope")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def finish(self, style):
        self.close()
        if self.open:
            self.wrong.append(f"left open: {self.open}")
        if self.tables != self.captions:
            self.wrong.append("a table has no caption")
        if self.levels[0] != 1 or 1 in self.levels[1:] or any(
                b > a + 1 for a, b in zip(self.levels, self.levels[1:])):
            self.wrong.append(f"levels of headings: {self.levels}")
        for link in self.links:
            if link[:1] != "#" or link[1:] not in self.ids:
                self.wrong.append(f"a link leads to {link}")
        if "url(" in style or "@import" in style:
            self.wrong.append("the style fetches something")


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as f:
        text = f.read()
    root = xml.etree.ElementTree.fromstring(text)
    page = Page()
    page.feed(text)
    page.finish(root.findtext("head/style"))
    if page.count != sum(1 for _ in root.iter()):
        page.wrong.append("the two parsers see different elements")
    for reason in page.wrong:
        print(reason, file=sys.stderr)
    root.find("head").remove(root.find("head/style"))
    leaves = {"td", "th", "li", "dt", "dd", "p", "h1", "h2", "h3", "title",
              "text", "figcaption"}
    for element in root.iter():
        if element.tag in leaves:
            print("".join(element.itertext()).replace("\n", " "))
    sys.exit(bool(page.wrong))


main()
