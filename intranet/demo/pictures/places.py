"""Scenes: where Mérival's trams run, sleep and are built."""

import math
from random import Random

from intranet.demo.pictures.canvas import Canvas, curve
from intranet.demo.pictures.trains import (
    CREAM,
    INK,
    LIT,
    PINE,
    headlight,
    hills,
    masts,
    pantograph,
    rails,
    skyline,
    tram,
)


def tram_night(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 240, ["#10242d", "#1d4049", "#2a5560", "#e09468"])
    for _ in range(26):
        canvas.circle(
            dice.uniform(0, 560), dice.uniform(4, 110), dice.choice((0.7, 1, 1.3)), "#f5f2e9aa"
        )
    canvas.circle(498, 84, 15, "#f3e4bf")
    canvas.circle(504, 80, 13, "#2a5560")
    skyline(
        canvas,
        232,
        "#17343d",
        [
            (54, 60),
            (40, 78),
            (66, 64),
            (50, 104),
            (58, 70),
            (44, 88),
            (82, 66),
            (56, 96),
            (48, 68),
            (70, 80),
        ],
    )
    for _ in range(40):
        canvas.rect(dice.uniform(0, 555), dice.uniform(168, 225), 3, 4, "#ffd98f66")
    canvas.rect(0, 232, 560, 48, INK)
    masts(canvas, [64, 364], 238, 60, "#0b181d")
    pantograph(canvas, 236, 132, 66)
    headlight(canvas, 506, 217, 120)
    rails(canvas, 243)
    tram(canvas, 500, 234, length=520, name="T4 · 07")


def depot(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 280, ["#dfe9e8", "#c8d8d7"])
    for x in range(-20, 600, 56):
        canvas.polygon([(x, 0), (x + 34, 0), (x + 12, 46), (x - 22, 46)], "#f8f6ee")
        canvas.line([(x + 44, 0), (x + 20, 60)], "#9fb4b4", 3)
    canvas.rect(0, 58, 560, 8, "#86a0a1")
    canvas.polygon([(0, 280), (0, 226), (560, 226), (560, 280)], "#a9bcbb")
    skirts = [PINE, "#8a4a1c", "#2b4a86"]
    dice.shuffle(skirts)
    places = ((540, 166, 0.6), (496, 204, 0.76), (424, 250, 0.94))
    for index, (skirt, (nose, floor, size)) in enumerate(zip(skirts, places, strict=True)):
        canvas.line([(0, floor + 7), (560, floor + 7)], "#6d8587", 3)
        tram(
            canvas,
            nose,
            floor,
            length=nose + 40,
            size=size,
            skirt=skirt,
            lit=index == 2,
            name=f"0{5 + index}",
        )
    canvas.rect(544, 60, 8, 220, "#e2a53a")
    canvas.rect(500, 76, 52, 12, "#e2a53a")


def river(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 150, ["#bfe0ea", "#e7f1ea", "#fbe3bd"])
    canvas.circle(430, 66, 26, "#fff3cf")
    hills(canvas, 138, 10, 0.8, "#9cc0a6")
    canvas.rect(0, 128, 560, 7, "#7d8f8f")
    for x in range(30, 560, 90):
        canvas.arc(x + 45, 160, 36, 180, 360, "#7d8f8f", 6)
    tram(canvas, 300, 126, length=210, size=0.42, lit=False)
    canvas.gradient(158, 280, ["#8fbccb", "#4d8aa0"])
    for _ in range(46):
        left, y = dice.uniform(0, 540), dice.uniform(166, 276)
        canvas.line([(left, y), (left + dice.uniform(10, 34), y)], "#ffffff55", 1.4)
    for x in (40, 92, 128, 500, 536):
        tall = dice.uniform(70, 96)
        canvas.rect(x - 2, 160 - tall * 0.4, 4, tall * 0.4, "#5b4a36")
        canvas.ellipse(
            x, 160 - tall * 0.7, 13, tall * 0.42, dice.choice(("#4f8a5b", "#6a9a4f", "#3f7a58"))
        )
    hull = [(150, 214), (390, 214), (376, 236), (168, 236)]
    canvas.polygon(hull, "#2b3f4a")
    canvas.rect(180, 194, 120, 20, "#c2542d", 3)
    for x in range(190, 290, 22):
        canvas.rect(x, 199, 12, 9, "#fff0c4")
    canvas.rect(330, 198, 30, 16, CREAM, 2)


