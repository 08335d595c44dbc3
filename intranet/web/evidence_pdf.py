"""The report on paper: A4, drawn from finished words. The same sheet gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from intranet.web.evidence_sheet import Sheet

_LEFT, _RIGHT, _TOP, _BOTTOM = 18.0, 192.0, 18.0, 20.0
_WIDTH = _RIGHT - _LEFT
_INK, _DIM, _LINE, _WELL = (24, 36, 38), (92, 106, 108), (214, 221, 221), (236, 241, 240)
_PINE = (16, 88, 78)
_FONTS = {
    ("sans", ""): "DejaVuSansCondensed.ttf",
    ("sans", "B"): "DejaVuSansCondensed-Bold.ttf",
    ("serif", "B"): "DejaVuSerif-Bold.ttf",
    ("mono", ""): "DejaVuSansMono.ttf",
}
_ROW = 6.2
# Where the columns of the list begin, and how many characters of the small type each holds.
_COLUMNS = ((0.0, 26), (42.0, 32), (92.0, 18), (118.0, 19), (145.0, 11), (161.0, 11))


class _Paper(FPDF):
    """A4 with a foot line on every page."""

    def __init__(self, sheet: Sheet, fonts: dict[str, Path]) -> None:
        super().__init__(format="A4")
        self.sheet = sheet
        for (family, style), name in _FONTS.items():
            self.add_font(family, style, fonts[name])
        self.set_margins(_LEFT, _TOP, 210 - _RIGHT)
        self.c_margin = 0
        self.set_auto_page_break(True, _BOTTOM)
        self.set_creation_date(sheet.as_of)
        self.set_title(sheet.title)
        self.set_author(sheet.voice)
        self.set_lang(sheet.language)

    def footer(self) -> None:
        self.set_draw_color(*_LINE)
        self.line(_LEFT, 282, _RIGHT, 282)
        self.ink("sans", "", 7, _DIM)
        self.text(_LEFT, 287, self.sheet.fingerprint)
        words = self.sheet.page % {"page": self.page_no(), "pages": "{nb}"}
        self.set_xy(_LEFT, 284)
        self.cell(_WIDTH, 4, words, align="R")

    def ink(self, family: str, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(family, style, size)
        self.set_text_color(*colour)

    def heading(self, words: str, room: float = 30) -> None:
        if self.get_y() + room > 297 - _BOTTOM:
            self.add_page()
        self.ink("sans", "B", 11, _INK)
        self.cell(_WIDTH, 8, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def bar(self, y: float, x: float, width: float, share: float, height: float = 2.2) -> None:
        self.set_fill_color(*_WELL)
        self.rect(x, y, width, height, style="F")
        if share > 0:
            self.set_fill_color(*_PINE)
            self.rect(x, y, width * min(share, 1.0), height, style="F")


def draw(sheet: Sheet, fonts: dict[str, Path]) -> bytes:
    """The file. `fonts` maps the names of the font files to where they are. Touches neither the
    database nor the request: it is run on a thread of its own."""
    paper = _Paper(sheet, fonts)
    paper.add_page()
    _front(paper, sheet)
    for title, bars in sheet.sections:
        if bars:
            _bars(paper, title, bars)
    _proofs(paper, sheet)
    _list(paper, sheet)
    return bytes(paper.output())


def _front(paper: _Paper, sheet: Sheet) -> None:
    paper.ink("sans", "B", 8, _PINE)
    paper.cell(_WIDTH, 5, sheet.kicker.upper(), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ink("serif", "B", 20, _INK)
    paper.multi_cell(_WIDTH, 9, sheet.title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ink("sans", "", 10, _DIM)
    paper.cell(_WIDTH, 7, sheet.voice, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(2)
    for label, value in sheet.facts:
        paper.ink("sans", "", 9, _DIM)
        paper.cell(34, 5.4, label)
        paper.ink("sans", "", 9, _INK)
        paper.multi_cell(_WIDTH - 34, 5.4, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(5)
    top, width = paper.get_y(), _WIDTH / len(sheet.figures)
    for number, (value, label) in enumerate(sheet.figures):
        paper.ink("sans", "B", 19, _PINE if number == 0 else _INK)
        paper.text(_LEFT + number * width, top + 7, value)
        paper.ink("sans", "", 8.5, _DIM)
        paper.text(_LEFT + number * width, top + 12, label)
    paper.bar(top + 15.5, _LEFT, _WIDTH, sheet.percent / 100, 3)
    paper.set_y(top + 24)
    paper.heading(sheet.states_title)
    for label, count in sheet.states:
        paper.ink("sans", "", 9, _INK)
        paper.cell(60, 5.4, label)
        paper.cell(16, 5.4, str(count), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(4)


def _bars(paper: _Paper, title: str, bars: list[tuple[str, str, int, int]]) -> None:
    paper.heading(title)
    for name, share, people, done in bars:
        if paper.get_y() + 6 > 297 - _BOTTOM:
            paper.add_page()
        y = paper.get_y()
        paper.ink("sans", "", 9, _INK)
        paper.text(_LEFT, y + 4, _cut(name, 34))
        paper.bar(y + 1.8, _LEFT + 60, 74, done / people if people else 0)
        paper.set_xy(_LEFT + 136, y)
        paper.cell(14, 5.6, share, align="R")
        paper.ink("sans", "", 8, _DIM)
        paper.cell(_WIDTH - 150, 5.6, f"{done} / {people}", align="R")
        paper.set_xy(_LEFT, y + 6)
    paper.ln(4)


def _proofs(paper: _Paper, sheet: Sheet) -> None:
    paper.heading(sheet.versions_title)
    for label, value in sheet.versions:
        paper.ink("sans", "", 9, _INK)
        paper.cell(34, 5.4, label)
        paper.ink("mono", "", 7.4, _DIM)
        paper.cell(_WIDTH - 34, 5.4, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(4)
    paper.heading(sheet.proof_title, 44)
    paper.ink("sans", "", 9, _INK)
    paper.multi_cell(_WIDTH, 5, sheet.proof, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ln(1.5)
    for label, value in sheet.proofs:
        paper.ink("sans", "", 9, _DIM)
        paper.cell(44, 5.4, label)
        paper.ink("mono", "", 7.4, _INK)
        paper.cell(_WIDTH - 44, 5.4, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _list(paper: _Paper, sheet: Sheet) -> None:
    paper.add_page()
    paper.ink("sans", "B", 11, _INK)
    paper.cell(_WIDTH, 6, sheet.list_title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.ink("sans", "", 8, _DIM)
    paper.cell(_WIDTH, 5, sheet.zone, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _titles(paper, sheet)
    paper.set_draw_color(*_LINE)
    paper.ink("sans", "", 7.6, _INK)
    y = paper.get_y()
    for row in sheet.rows:
        if y + _ROW > 297 - _BOTTOM:
            paper.add_page()
            _titles(paper, sheet)
            paper.ink("sans", "", 7.6, _INK)
            y = paper.get_y()
        for (x, room), words in zip(_COLUMNS, row, strict=True):
            paper.text(_LEFT + x, y + 4.2, _cut(words, room))
        y += _ROW
        paper.line(_LEFT, y, _RIGHT, y)
    paper.set_y(y)


def _titles(paper: _Paper, sheet: Sheet) -> None:
    y = paper.get_y() + 1
    paper.ink("sans", "B", 7.6, _DIM)
    for (x, room), words in zip(_COLUMNS, sheet.columns, strict=True):
        paper.text(_LEFT + x, y + 4, _cut(words, room))
    paper.set_draw_color(*_LINE)
    paper.line(_LEFT, y + 6, _RIGHT, y + 6)
    paper.set_y(y + 6)


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"
