"""Stylised faces for profile pictures, drawn from a few words: "bob black glasses 3"."""

from random import Random

from intranet.demo.pictures.canvas import Canvas, curve

_SKIN = ("#f6d7c0", "#eabf9c", "#d69b72", "#a96f49", "#744a31")
_HAIR = {
    "black": "#22201f",
    "brown": "#54372a",
    "red": "#a8502a",
    "blond": "#d9b160",
    "grey": "#9a9a98",
    "white": "#dcdcd8",
}
_GROUND = ("#bfe5d8", "#ffd8c7", "#cfdcff", "#f5e2a8", "#e3d0f2", "#c6e6ee", "#f7cfd6", "#d7e4b5")
_CLOTHES = ("#0b6a58", "#2b4a86", "#8a3b52", "#c2602a", "#3f4a54", "#6b5aa0", "#2f7d99", "#b8862b")


def portrait(traits: str, seed: str) -> bytes:
    """A PNG of 480 pixels. `traits`: a cut (short, cropped, long, bob, bun, curly, afro, bald,
    braid, helmet, scarf), a hair colour, a skin from 1 to 5, and glasses, beard, moustache."""
    dice = Random(f"portrait {seed}")  # noqa: S311  (a drawing, not a secret)
    words = traits.split()
    hair = next((_HAIR[word] for word in words if word in _HAIR), _HAIR["brown"])
    skin = _SKIN[next((int(word) for word in words if word.isdigit()), 2) - 1]
    canvas = Canvas(240, 240, dice.choice(_GROUND))
    canvas.circle(120 + dice.uniform(-30, 30), 250, 150, "#ffffff55")
    clothes = dice.choice(_CLOTHES)
    _behind(canvas, words, hair)
    canvas.polygon(
        [
            *curve((30, 245), (36, 176), (84, 172), (120, 172)),
            *curve((120, 172), (156, 172), (204, 176), (210, 245)),
        ],
        clothes,
    )
    canvas.rect(102, 140, 36, 44, skin, 14)
    canvas.polygon([(98, 172), (142, 172), (120, 204)], skin)
    canvas.rect(104, 160, 32, 10, "#00000018", 5)
    if "helmet" in words:
        for x in (66, 152):
            canvas.rect(x, 186, 22, 58, "#ffb020")
    for x in (70, 170):
        canvas.circle(x, 112, 10, skin)
    canvas.ellipse(120, 106, 51, 60, skin)
    _face(canvas, words, hair, dice)
    _above(canvas, words, hair, dice)
    return canvas.png()


def _face(canvas: Canvas, words: list[str], hair: str, dice: Random) -> None:
    if "beard" in words:
        canvas.polygon(
            [
                *curve((70, 112), (72, 178), (100, 176), (120, 176)),
                *curve((120, 176), (140, 176), (168, 178), (170, 112)),
                (158, 126),
                (140, 132),
                (120, 128),
                (100, 132),
                (82, 126),
            ],
            hair,
        )
    for x in (98, 142):
        canvas.circle(x, 106, 4.6, "#22282b")
        canvas.circle(x + 1.5, 104.5, 1.4, "#ffffff")
        canvas.line(
            [(x - 9, 92), (x, 89), (x + 9, 92)], hair if "white" not in words else "#aaaaaa", 3
        )
    canvas.line([(120, 108), (116, 122), (122, 124)], "#00000030", 2.5)
    for x in (86, 154):
        canvas.ellipse(x, 126, 9, 6, "#e0604022")
    smile = dice.choice((7, 9, 11))
    canvas.polygon(
        curve((104, 138), (110, 138 + smile * 1.6), (130, 138 + smile * 1.6), (136, 138)), "#8c3a34"
    )
    canvas.polygon([(107, 138.5), (133, 138.5), (130, 142), (110, 142)], "#ffffff")
    if "moustache" in words:
        canvas.polygon(curve((100, 136), (108, 124), (132, 124), (140, 136)), hair)
    if "glasses" in words:
        for x in (98, 142):
            canvas.circle(x, 106, 16, "#ffffff30", outline="#26343a", width=3)
        canvas.line([(114, 104), (126, 104)], "#26343a", 3)


def _behind(canvas: Canvas, words: list[str], hair: str) -> None:
    if "long" in words or "braid" in words:
        canvas.rect(60, 70, 120, 132 if "long" in words else 90, hair, 44)
    if "bob" in words:
        canvas.rect(58, 60, 124, 100, hair, 44)
    if "afro" in words:
        canvas.circle(120, 84, 76, hair)
    if "curly" in words:
        for x, y in ((66, 84), (60, 112), (68, 140), (174, 84), (180, 112), (172, 140)):
            canvas.circle(x, y, 22, hair)
    if "scarf" in words:
        canvas.ellipse(120, 116, 74, 86, hair)
        canvas.polygon([(62, 150), (178, 150), (196, 226), (44, 226)], hair)


def _above(canvas: Canvas, words: list[str], hair: str, dice: Random) -> None:
    if "helmet" in words:
        canvas.polygon([*curve((62, 86), (60, 20), (180, 20), (178, 86))], "#ff9a2b")
        canvas.rect(54, 80, 132, 12, "#f08410", 6)
        canvas.rect(110, 34, 20, 48, "#ffb45c", 6)
        return
    if "scarf" in words:
        canvas.polygon(
            [
                *curve((62, 112), (58, 22), (182, 22), (178, 112)),
                *curve((172, 96), (150, 56), (90, 56), (68, 96)),
            ],
            hair,
        )
        return
    if "bald" in words:
        canvas.ellipse(104, 66, 16, 8, "#ffffff40")
        for x in (70, 170):
            canvas.ellipse(x, 92, 6, 16, hair)
        return
    if "cropped" in words:
        canvas.polygon(
            [*curve((68, 96), (66, 30), (174, 30), (172, 96)), (160, 74), (120, 66), (80, 74)], hair
        )
        return
    if "afro" in words or "curly" in words:
        for x, y in ((80, 62), (100, 50), (122, 46), (144, 52), (162, 64), (70, 78), (170, 80)):
            canvas.circle(x, y, 20, hair)
        return
    if "bun" in words:
        canvas.circle(120, 34, 24, hair)
    part = dice.choice((96, 120, 146))
    fringe = [
        *curve((66, 108), (58, 26), (182, 26), (174, 108)),
        *curve((172, 92), (166, 70), (150, 66), (part, 62)),
        *curve((part, 62), (92, 70), (74, 76), (68, 104)),
    ]
    canvas.polygon(fringe, hair)
    if "braid" in words:
        for step in range(6):
            canvas.ellipse(176, 128 + step * 17, 13 - step, 11, hair)