def canal(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 180, ["#b9c6cb", "#dde3e1"])
    x = 0.0
    while x < 560:
        width, height = dice.uniform(34, 48), dice.uniform(78, 118)
        wall = dice.choice(("#8c4a35", "#6f3d33", "#a8633f", "#50606a", "#7a6a52", "#3f5663"))
        canvas.rect(x, 176 - height, width, height, wall)
        canvas.polygon(
            [(x - 1, 177 - height), (x + width / 2, 150 - height), (x + width + 1, 177 - height)],
            wall,
        )
        for floor in range(3):
            for pane in range(2):
                canvas.rect(
                    x + 7 + pane * (width - 23),
                    184 - height + floor * 24,
                    9,
                    14,
                    LIT if dice.random() < 0.3 else "#dfe8ea",
                )
        x += width
    canvas.rect(0, 176, 560, 44, "#8b9799")
    rails(canvas, 206, sleeper="#77858a", rail="#4f6166")
    tram(canvas, 470, 200, length=360, size=0.62, skirt="#b8860b")
    canvas.gradient(220, 280, ["#6f8a92", "#48646e"])
    for _ in range(24):
        left, y = dice.uniform(0, 540), dice.uniform(226, 276)
        canvas.line([(left, y), (left + dice.uniform(12, 40), y)], "#ffffff44", 1.3)
    for foot in (60, 190, 330, 520):
        canvas.line([(foot, 224), (foot, 150)], "#3b3028", 3)
        for _ in range(7):
            canvas.line(
                [
                    (foot, dice.uniform(150, 186)),
                    (foot + dice.uniform(-22, 22), dice.uniform(128, 158)),
                ],
                "#3b3028",
                1.3,
            )


def snow(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 200, ["#8aa4b5", "#c3d2da", "#e9eef0"])
    canvas.polygon(curve((90, 190), (200, 60), (330, 70), (480, 190)), "#7f97a3")
    canvas.line([(286, 96), (286, 70)], "#5a6d76", 2)
    canvas.line([(278, 78), (294, 78)], "#5a6d76", 2)
    skyline(
        canvas,
        200,
        "#5f7783",
        [
            (44, 70),
            (38, 108),
            (52, 84),
            (34, 124),
            (60, 66),
            (46, 96),
            (40, 132),
            (56, 78),
            (48, 110),
            (70, 60),
            (72, 90),
        ],
    )
    for _ in range(60):
        canvas.rect(dice.uniform(0, 555), dice.uniform(100, 192), 3, 4, "#ffe9b488")
    canvas.rect(0, 200, 560, 80, "#f3f6f7")
    hills(canvas, 262, 6, 2.0, "#ffffff")
    rails(canvas, 238, sleeper="#c9d5da", rail="#7b8f97")
    tram(canvas, 470, 232, length=420, size=0.78, skirt="#2b4a86")
    canvas.rect(50, 151, 330, 4, "#ffffff", 2)
    for foot in (36, 520):
        canvas.line([(foot, 262), (foot, 150), (foot + 14, 150)], "#33434a", 3)
        canvas.circle(foot + 18, 156, 7, "#fff3cf")
        canvas.circle(foot + 18, 156, 20, "#fff3cf44")
    for _ in range(170):
        canvas.circle(
            dice.uniform(0, 560), dice.uniform(0, 280), dice.uniform(0.8, 2.4), "#ffffffdd"
        )


