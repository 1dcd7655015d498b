"""The formats that can be imported: how each is recognised, and which module reads it.

A reader takes a file's bytes, its name, the options and what the ledger holds, and returns `Arrival`s.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from typing import NamedTuple

from factstore.documents.tabular import EVIDENCE_COLUMNS, FACT_COLUMNS, table_beside
from factstore.errors import InputError
from factstore.exchange import annotations_reading, casemap, csl, ris, timelinejs_reading
from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.grids import TEXTS, WORKBOOKS, first_rows, text_of
from factstore.exchange.headers import SheetOptions
from factstore.exchange.json_values import begins, glance, read_values
from factstore.exchange.sheets import read_sheet

Reader = Callable[[bytes, str, SheetOptions, Holdings], list[Arrival]]


class Incoming(NamedTuple):
    """A format: its reader, its file name endings, and a test of whether a file's bytes look like it."""

    read: Reader
    endings: tuple[str, ...] = ()
    looks: Callable[[bytes], bool] = lambda _: False


def _is_packed(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def _is_exported_workbook(content: bytes) -> bool:
    if not _is_packed(content) or find_spec("python_calamine") is None:
        return False
    from factstore.exchange.workbook_reading import is_ours

    return is_ours(content)


def _read_workbook(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    from factstore.exchange.workbook_reading import read

    return [read(content, name, wanted, ledger)]


#: By name. The looks of a file are tried first, in this order, then its ending, since several formats end in .json or .csv.
FORMATS: dict[str, Incoming] = {
    "workbook": Incoming(_read_workbook, looks=_is_exported_workbook),
    "timelinejs": Incoming(timelinejs_reading.read, looks=timelinejs_reading.looks),
    "casemap": Incoming(casemap.read, looks=casemap.looks),
    "casefleet": Incoming(casemap.read),
    "annotations": Incoming(annotations_reading.read, looks=annotations_reading.looks),
    "csl": Incoming(csl.read, looks=csl.looks),
    "ris": Incoming(ris.read, (".ris",), ris.looks),
    "sheet": Incoming(read_sheet, (*TEXTS, *WORKBOOKS), _is_packed),
}


def format_of(
    name: str,
    content: bytes,
    given: str | None = None,
    formats: Mapping[str, Incoming] = FORMATS,
    *,
    otherwise: str = "",
) -> str:
    """The name of a file's format: the one given, else found by its looks, else by its name's ending, else `otherwise`.

    Raises InputError if there is no such format, or none is found, or it is JSON with a fault.
    """
    if given:
        if given not in formats:
            near = get_close_matches(given, formats, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(formats)}"
            raise InputError(f"--format {given}: there is no such format; {hint}")
        return given
    _refuse_our_csv(content, name)
    looking = (found for found, one in formats.items() if one.looks(content))
    ending = (found for found, one in formats.items() if name.lower().endswith(one.endings))
    found = next(looking, None) or (None if is_document(content) else next(ending, None))
    if found is None and (begins(content) or name.lower().endswith((".json", ".jsonld"))):
        read_values(content, name)
    found = found or (None if is_document(content) else otherwise or None)
    if found is None:
        if is_document(content) or name.lower().endswith((".yaml", ".yml", ".jsonl", ".ndjson")):
            raise _for_load(name)
        raise InputError(f"{name}: its format is not known; name it with --format: {', '.join(formats)}")
    return found


def _for_load(name: str) -> InputError:
    return InputError(f"{name}: it looks like a Factstore document; `factstore load {shlex.quote(name)}` reads those")


def _refuse_our_csv(content: bytes, name: str) -> None:
    """Refuse what our dump as CSV wrote, whose tables of sources or speakers have no facts in them."""
    rows = [] if _is_packed(content) else first_rows(content)
    headers = [text_of(value) for value in rows[0][0]] if rows and rows[0] else []
    if why := table_beside(headers):
        raise InputError(f"{name}: {why}")
    if headers == [*FACT_COLUMNS, *EVIDENCE_COLUMNS]:
        raise _for_load(name)


def is_document(content: bytes) -> bool:
    """Whether a file's bytes are a Factstore document in JSON or JSON Lines."""
    value = glance(content)
    first = value[0] if isinstance(value, list) and value else value
    own = ("defaults", "sources", "speakers", "facts", "orderings", "source", "speaker", "fact", "ordering")
    return isinstance(first, dict) and bool(first) and first.keys() <= {*own}
