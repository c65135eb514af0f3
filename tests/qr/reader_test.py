#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form of a drawn QR code is read back by a real reader (zbarimg), from a picture of a terminal.

    reader_test.py QR_DRAWING
"""
import os
import subprocess
import sys
import tempfile
import unittest

DRAWING = sys.argv.pop(1)
LINK = "https://login.example.com/device?user_code=WDJB-MJHT"
WIDE, HIGH = 8, 16  # pixels of a character
BLACK, WHITE = 0, 255
SPOT = 8  # pixels that a camera sees as one: it does not see the strokes of a letter

# Which pixels of a character's cell are filled; "#" as its strokes are, with gaps.
FILLED = {" ": lambda x, y: False, "\u2588": lambda x, y: True, "\u2580": lambda x, y: y < HIGH // 2,
          "\u2584": lambda x, y: y >= HIGH // 2, "#": lambda x, y: x % 4 != 3 and y % 6 != 5}


def draw(text, ground, characters):
    return subprocess.run([DRAWING, text, ground, characters], capture_output=True, encoding="utf-8", check=True).stdout


def picture(lines, letters, ground):
    """A PGM of a terminal that shows these lines, with some ground around them."""
    width = max(len(line) for line in lines) + 4
    rows = []
    for line in ["", "", *lines, "", ""]:
        cells = ("  " + line).ljust(width)
        for top in range(0, HIGH, SPOT):
            seen = [shade(cell, left, top, letters, ground) for cell in cells for left in range(0, WIDE, SPOT)]
            rows += [bytes(pixel for pixel in seen for _ in range(SPOT))] * SPOT
    return b"P5 %d %d 255\n" % (width * WIDE, len(rows)) + b"".join(rows)


def shade(cell, left, top, letters, ground):
    """The mean of a spot of a character's cell."""
    filled = [FILLED[cell](x, y) for x in range(left, left + SPOT) for y in range(top, top + SPOT)]
    return (letters * sum(filled) + ground * (len(filled) - sum(filled))) // len(filled)


def read(image):
    """What the reader finds, or an empty string. It does not look for light codes on dark ground."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "terminal.pgm")
        with open(path, "wb") as file:
            file.write(image)
        done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", path],
                              capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()


class Reader(unittest.TestCase):
    def test_every_form_is_read_on_the_terminal_that_it_is_for(self):
        for characters in ("blocks", "ascii"):
            for ground, letters, behind in (("light", BLACK, WHITE), ("dark", WHITE, BLACK)):
                for text in ("https://microsoft.com/devicelogin", LINK):
                    with self.subTest(characters=characters, ground=ground, text=text):
                        lines = draw(text, ground, characters).splitlines()
                        self.assertEqual(1, len({len(line) for line in lines}))
                        self.assertEqual(text, read(picture(lines, letters, behind)))

    def test_the_form_for_the_other_terminal_is_not_read(self):
        for ground, letters, behind in (("light", WHITE, BLACK), ("dark", BLACK, WHITE)):
            self.assertEqual("", read(picture(draw(LINK, ground, "blocks").splitlines(), letters, behind)))

    def test_ascii_is_ascii(self):
        self.assertEqual(set("# \n"), set(draw(LINK, "dark", "ascii")))

    def test_a_picture_without_a_code_reads_as_nothing(self):
        self.assertEqual("", read(picture([" " * 40] * 30, BLACK, WHITE)))


if __name__ == "__main__":
    unittest.main()
