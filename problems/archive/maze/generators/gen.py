"""Inputs of Garden Maze."""

from random import Random


def case(rows):
    return "\n".join([f"{len(rows)} {len(rows[0])}", *map("".join, rows)]) + "\n"


def random_maze(rng, height, width, hedges):
    rows = [["#" if rng.random() < hedges else "." for _ in range(width)] for _ in range(height)]
    start, end = rng.sample(range(height * width), 2)
    rows[start // width][start % width] = "S"
    rows[end // width][end % width] = "E"
    return case(rows)


def snake(size):
    """A long corridor that cannot be cut short over the border."""
    rows = [["#"] * size for _ in range(size)]
    for i in range(1, size - 1, 2):
        rows[i][1 : size - 1] = "." * (size - 2)
        if i + 2 < size - 1:
            rows[i + 1][size - 2 if i % 4 == 1 else 1] = "."
    rows[1][1] = "S"
    last = size - 2 if size % 2 else size - 3
    rows[last][1 if last % 4 == 3 else size - 2] = "E"
    return case(rows)


def valid(rng):
    height, width = rng.randint(1, 7), rng.randint(2, 7)
    if rng.random() < 0.5:
        height, width = width, height
    return random_maze(rng, height, width, rng.choice([0, 0.2, 0.35, 0.5]))


def secret():
    rng = Random(9)
    tests = {
        "01-two-cells": "1 2\nSE\n",
        "02-column": "6 1\nS\n.\n.\n.\n.\nE\n",
        "03-row": "1 7\n.S..E.#\n",
        "04-walled-in": "5 5\n.....\n..#..\n.#S#.\n..#..\nE....\n",
        "05-empty": case([["S", *"." * 148, "."]] + [["."] * 150] * 74 + [[*"." * 75, "E", *"." * 74]] + [["."] * 150] * 74),
        "06-snake": snake(149),
        "07-over-the-top": "4 3\n#S#\n###\n###\n#E#\n",
        "08-over-the-side": "2 4\nS##E\n####\n",
        "09-bottom-to-top": "3 2\n#E\n##\n#S\n",
        "10-thick": random_maze(rng, 150, 150, 0.35),
        "11-thin": random_maze(rng, 100, 150, 0.2),
        "12-corridor": random_maze(rng, 150, 2, 0.2),
    }
    for i in range(13, 36):
        tests[f"{i}-small"] = valid(rng)
    return tests
