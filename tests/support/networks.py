"""Questions that tests ask of a network."""

from __future__ import annotations

from factstore.reasoning.closure import Certainty, certainty_of
from factstore.reasoning.edges import NO_BOUND, TIME, Bounds, end_of, start_of
from factstore.reasoning.network import Network
from factstore.reasoning.relations import RELATIONS, relation_edges


def bounds_at(*ticks: int) -> Bounds:
    """The bounds of something whose ends may lie at these ticks."""
    return Bounds._make(ticks)


def is_bound(tick: int) -> bool:
    """Whether one of the Bounds rests on a date or on evidence, and not on time itself."""
    return abs(tick) < NO_BOUND


def relations_of(network: Network, a: int, b: int) -> dict[str, Certainty]:
    """For each relation between a and b, whether it is certain, possible or impossible."""
    closure = network.distances((start_of(a), end_of(a), start_of(b), end_of(b)))
    return {relation: certainty_of(closure, relation_edges(a, relation, b, TIME)) for relation in RELATIONS}
