"""The shapes of platform that the benchmarks run on, free of any language.

A shape is a function of a size and nothing else: no random numbers, so a number measured today can be measured again.
A `Graph` lists, for every resource, the earlier ones that it refers to; components and collections, which are made by
the language itself, have types of their own.
"""
import math
from dataclasses import dataclass

COMPONENT_INPUTS = 60


@dataclass(frozen=True)
class Graph:
    parents: tuple  # of tuples of positions, each less than the position that it stands at

    @property
    def resources(self):
        return len(self.parents)


@dataclass(frozen=True)
class Components:
    """One component of 60 inputs and 60 resources, used many times; every input refers to one resource outside."""

    uses: int

    @property
    def resources(self):
        return 1 + self.uses * COMPONENT_INPUTS


@dataclass(frozen=True)
class Keyed:
    """Two collections of `keys` members each; a member of the second refers to the first one's by its own key."""

    keys: int

    @property
    def resources(self):
        return 2 * self.keys


def wide(size):
    return Graph(((),) * size)


def chain(size):
    return Graph(tuple((i - 1,) if i else () for i in range(size)))


def _layers(size, layers, references):
    """Each resource refers to `references` different ones of the layer before, as if chosen at random: a pattern that
    folds onto itself would leave the last layer with a few ancestors instead of a whole cone of them."""
    width = max(1, size // layers)
    references = min(references, width)
    stride = width // references  # one choice in each of so many parts of the layer, so no two are the same

    def parents(i):
        before = (i // width - 1) * width
        if before < 0:
            return ()
        return tuple(before + k * stride + _mixed(i * references + k) % stride for k in range(references))

    return Graph(tuple(parents(i) for i in range(size)))


def _mixed(number):
    """Knuth's multiplicative hash, twice: the same on every machine and in every version of Python."""
    for _ in range(2):
        number = number * 2654435761 % 2**32
        number ^= number >> 15
    return number


def layered(size):
    """Ten layers, two references each: P1."""
    return _layers(size, 10, 2)


def deep_layered(size):
    """As many layers as a layer is wide, four parents each: P9."""
    return _layers(size, math.isqrt(size), 4)


def diamonds(size):
    """A chain of diamonds: the foot of one is the head of the next."""
    return Graph(tuple(((i - 2, i - 1) if i else (), (i - 1,), (i - 2,))[i % 3] for i in range(size)))


def hub(size):
    """Half of the resources before one hub, half behind it: every pair is ordered, through one node."""
    middle = size // 2
    return Graph(((),) * middle + (tuple(range(middle)),) + ((middle,),) * (size - middle - 1))


def components(size):
    return Components(max(1, size // COMPONENT_INPUTS))


def keyed(size):
    return Keyed(size // 2)


SHAPES = {
    shape.__name__: shape for shape in (wide, chain, layered, deep_layered, diamonds, hub, components, keyed)
}
