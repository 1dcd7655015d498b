"""What it means that one thing is before, during or in any other relation to another: relations as edges of a network."""

from __future__ import annotations

from factstore.reasoning.edges import Edge, end_of, start_of

# Each relation as a conjunction of `p <= q - slack`, over the ends of a and b ("a.end <= b.start" is ("ae", "bs",
# 0)). Allen 1983, "Maintaining knowledge about temporal intervals"; before, starts-before, during and intersects
# are wider.
_MEANING: dict[str, tuple[tuple[str, str, int], ...]] = {
    "before": (("ae", "bs", 0),),
    "starts-before": (("as", "bs", 1),),
    "during": (("bs", "as", 0), ("ae", "be", 0)),
    "intersects": (("as", "be", 1), ("bs", "ae", 1)),
    "equals": (("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 0), ("be", "ae", 0)),
    "meets": (("ae", "bs", 0), ("bs", "ae", 0)),
    "overlaps": (("as", "bs", 1), ("bs", "ae", 1), ("ae", "be", 1)),
    "starts": (("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 1)),
    "finishes": (("ae", "be", 0), ("be", "ae", 0), ("bs", "as", 1)),
}

#: For each relation, its name with the two things swapped.
MIRRORS: dict[str, str] = {
    "after": "before",
    "starts-after": "starts-before",
    "contains": "during",
    "met-by": "meets",
    "overlapped-by": "overlaps",
    "started-by": "starts",
    "finished-by": "finishes",
}
SYMMETRIC = frozenset({"intersects", "equals"})
RELATIONS: tuple[str, ...] = (*_MEANING, *MIRRORS)
# The same as edges: for the tail, whose it is (0: a's, 1: b's) and which end; the same for the head; and the weight.
_EDGES = {
    relation: tuple(
        ("ab".index(q[0]), "se".index(q[1]), "ab".index(p[0]), "se".index(p[1]), -slack) for p, q, slack in meaning
    )
    for relation, meaning in _MEANING.items()
}


def relation_edges(a: int, relation: str, b: int, by: int, gap: tuple[int, int | None] = (0, None)) -> tuple[Edge, ...]:
    """The edges that say `a RELATION b`. `gap` bounds `b.start - a.end` in ticks and goes with `before` only."""
    if relation in MIRRORS:
        a, relation, b = b, MIRRORS[relation], a
    if relation == "before":
        least, most = gap
        apart = Edge(start_of(b), end_of(a), -least, by)
        return (apart,) if most is None else (apart, Edge(end_of(a), start_of(b), most, by))
    nodes = ((start_of(a), end_of(a)), (start_of(b), end_of(b)))
    return tuple(Edge(nodes[q][end], nodes[p][other], weight, by) for q, end, p, other, weight in _EDGES[relation])
