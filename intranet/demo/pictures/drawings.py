"""Charts, plans and technical drawings."""

import math
from random import Random

from intranet.demo.pictures.canvas import Canvas, Point
from intranet.demo.pictures.trains import CREAM, LIVE, PINE, hills, rails, tram, wheel

_DIM, _LINE, _TEXT = "#58696c", "#d5dedd", "#1d2b2f"


def line_map(canvas: Canvas, dice: Random) -> None:
    canvas.rect(0, 0, 560, 280, "#dbe7ff")
    faint, strong = "#b3c7ea", "#2b4a86"
    canvas.line([(-20, 70), (130, 70), (200, 140), (360, 140), (420, 80), (600, 80)], faint, 9)
    canvas.line([(90, 300), (90, 190), (150, 130), (150, -20)], faint, 9)
    canvas.line([(430, 300), (430, 220), (390, 180), (390, -20)], faint, 9)
    canvas.polygon(
        [(-5, 236), (150, 214), (330, 250), (565, 218), (565, 285), (-5, 285)], "#c3dcf0"
    )
    path: list[Point] = [
        (-20, 190),
        (110, 190),
        (160, 140),
        (270, 140),
        (310, 180),
        (400, 180),
        (470, 110),
        (600, 110),
    ]
    canvas.line(path, strong, 11)
    stations: list[Point] = [
        (40, 190),
        (100, 190),
        (190, 140),
        (250, 140),
        (355, 180),
        (480, 110),
        (530, 110),
    ]
    live = dice.randrange(2, 6)
    for index, (x, y) in enumerate(stations):
        canvas.circle(x, y, 11, "#ffffff" if index != live else LIVE, outline=strong, width=5)


def braking_chart(canvas: Canvas, dice: Random) -> None:
    canvas.rect(0, 0, 560, 280, "#fbfdfc")
    for step in range(4):
        y = 230 - step * 52
        canvas.line([(56, y), (536, y)], _LINE, 1)
        canvas.text(46, y, f"{30 + step * 6}" + (" m" if step == 0 else ""), 12, _DIM, "rm")
    canvas.dashes((56, 74), (536, 74), LIVE, 2, 7, 6)
    canvas.text(536, 60, "48 m", 13, LIVE, "rm")
    runs = (43, 42, 44, 41, 42, 41)
    points = [
        (96 + index * 82.0, 230 - (metres - 30) * 52 / 6) for index, metres in enumerate(runs)
    ]
    canvas.line(points, PINE, 3)
    for index, (across, down) in enumerate(points):
        canvas.circle(across, down, 7, PINE if index == 3 else "#ffffff", outline=PINE, width=3)
        canvas.text(across, 252, str(index + 1), 12, _TEXT if index == 3 else _DIM, "mm")
        canvas.text(across, down - 18, f"{runs[index]}", 13, _TEXT, "mm")


def bars_rising(canvas: Canvas, dice: Random) -> None:
    _bars(canvas, [28, 31, 33, 37, 41])


def bars_falling(canvas: Canvas, dice: Random) -> None:
    _bars(canvas, [6.0, 5.2, 3.9, 2.8, 2.2])


def _bars(canvas: Canvas, values: list[float]) -> None:
    canvas.rect(0, 0, 560, 280, "#fbfdfc")
    top = max(values)
    for step in range(4):
        canvas.line([(56, 232 - step * 58), (536, 232 - step * 58)], _LINE, 1)
    for index, value in enumerate(values):
        x, tall = 78 + index * 94, 180 * value / top
        last = index == len(values) - 1
        canvas.rect(x, 232 - tall, 56, tall, PINE if last else "#9cc3ba", 5)
        canvas.rect(x, 226, 56, 6, PINE if last else "#9cc3ba")
        canvas.text(x + 28, 218 - tall, f"{value:g}", 15, _TEXT, "mm")
    canvas.line([(56, 232), (536, 232)], _DIM, 1.5)


