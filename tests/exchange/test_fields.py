"""Each field of a thing is in the file that an export writes, or is counted among what it does not carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from zipfile import ZipFile, is_zipfile

import pytest
from pydantic import BaseModel

from factstore.documents.entries import EvidenceEntry, FactEntry, OrderingEntry, SourceEntry, SpeakerEntry
from factstore.exchange import losses, outgoing
from factstore.exchange.extract import Asked, Extract, extract
from tests.conftest import NewStore

MODELS: dict[str, type[BaseModel]] = {
    "fact": FactEntry,
    "citation": EvidenceEntry,
    "source": SourceEntry,
    "speaker": SpeakerEntry,
    "ordering": OrderingEntry,
}
#: What identifies a thing, contains others, joins it to them, or takes it out of every export.
OTHERWISE = {"id", "evidence", "withdrawn", "fact", "other", "citation.source"}

#: What a file says of each field, as a regular expression: the value, or our words for it.
MARKS = {
    "fact.title": "Marked title",
    "fact.when": "22:41",
    "fact.phrase": "marked phrase",
    "fact.anchor": "1921",
    "fact.zone": r"\+03:07",
    "fact.place": "Marked place",
    "fact.participants.name": "Marked person",
    "fact.participants.role": "marked role",
    "fact.tags": "marked tag",
    "fact.attributes": "marked attribute",
    "fact.lasts": "PT17M|17 minutes",
    "citation.quote": "marked quote",
    "citation.prefix": "marked words before",
    "citation.suffix": "marked words after",
    "citation.locator": "marked page",
    "citation.stance": "denie[sd]",
    "citation.attribution": "Marked relay",
    "citation.when": "1911-03$|dating it March 1911",
    "citation.phrase": "that marked month",
    "citation.said": "1912",
    "citation.hedge": "marked hedge",
    "citation.unnamed": "marked aide",
    "source.title": "Marked paper",
    "source.publisher": "Marked publisher",
    "source.url": "https://marked.example",
    "source.published": "1913",
    "source.retrieved": "1914",
    "source.text": "cd" * 32,
    "source.seen_through": "carrier|through The carrier",
    "source.attributes": "marked exhibit",
    "source.files.name": "marked[.]pdf",
    "source.files.sha256": "ab" * 32,
    "source.files.type": "application/marked",
    "speaker.name": "Marked speaker",
    "speaker.aliases": "marked alias",
    "speaker.of": "Marked house",
    "ordering.relation": "starts-before|starts_before",
    "ordering.phrase": "marked order",
    "ordering.gap": "P19D|19 days",
}
SOURCE = {
    "id": "paper",
    "title": "Marked paper",
    "publisher": "Marked publisher",
    "url": "https://marked.example",
    "published": "1913",
    "retrieved": "1914",
    "text": "cd" * 32,
    "seen_through": "carrier",
    "attributes": {"exhibit": "marked exhibit"},
    "files": [{"name": "marked.pdf", "sha256": "ab" * 32, "type": "application/marked"}],
}
CITED = {
    "source": "paper",
    "quote": "marked quote",
    "prefix": "marked words before",
    "suffix": "marked words after",
    "locator": "marked page",
    "stance": "denies",
    "attribution": ["speaker", "Marked relay", "paper"],
    "when": "1911-03",
    "phrase": "that marked month",
    "said": "1912",
    "hedge": "marked hedge",
    "unnamed": "marked aide",
}
FACT = {
    "id": "marked",
    "title": "Marked title",
    "when": "1911-03-04T22:41",
    "phrase": "marked phrase",
    "anchor": "1921-01-01",
    "zone": "+03:07",
    "place": "Marked place",
    "participants": [{"name": "Marked person", "role": "marked role"}],
    "tags": ["marked tag"],
    "attributes": {"more": "marked attribute"},
    "lasts": {"min": "PT17M"},
    "evidence": [CITED],
}
WHOLE: dict[str, Any] = {
    "sources": [{"id": "carrier", "title": "The carrier"}, SOURCE],
    "speakers": [
        {"id": "house", "name": "Marked house"},
        {"id": "speaker", "name": "Marked speaker", "aliases": ["marked alias"], "of": "house"},
    ],
    "facts": [
        FACT,
        {"id": "later", "title": "Later", "when": "1911-06", "evidence": [{"source": "carrier"}]},
        {"id": "last", "title": "Last", "when": "1911-07", "evidence": [{"source": "carrier"}]},
    ],
    "orderings": [
        {"fact": "marked", "relation": "starts-before", "other": "later", "phrase": "marked order"},
        {"fact": "later", "relation": "before", "other": "last", "gap": {"min": "P19D"}},
    ],
}


def _fields(model: type[BaseModel], of: str = "") -> Iterator[str]:
    """The fields of a model, and those of the models in its lists."""
    for name, field in model.model_fields.items():
        within = [one for one in _within(field.annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        listed = within and get_origin(field.annotation) is list and name != "evidence"
        yield from _fields(within[0], f"{of}{name}.") if listed else [f"{of}{name}"]


def _within(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (list, Union, UnionType, Annotated):
        for one in get_args(annotation):
            yield from _within(one)
    else:
        yield annotation


FIELDS = [
    (kind, field)
    for kind, model in MODELS.items()
    for field in _fields(model)
    if not {field, f"{kind}.{field}"} & OTHERWISE
]


@pytest.fixture(scope="module")
def whole(new_store: NewStore) -> Extract:
    store = new_store()
    store.load(WHOLE, by="Test", allow_conflict=True)
    return extract(store, Asked("facts.db", status=("stands", "disputed", "denied")))


def test_each_field_of_each_kind_has_a_mark() -> None:
    assert [f"{kind}.{field}" for kind, field in FIELDS] == [*MARKS]


@pytest.mark.parametrize("form", outgoing.FORMATS)
def test_a_field_is_in_the_file_or_counted(whole: Extract, form: str) -> None:
    written = outgoing.write(whole, outgoing.FORMATS[form])
    text = _text(written.content)
    for kind, field in FIELDS:
        said = re.search(MARKS[f"{kind}.{field}"], text, re.MULTILINE) is not None
        counted = bool(written.lost[losses.name_of(kind, field)] or written.lost[kind])
        assert said or counted, (kind, field)
        carried = getattr(import_module(f"factstore.exchange.{outgoing.FORMATS[form].module}"), "CARRIED", None)
        assert said or carried is None or field not in carried.get(kind, ()), (kind, field)


def _text(content: bytes) -> str:
    """The text of a file, of a workbook or a document too, each value on a line of its own."""
    if not is_zipfile(BytesIO(content)):
        return content.decode()
    with ZipFile(BytesIO(content)) as parts:
        markup = "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    return re.sub(r"<[^>]+>", "\n", markup)