def landscape(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 200, ["#141d3a", "#27406a", "#5f7fa0"])
    for band, colour in enumerate(("#59d8a044", "#7fe0c033", "#a5d0f033")):
        ribbon = curve((0, 90 - band * 14), (160, 20), (330, 120 - band * 20), (560, 40), 40)
        canvas.polygon([*ribbon, *[(x, y + 46) for x, y in reversed(ribbon)]], colour)
    for _ in range(60):
        canvas.circle(
            dice.uniform(0, 560), dice.uniform(0, 130), dice.choice((0.6, 0.9, 1.2)), "#ffffffcc"
        )
    hills(canvas, 176, 26, 0.4, "#3b5878")
    hills(canvas, 204, 16, 2.6, "#c7d5e2")
    hills(canvas, 232, 8, 4.1, "#e9eff5")
    for index in range(5):
        left = 20 + index * 92
        canvas.rect(left, 206, 88, 24, "#2a3358", 4)
        canvas.rect(left, 222, 88, 3, "#e0b05a")
        for pane in range(5):
            canvas.rect(left + 8 + pane * 16, 211, 10, 7, LIT if dice.random() < 0.6 else "#44507c")
    canvas.polygon(
        [(480, 230), (480, 204), *curve((530, 204), (544, 208), (550, 218), (552, 230))], "#8a2f2a"
    )
    canvas.rect(524, 208, 14, 8, "#cfe0e8", 2)
    headlight(canvas, 550, 224, 40)
    canvas.line([(0, 232), (560, 232)], "#6d7f95", 2)
    for _ in range(30):
        x, y = dice.uniform(0, 560), dice.uniform(246, 276)
        canvas.polygon([(x - 5, y), (x, y - dice.uniform(14, 22)), (x + 5, y)], "#33506a")


def highlands(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 150, ["#a9cfe2", "#dcebea"])
    for _ in range(7):
        x, y = dice.uniform(0, 560), dice.uniform(20, 80)
        for puff in range(4):
            canvas.ellipse(x + puff * 16, y + (puff % 2) * 5, 20, 9, "#ffffffbb")
    hills(canvas, 132, 34, 0.9, "#8fa9a0")
    hills(canvas, 164, 24, 3.1, "#6f9a6a")
    canvas.polygon([(-5, 190), (230, 184), (300, 200), (210, 216), (-5, 222)], "#7fb2c8")
    hills(canvas, 216, 10, 5.2, "#5d8a4f")
    for x in range(300, 560, 60):
        canvas.rect(x, 196, 6, 40, "#7b7468")
    canvas.rect(270, 190, 300, 8, "#8b8478")
    for index in range(2):
        left = 322 + index * 96
        canvas.rect(left, 164, 92, 26, "#2b4a86", 6)
        for pane in range(5):
            canvas.rect(left + 8 + pane * 16, 170, 11, 8, "#e5eef0")
        canvas.rect(left, 184, 92, 3, "#f2c230")
    for _ in range(16):
        x, y = dice.uniform(10, 550), dice.uniform(232, 272)
        canvas.ellipse(x, y, 7, 5, "#f2f0e8")
        canvas.circle(x + 7, y - 2, 3, "#33322e")