def bogie(canvas: Canvas, dice: Random) -> None:
    canvas.rect(0, 0, 560, 280, "#eef3f4")
    for x in range(0, 560, 28):
        canvas.line([(x, 0), (x, 280)], "#dfe8e9", 1)
    for y in range(0, 280, 28):
        canvas.line([(0, y), (560, y)], "#dfe8e9", 1)
    canvas.line([(0, 240), (560, 240)], "#56777c", 6)
    canvas.rect(0, 244, 560, 10, "#a9babd")
    for x in (156, 404):
        wheel(canvas, x, 186, 52)
    frame: list[Point] = [
        (74, 150),
        (110, 128),
        (214, 128),
        (244, 150),
        (316, 150),
        (346, 128),
        (450, 128),
        (486, 150),
        (474, 168),
        (440, 152),
        (356, 152),
        (328, 178),
        (232, 178),
        (204, 152),
        (120, 152),
        (86, 168),
    ]
    canvas.polygon(frame, PINE)
    for x in (156, 404):
        canvas.rect(x - 22, 152, 44, 40, "#33484d", 6)
        canvas.circle(x, 186, 12, "#d9e1e0", outline="#33484d", width=3)
    for x in (250, 280, 310):
        for turn in range(6):
            canvas.line([(x - 11, 146 - turn * 11), (x + 11, 140 - turn * 11)], "#d1602a", 4)
    canvas.rect(196, 66, 168, 16, "#33484d", 4)
    canvas.rect(96, 40, 368, 26, "#c9d6d7", 4)
    canvas.line([(156, 258), (404, 258)], _DIM, 1)
    canvas.text(280, 268, "1 850", 12, _DIM, "mm")
    mark = (214, 140) if dice.random() < 0.5 else (346, 140)
    canvas.circle(mark[0], mark[1], 13, outline=LIVE, width=3)


def hydrogen(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 210, ["#cfe8f2", "#eef6f1"])
    hills(canvas, 196, 14, dice.uniform(0, 3), "#b6d3b0")
    canvas.rect(0, 226, 560, 54, "#8aa08f")
    rails(canvas, 236, sleeper="#75897b", rail="#4e625a")
    tram(canvas, 520, 228, length=500, size=0.9, body="#ffffff", skirt="#1f7fa3", lit=False)
    for x in (70, 150, 230):
        canvas.rect(x, 112, 66, 24, "#a9cbd8", 12)
        canvas.rect(x + 12, 112, 5, 24, "#1f7fa3")
        canvas.text(x + 40, 124, "H2", 13, "#1f7fa3", "mm")
    canvas.rect(330, 116, 52, 20, "#5a6f74", 4)
    for index in range(6):
        canvas.circle(356 - index * 26, 96 - index * 11, 9 + index * 3, "#ffffffaa")
    canvas.rect(180, 232, 90, 9, "#e2a53a", 3)


def signal(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 280, ["#2b3350", "#7a5a70", "#d98c62", "#6a5048"])
    hills(canvas, 190, 12, dice.uniform(0, 4), "#3a3a4c")
    for left, right in ((250, 60), (300, 500)):
        canvas.line([(278, 190), (left, 230), (right, 285)], "#c9b6a8", 2.5)
    for step in range(9):
        y = 196 + step * step * 1.3
        spread = (y - 186) * 1.9
        canvas.line([(278 - spread, y), (278 + spread, y)], "#4b3f42", 2 + step * 0.5)
    canvas.rect(404, 96, 7, 160, "#15181f")
    canvas.rect(386, 34, 44, 104, "#15181f", 14)
    for index, colour in enumerate(("#2f3a33", "#3d3626", LIVE)):
        canvas.circle(408, 56 + index * 30, 11, colour)
    for r, alpha in ((40, "22"), (26, "33"), (16, "55")):
        canvas.circle(408, 116, r, f"#ff6a3c{alpha}")
    canvas.circle(408, 116, 9, "#ffd0b8")


