"""Seeded chance, built on `random.Random.random` alone.

Only `random()` is promised to give the same numbers in every Python version, so every other
draw is worked out from it here.
"""

import random
from collections.abc import Sequence
from itertools import accumulate
from math import exp
from typing import TypeVar

SEED = "lumen-2026"

T = TypeVar("T")


class Dice:
    """A stream of draws that depends on nothing but its name."""

    def __init__(self, name: str) -> None:
        """Seed by name, so that one export can change without moving the others."""
        self._random = random.Random(f"{SEED}:{name}").random

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random()

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random() < probability

    def between(self, low: float, high: float) -> float:
        """A number in [low, high), evenly spread."""
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def normal(self, mean: float, deviation: float) -> float:
        """Nearly normal: a sum of even draws, as logarithms differ by platform in the last bit."""
        return mean + deviation * (sum(self._random() for _ in range(12)) - 6.0)

    def count(self, expected: float) -> int:
        """A Poisson count (Knuth's product method, good for the small rates used here)."""
        limit, product, drawn = exp(-expected), self._random(), 0
        while product > limit:
            product *= self._random()
            drawn += 1
        return drawn

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, evenly."""
        return options[int(self._random() * len(options))]

    def weighted(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, by weight."""
        sums = list(accumulate(weight for _, weight in options))
        at = self._random() * sums[-1]
        for (option, _), upper in zip(options, sums, strict=True):
            if at < upper:
                return option
        return options[-1][0]

    def hexadecimal(self, length: int) -> str:
        """A made-up hash of that many hexadecimal digits."""
        return "".join("0123456789abcdef"[int(self._random() * 16)] for _ in range(length))
