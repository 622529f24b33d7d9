"""Pictures for the demo, drawn here: no photo of a real place or person is needed."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (1280, 853)
SCALE = 2  # drawn twice as large and made smaller, so that edges are smooth
SKIES = [((158, 205, 235), (232, 243, 248)), ((246, 203, 153), (252, 238, 214)), ((176, 196, 222), (235, 239, 245))]
BRICKS = [(170, 84, 64), (196, 121, 88), (142, 70, 60), (205, 160, 120), (120, 90, 84)]
GREENS = [(72, 128, 72), (92, 148, 80), (60, 112, 80), (120, 160, 84)]


class Scene:
    """A street with sky, houses and grass, on which a picture puts what it is about. Coordinates run from 0 to 100 in both directions."""

    def __init__(self, seed, *, houses=True):
        self.random = random.Random(seed)  # noqa: S311 - a drawing, not a secret
        self.width, self.height = SIZE[0] * SCALE, SIZE[1] * SCALE
        self.image = Image.new("RGB", (self.width, self.height))
        self.draw = ImageDraw.Draw(self.image)
        self._sky()
        if houses:
            self._houses()
        self.box(0, 66, 100, 100, self.random.choice(GREENS))
        self.polygon([(0, 100), (34, 66), (52, 66), (64, 100)], (206, 196, 180))

    def _sky(self):
        top, bottom = self.random.choice(SKIES)
        for y in range(self.height):
            share = min(1, y / (self.height * 0.66))
            colour = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
            self.draw.line([(0, y), (self.width, y)], fill=colour)
        x = self.random.randint(8, 80)
        for dx, dy, r in ((0, 0, 5), (5, -2, 6), (11, 0, 5)):
            self.circle(x + dx, 14 + dy, r, (255, 255, 255))

    def _houses(self):
        x = -4
        while x < 104:
            width, height = self.random.randint(11, 16), self.random.randint(26, 40)
            brick, top = self.random.choice(BRICKS), 66 - height
            self.box(x, top, x + width - 0.6, 66, brick)
            middle = x + width / 2
            if self.random.random() < 0.5:
                self.polygon([(x, top), (middle, top - 11), (x + width - 0.6, top)], brick)
            else:
                for step in range(3):
                    self.box(
                        x + 1 + step * 1.8, top - 3 * (step + 1), x + width - 1.6 - step * 1.8, top - 3 * step, brick
                    )
            for row in range(int(height // 11)):
                for column in (0.16, 0.58):
                    left, upper = x + width * column, top + 4 + row * 10
                    self.box(left, upper, left + width * 0.26, upper + 6.5, (238, 236, 224))
                    self.box(left + 0.4, upper + 0.6, left + width * 0.26 - 0.4, upper + 6, (92, 116, 134))
            x += width

    def _at(self, x, y):
        return x * self.width / 100, y * self.height / 100

    def box(self, x1, y1, x2, y2, colour):
        self.draw.rectangle([*self._at(min(x1, x2), min(y1, y2)), *self._at(max(x1, x2), max(y1, y2))], fill=colour)

    def polygon(self, points, colour):
        self.draw.polygon([self._at(*point) for point in points], fill=colour)

    def circle(self, x, y, r, colour, outline=None, width=0):
        cx, cy = self._at(x, y)
        r = r * self.width / 100
        self.draw.ellipse(
            [cx - r, cy - r, cx + r, cy + r], fill=colour, outline=outline, width=int(width * self.width / 100)
        )

    def line(self, points, colour, width):
        self.draw.line(
            [self._at(*point) for point in points], fill=colour, width=int(width * self.width / 100), joint="curve"
        )

    def tree(self, x, y, size):
        self.box(x - size * 0.08, y - size * 0.9, x + size * 0.08, y, (104, 76, 56))
        colour = self.random.choice(GREENS)
        for dx, dy, r in ((0, -1.7, 0.46), (-0.34, -1.25, 0.4), (0.34, -1.25, 0.4)):
            self.circle(x + dx * size, y + dy * size, r * size, colour)

    def person(self, x, y, size, colour):
        self.box(x - size * 0.16, y - size * 0.9, x - size * 0.02, y, (60, 66, 84))
        self.box(x + size * 0.02, y - size * 0.9, x + size * 0.16, y, (60, 66, 84))
        self.polygon(
            [
                (x - size * 0.26, y - size * 0.8),
                (x - size * 0.18, y - size * 1.8),
                (x + size * 0.18, y - size * 1.8),
                (x + size * 0.26, y - size * 0.8),
            ],
            colour,
        )
        self.circle(
            x,
            y - size * 2.1,
            size * 0.2,
            self.random.choice([(224, 176, 144), (150, 102, 74), (110, 72, 54), (240, 204, 178)]),
        )

    def flowers(self, x1, x2, y, count=60):
        for _ in range(count):
            x, dy = self.random.uniform(x1, x2), self.random.uniform(-2.5, 2.5)
            self.circle(
                x,
                y + dy,
                self.random.uniform(0.4, 0.8),
                self.random.choice([(214, 72, 84), (244, 192, 64), (250, 244, 236), (146, 88, 168)]),
            )

    def jpeg(self):
        buffer = io.BytesIO()
        self.image.resize(SIZE, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=88)
        return buffer.getvalue()


def bench(s):
    s.tree(16, 84, 12)
    s.tree(86, 80, 10)
    for y in (78, 82):
        s.box(58, y - 6, 84, y - 3.6, (150, 100, 62))
    s.box(57, 82, 85, 84.6, (150, 100, 62))
    for x in (60, 81):
        s.box(x, 84, x + 1.6, 92, (70, 70, 74))
    s.person(66, 90, 6, (196, 76, 66))


def trees(s):
    for x, y, size in ((8, 82, 11), (24, 90, 15), (74, 88, 15), (92, 80, 11), (60, 76, 8)):
        s.tree(x, y, size)
    s.flowers(66, 98, 94)


def playground(s):
    s.polygon([(60, 92), (66, 66), (68, 66), (63, 92)], (206, 74, 62))
    s.polygon([(92, 92), (84, 66), (82, 66), (89, 92)], (206, 74, 62))
    s.box(66, 64, 84, 67, (206, 74, 62))
    for x in (71, 78):
        s.line([(x, 67), (x, 82)], (90, 90, 96), 0.4)
        s.box(x - 2, 82, x + 2, 83.4, (60, 66, 84))
    s.box(8, 68, 18, 71, (244, 192, 64))
    s.polygon([(18, 70), (30, 91), (34, 91), (18, 66)], (74, 132, 176))
    for x in (9, 16):
        s.box(x, 71, x + 1.4, 92, (90, 90, 96))
    s.person(44, 92, 5, (244, 192, 64))


def garden(s):
    for row, y in enumerate((74, 82, 91)):
        s.box(56, y, 96, y + 5, (122, 84, 58))
        for step in range(9):
            s.circle(59 + step * 4.3, y + 1, 1.5, GREENS[(row + step) % 4])
    s.flowers(2, 26, 90, 90)
    s.person(50, 88, 6, (84, 120, 168))


def lights(s):
    s.image.paste(Image.blend(s.image, Image.new("RGB", s.image.size, (20, 28, 60)), 0.62))
    for x in (14, 40, 66, 92):
        for r, colour in ((6, (86, 84, 78)), (3.6, (150, 138, 96))):
            s.circle(x, 43, r, colour)
        s.box(x - 0.5, 44, x + 0.5, 84, (40, 42, 52))
        s.circle(x, 43, 1.8, (255, 236, 170))
    s.person(52, 92, 6, (120, 100, 120))


def crossing(s):
    s.box(0, 74, 100, 94, (96, 98, 104))
    for step in range(7):
        s.box(34 + step * 5, 74, 36.6 + step * 5, 94, (244, 244, 240))
    s.box(78, 46, 79.4, 76, (90, 90, 96))
    s.polygon([(72, 52), (78.7, 38), (85.4, 52)], (200, 52, 48))
    s.polygon([(74.4, 50.6), (78.7, 41.4), (83, 50.6)], (250, 250, 246))
    s.person(48, 90, 6, (84, 120, 168))
    s.person(55, 90, 4.4, (244, 192, 64))


def bikes(s):
    for x in (14, 34, 66, 86):
        for dx in (0, 9):
            s.circle(x + dx, 88, 4, None, outline=(44, 48, 58), width=0.5)
        s.line(
            [(x, 88), (x + 3.4, 80), (x + 8, 80), (x + 4.6, 88), (x, 88)],
            (196, 76, 66) if x % 4 else (74, 132, 176),
            0.6,
        )
        s.line([(x + 8, 80), (x + 9, 88)], (44, 48, 58), 0.6)
        s.line([(x + 7.4, 77), (x + 10, 77.4)], (44, 48, 58), 0.6)
    s.box(4, 94, 96, 95, (150, 152, 156))


def mural(s):
    s.box(8, 26, 92, 78, (216, 206, 190))
    for x, r, colour in (
        (24, 9, (244, 192, 64)),
        (44, 12, (74, 132, 176)),
        (66, 10, (206, 74, 62)),
        (82, 7, (92, 148, 80)),
    ):
        s.circle(x, 52, r, colour)
        s.circle(x, 52, r * 0.55, (250, 246, 236))
        s.circle(x, 52, r * 0.25, colour)
    s.line([(8, 70), (26, 62), (44, 72), (62, 60), (92, 70)], (60, 66, 84), 1)
    s.person(60, 94, 7, (84, 120, 168))


def meal(s):
    s.box(14, 82, 86, 84, (170, 120, 78))
    for x in (18, 50, 82):
        s.box(x - 0.8, 84, x + 0.8, 95, (104, 76, 56))
    for x, colour in (
        (20, (196, 76, 66)),
        (34, (84, 120, 168)),
        (48, (244, 192, 64)),
        (62, (92, 148, 80)),
        (78, (146, 88, 168)),
    ):
        s.person(x, 82, 6, colour)
        s.circle(x + 5, 81.4, 1.4, (250, 250, 246))
    s.line([(2, 40), (25, 46), (50, 42), (75, 46), (98, 40)], (60, 66, 84), 0.2)
    for step in range(13):
        s.polygon([(4 + step * 7.4, 43.6), (8 + step * 7.4, 43.6), (6 + step * 7.4, 49)], BRICKS[step % 5])


def ball(s):
    s.box(6, 72, 94, 96, (104, 158, 92))
    for x in (12, 88):
        s.line([(x, 92), (x, 74), (x + (6 if x < 50 else -6), 72)], (246, 246, 240), 0.5)
    s.line([(50, 72), (50, 96)], (236, 240, 230), 0.3)
    s.circle(56, 92, 1.6, (250, 250, 246), outline=(40, 42, 52), width=0.2)
    for x, colour in ((30, (206, 74, 62)), (60, (74, 132, 176)), (72, (206, 74, 62))):
        s.person(x, 90, 5, colour)


def water(s):
    s.polygon([(0, 78), (100, 72), (100, 100), (0, 100)], (98, 150, 178))
    for y in (82, 87, 93):
        s.line([(8, y), (30, y - 1)], (190, 216, 226), 0.4)
        s.line([(54, y - 1), (88, y - 3)], (190, 216, 226), 0.4)
    s.tree(12, 78, 12)
    s.tree(90, 74, 10)
    for step in range(6):
        s.box(40 + step * 3, 74, 41.8 + step * 3, 92, (150, 100, 62))
    s.person(50, 76, 5, (244, 192, 64))


SUBJECTS = {
    draw.__name__: draw
    for draw in (bench, trees, playground, garden, lights, crossing, bikes, mural, meal, ball, water)
}


def picture(subject, seed):
    """A drawing of `subject` (a key of SUBJECTS) as the bytes of a JPEG; the same seed gives the same drawing."""
    scene = Scene(seed)
    SUBJECTS[subject](scene)
    return scene.jpeg()