def display(canvas: Canvas, dice: Random) -> None:
    canvas.rect(0, 0, 560, 280, "#c9d6d7")
    canvas.rect(28, 26, 504, 228, "#1b2528", 14)
    canvas.rect(42, 40, 476, 200, "#0e3b4a", 6)
    canvas.rect(42, 40, 476, 46, PINE)
    canvas.text(60, 63, "4", 26, CREAM)
    canvas.text(92, 63, "Babiniere", 22, CREAM)
    canvas.text(502, 63, "08:42", 20, CREAM, "rm")
    canvas.line([(74, 112), (74, 222)], CREAM, 5)
    rows = (
        ("La Chapelle", "Chapel", "2 min"),
        ("Haluchere", "Halucher", "5 min"),
        ("Ranzay", "Raneg", "8 min"),
    )
    for index, (french, breton, minutes) in enumerate(rows):
        y = 114 + index * 50
        canvas.circle(74, y, 9, LIVE if index == 0 else "#0e3b4a", outline=CREAM, width=4)
        canvas.text(100, y - 8, french, 20, CREAM)
        canvas.text(100, y + 14, breton, 14, "#9fd0c4")
        canvas.text(502, y, minutes, 20, "#ffd98f", "rm")


def interior(canvas: Canvas, dice: Random) -> None:
    _interior(canvas, dice, night=False)


def sleeper(canvas: Canvas, dice: Random) -> None:
    _interior(canvas, dice, night=True)


def _interior(canvas: Canvas, dice: Random, *, night: bool) -> None:
    canvas.gradient(0, 280, ["#f5f2e9", "#e3e7e2"])
    for x in (40, 214, 388):
        canvas.rect(x, 46, 140, 92, "#1d2c4a" if night else "#bfe0ea", 10)
        if night:
            for _ in range(9):
                canvas.circle(x + dice.uniform(8, 132), dice.uniform(54, 100), 1.1, "#ffffff")
        canvas.rect(x, 118, 140, 20, "#35506a" if night else "#9cc0a6")
    canvas.rect(0, 22, 560, 10, "#cfd8d4")
    for x in range(30, 560, 100):
        canvas.rect(x, 24, 60, 5, "#fffbe6")
    for index, x in enumerate((48, 128, 300, 380, 460)):
        seat = PINE if index % 2 == 0 else "#2f8f6a"
        canvas.rect(x, 136, 56, 74, seat, 12)
        canvas.rect(x - 4, 194, 64, 22, "#0a5244", 8)
        canvas.rect(x + 22, 216, 12, 30, "#8aa0a1")
    canvas.rect(0, 246, 560, 34, "#9aa8a6")
    for x in (226, 270):
        canvas.rect(x, 30, 7, 222, "#e2b23a", 3)
    canvas.rect(20, 60, 520, 6, "#e2b23a", 3)


def poster(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 280, ["#f3d9a4", "#f0b878"])
    canvas.circle(280, 300, 220, "#e88f54")
    canvas.circle(280, 310, 170, "#dd6f3f")
    path = [(x, 206 - 26 * math.sin(x / 70)) for x in range(-10, 571, 6)]
    canvas.line([(float(x), y) for x, y in path], "#0b4f45", 10)
    for x in (80, 200, 330, 470):
        canvas.circle(x, 206 - 26 * math.sin(x / 70), 10, CREAM, outline="#0b4f45", width=4)
    tram(canvas, 420, 150, length=290, size=0.72)
    canvas.text(280, 34, "LA 4 ARRIVE", 30, "#0b4f45", "mm")


def fabric(canvas: Canvas, dice: Random) -> None:
    canvas.rect(0, 0, 560, 280, "#1f5f55")
    colours = ["#2f8f6a", "#e2b23a", "#16384a", "#7fb39a", "#c9772f"]
    for row in range(-1, 8):
        for column in range(-1, 15):
            x, y = column * 42 + (row % 2) * 21, row * 42
            colour = colours[(row * 3 + column * 2 + dice.randrange(2)) % len(colours)]
            for ring in range(3):
                canvas.arc(x + 21, y + 21, 34 - ring * 9, 200 + ring * 12, 330, colour, 4)
