"""What is said when values and sources outlive what they rested on, and where origins may be counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from factstore.store import Store
from tests.cli.test_cli import run

SOURCES: list[dict[str, Any]] = [
    {"id": "bad", "title": "Bad", "published": "2020-07-01"},
    {"id": "good", "title": "Good", "published": "2020-06-01"},
    {"id": "wire", "title": "Wire", "published": "2020-08-01"},
]


def raid(**fields: Any) -> dict[str, Any]:
    """A document with a raid that only one source reports."""
    fact = {"id": "raid", "title": "Raid", "when": "2020-05-01", "evidence": [{"source": "bad"}], **fields}
    return {"sources": SOURCES, "facts": [fact]}


@pytest.fixture
def raided(store: Store) -> Store:
    """A raid reported by one source, and then by another."""
    store.load(raid())
    store.cite("raid", source="good", quote="there was a raid")
    return store


RECORDED = "raid keeps its date (2020-05-01), but all evidence recorded with it is withdrawn: raid/bad/1"
CORRECTED = "raid keeps its date (2020-05-03), but all evidence for this correction is withdrawn: raid/wire/1"


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bad", "raid/bad/1"])
def test_a_date_that_outlives_the_evidence_recorded_with_it_is_named(raided: Store, name: str) -> None:
    assert raided.cautions(["raid"]) == []
    assert raided.withdraw(name).tally.outlived == [RECORDED]
    assert raided.cautions(["raid"]) == [RECORDED]
    assert raided.restore(name).tally.outlived == []
    assert raided.cautions(["raid"]) == []


def test_a_correction_that_outlives_its_evidence_is_named(raided: Store) -> None:
    raided.cite("raid", source="wire", quote="on the third")
    done = raided.correct("raid", {"when": "2020-05-03", "phrase": "on the third"}, evidence=["raid/wire/1"])
    assert done.tally.outlived == []
    assert raided.withdraw("bad").tally.outlived == []
    assert raided.withdraw("wire", dry_run=True).tally.outlived == [CORRECTED]
    assert raided.cautions(["raid"]) == []
    assert raided.withdraw("wire").tally.outlived == [CORRECTED]
    raided.correct("raid", {"when": "2020-05-04"})
    assert raided.cautions(["raid"]) == [
        "raid keeps its phrase (on the third), but all evidence for this correction is withdrawn: raid/wire/1"
    ]


def test_what_had_outlived_its_evidence_before_is_not_named_again(raided: Store) -> None:
    raided.withdraw("raid/bad/1")
    assert raided.withdraw("bad").tally.outlived == []
    raided.cite("raid", source="wire")
    assert raided.withdraw("wire").tally.outlived == []


def test_a_correction_on_evidence_that_is_withdrawn_already_is_named(raided: Store) -> None:
    raided.cite("raid", source="wire")
    raided.withdraw("wire")
    assert raided.correct("raid", {"when": "2020-05-03"}, evidence=["raid/wire/1"]).tally.outlived == [CORRECTED]
    assert raided.correct("raid", {"place": "Bonn"}).tally.outlived == []


def test_one_citation_that_counts_is_enough(raided: Store) -> None:
    raided.correct("raid", {"place": "Bonn"}, evidence=["raid/bad/1", "raid/good/1"])
    raided.cite("raid", source="wire", evidence={"when": "2020-05-01"})
    assert raided.withdraw("bad").tally.outlived == []  # another source gives the same date
    assert raided.withdraw("good").tally.outlived == [
        "raid keeps its place (Bonn), but all evidence for this correction is withdrawn: raid/bad/1, raid/good/1"
    ]
    assert raided.withdraw("raid/wire/1", allow_unsupported=True).tally.outlived == []
    assert raided.cautions(["raid"]) == []  # the fact itself has no evidence: its status says so


def test_lengths_places_and_people_outlive_their_evidence_too(store: Store) -> None:
    store.load(raid(lasts={"min": "P1D"}, place="Bonn", participants=[{"name": "Ann"}], when=None))
    store.cite("raid", source="good")
    assert store.withdraw("bad").tally.outlived == [
        "raid keeps its place (Bonn), participants and length (at least P1D), but all evidence recorded with it is "
        "withdrawn: raid/bad/1"
    ]


def test_gaps_of_orderings_and_corrected_sources_outlive_their_evidence_too(raided: Store) -> None:
    raided.load({"facts": [{"id": "trial", "title": "Trial", "evidence": [{"source": "good"}]}]})
    raided.relate("raid", "before", "trial", gap={"min": "P3D"}, source="wire")
    raided.cite("raid.before.trial", source="good")
    raided.correct("good", {"published": "2020-06-02"}, evidence=["raid.before.trial/wire/1"])
    assert raided.withdraw("wire").tally.outlived == [
        "good keeps its publication date (2020-06-02), but all evidence for this correction is withdrawn: "
        "raid.before.trial/wire/1",
        "raid.before.trial keeps its gap (at least P3D), but all evidence recorded with it is withdrawn: "
        "raid.before.trial/wire/1",
    ]
    assert raided.show("good").cautions == tuple(raided.cautions(["good"])) != ()
    assert raided.show("raid.before.trial").cautions == tuple(raided.cautions(["raid.before.trial"])) != ()


def test_a_corrected_citation_is_named_while_it_counts(raided: Store) -> None:
    raided.cite("raid", source="wire")
    raided.correct("raid/good/1", {"locator": "p. 3"}, evidence=["raid/wire/1"])
    words = "raid/good/1 keeps its locator (p. 3), but all evidence for this correction is withdrawn: raid/wire/1"
    assert raided.withdraw("wire").tally.outlived == [words]
    assert raided.cautions(["raid/good/1"]) == [words]
    raided.withdraw("good")
    assert raided.cautions(["raid/good/1"]) == []


def test_what_a_clock_of_evidence_hides_is_not_withdrawn(raided: Store) -> None:
    raided.cite("raid", source="wire")
    raided.correct("raid", {"when": "2020-05-03"}, evidence=["raid/wire/1"])
    early = raided.at(published="2020-06-30")
    assert early.fact("raid").when == "2020-05-01"
    assert early.cautions(["raid"]) == []
    before = raided.head().position
    raided.withdraw("bad")
    raided.withdraw("wire")
    assert raided.at(published="2020-06-30").cautions(["raid"]) == [RECORDED]
    assert raided.at(known=before).cautions(["raid"]) == []


def test_reasons_do_not_give_a_date_to_evidence_that_it_did_not_come_from(raided: Store) -> None:
    def why() -> list[str]:
        raided.load(
            {"facts": [{"id": "trial", "title": "Trial", "when": "2020-05-20", "evidence": [{"source": "good"}]}]}
        )
        return [str(step) for step in raided.timeline.order("raid", "trial").why]

    dated = "trial is dated 2020-05-20 [good]"
    assert why() == ["raid is dated 2020-05-01 [bad]", dated]
    raided.withdraw("bad")
    assert why() == ["raid is dated 2020-05-01, on evidence that is withdrawn", dated]
    raided.cite("raid", source="wire", quote="on the third")
    raided.correct("raid", {"when": "2020-05-03"}, evidence=["raid/wire/1"], message="the wire", by="ann")
    assert why() == ["raid is dated 2020-05-03 (corrected by ann: the wire) [wire]: “on the third”", dated]
    raided.withdraw("wire")
    assert why() == ["raid is dated 2020-05-03 (corrected by ann: the wire), on evidence that is withdrawn", dated]
    raided.withdraw("good", allow_unsupported=True)
    steps = [str(step) for step in raided.timeline.order("raid", "trial").why]
    assert steps[1] == "trial is dated 2020-05-20, on evidence that is withdrawn"


# --- sources seen only through another ---------------------------------------------------------------------------


def test_what_was_seen_only_through_a_withdrawn_source_is_named_with_what_rests_on_it(store: Store) -> None:
    store.load(
        {
            "sources": [
                {"id": "forged", "title": "Forged"},
                {"id": "memo", "title": "Memo", "seen_through": "forged"},
                {"id": "copy", "title": "Copy", "seen_through": "memo"},
                {"id": "other", "title": "Other"},
            ],
            "facts": [
                {"id": "met", "title": "They met", "evidence": [{"source": "memo"}, {"source": "copy"}]},
                {"id": "left", "title": "They left", "evidence": [{"source": "copy"}, {"source": "other"}]},
            ],
        }
    )
    done = store.withdraw("forged")
    memo, copy = (
        f"{name} still counts, but was seen only through forged, which is withdrawn" for name in ("memo", "copy")
    )
    assert done.tally.outlived == [
        f"{memo}; on it rest: met (nothing else)",
        f"{copy}; on it rest: met (nothing else), left (1 more)",
    ]
    assert store.cautions(["met"]) == [memo, copy]
    assert store.cautions(["left"]) == [copy]
    assert store.show("memo").cautions == (memo,)
    assert store.show("forged").cautions == ()
    assert store.withdraw("memo", allow_unsupported=True).tally.outlived == [
        copy.replace("forged", "memo") + "; on it rest: met (nothing else), left (1 more)"
    ]
    store.withdraw("copy", allow_unsupported=True)
    assert store.cautions(["left"]) == []


# --- origins -----------------------------------------------------------------------------------------------------

OUTLETS = [
    {"id": "nyt", "title": "The New York Times", "published": "2020-01-01"},
    {"id": "lm", "title": "Page one", "publisher": "Le Monde", "published": "2020-01-02"},
    {"id": "wp", "title": "Washington Post", "published": "2020-01-03"},
]
NYT = (
    "The New York Times is counted as an origin of x, but its own document (nyt) has it from Bob: "
    "there may be fewer origins"
)


@pytest.mark.parametrize(
    ("cited", "said"),
    [
        ([("nyt", ["Bob"]), ("lm", ["The New York Times"])], [NYT]),
        (
            [("lm", ["new york times", "Le Monde"]), ("nyt", ["Bob"])],
            [NYT.replace("The New York Times", "new york times", 1)],
        ),
        ([("nyt", ["Bob"]), ("lm", ["nyt"])], [NYT]),
        ([("nyt", ["Bob"]), ("lm", ["NYT"])], [NYT]),
        (
            [("wp", ["Le Monde"]), ("lm", ["The New York Times"]), ("nyt", ["Bob"])],
            [
                "Le Monde is counted as an origin of x, but its own document (lm) has it from The New York Times: there "
                "may be fewer origins",
                NYT,
            ],
        ),
        ([("nyt", ["Bob"]), ("lm", ["Bob"])], []),
        ([("nyt", []), ("lm", ["The New York Times"])], []),
        ([("nyt", ["Bob"]), ("nyt", []), ("lm", ["The New York Times"])], []),  # it says so itself, too
        ([("nyt", ["Bob"]), ("lm", [])], []),
        ([("lm", ["The New York Times"])], []),
    ],
)
def test_an_origin_whose_own_document_names_another_is_named(
    store: Store, cited: Sequence[tuple[str, list[str]]], said: list[str]
) -> None:
    evidence = [{"source": source, "quote": "x", "attribution": chain} for source, chain in cited]
    speakers = [{"id": "the-times", "name": "The New York Times", "aliases": ["NYT"]}] if "NYT" in str(cited) else []
    store.load({"sources": OUTLETS, "speakers": speakers, "facts": [{"id": "x", "title": "X", "evidence": evidence}]})
    assert list(store.cautions(["x"])) == said


# --- where it is said --------------------------------------------------------------------------------------------


def test_the_commands_say_it(raided: Store) -> None:
    done = run("withdraw", "bad", db=raided.path)
    assert RECORDED in " ".join(done.err.split())
    shown = run("show", "raid", db=raided.path)
    assert RECORDED in " ".join(shown.out.split())
    assert run("show", "raid", "--json", db=raided.path).json["cautions"] == [RECORDED]
    assert RECORDED in " ".join(run("who-says", "raid", db=raided.path).err.split())
    assert "cautions" not in run("show", "good", "--json", db=raided.path).json
