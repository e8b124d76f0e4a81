"""Rings: groups of records that lead back to themselves, such as two decisions that superseded one another.

Tarjan's algorithm for strongly connected components (1972), written without recursion, so that no chain is too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", int, str)


def rings(after: Mapping[Key, Iterable[Key]]) -> Iterator[tuple[Key, ...]]:
    """Each ring once, its members in order; a record that leads to itself is a ring of one.

    `after` names the successors of each record. Takes time in proportion to records and connections.
    """
    for group in _components(after):
        if len(group) > 1 or group[0] in after.get(group[0], ()):
            yield tuple(sorted(group))


def _components(after: Mapping[Key, Iterable[Key]]) -> Iterator[Sequence[Key]]:
    reached: dict[Key, int] = {}
    lowest: dict[Key, int] = {}
    path: list[Key] = []
    on_path: set[Key] = set()
    for start in after:
        if start in reached:
            continue
        reached[start] = lowest[start] = len(reached)
        path.append(start)
        on_path.add(start)
        waiting = [(start, iter(after.get(start, ())))]
        while waiting:
            here, others = waiting[-1]
            step = next((other for other in others if other not in reached or other in on_path), None)
            if step is None:
                waiting.pop()
                if waiting:
                    parent = waiting[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[here])
                if lowest[here] == reached[here]:
                    yield _cut_off(path, on_path, here)
            elif step in reached:
                lowest[here] = min(lowest[here], reached[step])
            else:
                reached[step] = lowest[step] = len(reached)
                path.append(step)
                on_path.add(step)
                waiting.append((step, iter(after.get(step, ()))))


def _cut_off(path: list[Key], on_path: set[Key], first: Key) -> list[Key]:
    """What lies on the path from `first` on, taken off it."""
    group: list[Key] = []
    while not group or group[-1] != first:
        group.append(path.pop())
    on_path.difference_update(group)
    return group