def workshop(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 190, ["#e8e4d8", "#d9d3c2"])
    canvas.rect(30, 24, 500, 96, "#b9a883", 4)
    for index in range(13):
        x = 52 + index * 37
        tall = dice.uniform(34, 66)
        steel = dice.choice(("#5a6f74", "#7d9297", "#8a4a1c", PINE))
        canvas.rect(x, 40, 7, tall, steel, 2)
        canvas.ellipse(x + 3.5, 40 + tall, 9, 7, steel)
        canvas.ellipse(x + 3.5, 40 + tall, 4, 3, "#b9a883")
    canvas.rect(0, 190, 560, 90, "#7a5b3a")
    for x in range(0, 560, 70):
        canvas.line([(x, 196), (x + 60, 196)], "#8f6d47", 2)
    canvas.polygon([(60, 226), (430, 226), (500, 178), (130, 178)], "#cfd8da")
    for row in range(3):
        for column in range(7):
            canvas.ellipse(146 + column * 46 - row * 20, 188 + row * 14, 6, 3, "#5a6f74")
    canvas.polygon(
        [
            (190, 150),
            (360, 150),
            (360, 196),
            (340, 196),
            (340, 168),
            (210, 168),
            (210, 196),
            (190, 196),
        ],
        "#d1602a",
    )
    for x in (228, 256, 284, 312):
        canvas.circle(x, 159, 5, "#7d3212")
    canvas.rect(410, 132, 18, 60, "#33484d", 3)
    canvas.rect(396, 112, 46, 26, "#e2a53a", 6)
    canvas.rect(416, 190, 5, 12, "#a9babd")


def welding(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 280, ["#14191f", "#20262d", "#161a1e"])
    for r, alpha in ((150, "0c"), (110, "14"), (76, "22"), (46, "38"), (24, "70")):
        canvas.circle(330, 196, r, f"#bfe6ff{alpha}")
    canvas.polygon([(120, 280), (132, 176), (190, 140), (244, 160), (270, 280)], "#3d4a55")
    canvas.polygon([(210, 176), (304, 188), (306, 204), (214, 214)], "#4c5b67")
    canvas.circle(306, 196, 12, "#8a6a3a")
    canvas.rect(140, 66, 84, 92, "#596a76", 26)
    canvas.rect(182, 96, 46, 24, "#0d1115", 5)
    canvas.rect(186, 100, 38, 16, "#2f8f6a", 4)
    canvas.line([(306, 196), (326, 198)], "#a9babd", 4)
    canvas.rect(290, 204, 270, 16, "#6d7b85")
    canvas.rect(290, 220, 270, 60, "#2a333b")
    canvas.circle(330, 200, 8, "#ffffff")
    for _ in range(90):
        angle, reach = dice.uniform(-3.0, 0.1), dice.uniform(20, 150)
        x, y = (
            330 + math.cos(angle) * reach,
            200 + math.sin(angle) * reach * 0.9 + reach * reach / 500,
        )
        canvas.line(
            [(x, y), (x + math.cos(angle) * 7, y + 5)],
            dice.choice(("#ffd98f", "#ffb35c", "#fff3cf")),
            1.4,
        )


def bicycles(canvas: Canvas, dice: Random) -> None:
    canvas.gradient(0, 200, ["#d5e6ea", "#eef2ea"])
    canvas.rect(0, 60, 560, 10, PINE)
    for x in range(20, 560, 130):
        canvas.rect(x, 70, 7, 150, "#4f6b66")
    canvas.rect(0, 214, 560, 66, "#b7bfba")
    colours = ["#d1481f", "#e2a53a", "#2b6f86", "#7a3f6a", PINE, "#c23b5a"]
    dice.shuffle(colours)
    for index, colour in enumerate(colours):
        x = 34 + index * 88
        for centre in (x, x + 54):
            canvas.circle(centre, 212, 24, outline="#26363a", width=3)
            canvas.circle(centre, 212, 3, "#26363a")
        canvas.line([(x, 212), (x + 18, 176), (x + 44, 176), (x + 26, 212), (x, 212)], colour, 4)
        canvas.line([(x + 26, 212), (x + 18, 176), (x + 15, 166)], colour, 4)
        canvas.line([(x + 54, 212), (x + 44, 176), (x + 42, 162), (x + 52, 160)], colour, 4)
        canvas.rect(x + 6, 162, 18, 5, "#26363a", 2)
    canvas.rect(526, 150, 8, 84, "#26363a")
    canvas.line([(518, 150), (542, 150)], "#26363a", 5)
