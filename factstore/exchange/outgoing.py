"""The formats in which a chronology can be exported: their names, file name endings and writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from factstore.errors import InputError, Refused
from factstore.exchange.extract import Extract, Written


@dataclass(frozen=True, slots=True)
class OutgoingFormat:
    """A format: its name, its file name endings, a description, and the module whose `write` makes it.

    `needs`: the extra with the libraries for it. `text`: whether it can go to a terminal or a pipe.
    """

    name: str
    endings: Sequence[str]
    about: str
    module: str
    needs: str | None = None
    text: bool = True


FORMATS = {
    one.name: one
    for one in (
        OutgoingFormat("docx", [".docx"], "a Word document", "word", "documents", text=False),
        OutgoingFormat("xlsx", [".xlsx"], "a workbook", "workbook", "sheets", text=False),
        OutgoingFormat("timelinejs", [".timelinejs.json", ".timeline.json"], "TimelineJS JSON", "timelinejs"),
        OutgoingFormat(
            "annotations", [".annotations.jsonld", ".annotations.json"], "W3C Web Annotations", "annotations"
        ),
        OutgoingFormat("timesketch", [".timesketch.jsonl"], "Timesketch JSON Lines", "timesketch"),
        OutgoingFormat("jsonld", [".jsonld"], "Linked Art and PROV as JSON-LD", "linked"),
        OutgoingFormat(
            "ftm", [".ftm.json", ".ftm.jsonl", ".ftm.ijson"], "FollowTheMoney entities as JSON Lines", "followthemoney"
        ),
    )
}


def guess(file: str) -> OutgoingFormat:
    """The format that a file's name ends in. Raises InputError, with the possible formats, if that is unclear."""
    name = PurePath(file).name.lower()
    fitting = [(len(ending), one) for one in FORMATS.values() for ending in one.endings if name.endswith(ending)]
    if fitting:
        return max(fitting, key=lambda found: found[0])[1]
    last = PurePath(name).suffix
    maybe = [one.name for one in FORMATS.values() if last and any(ending.endswith(last) for ending in one.endings)]
    if maybe:
        several = " or ".join(filter(None, (", ".join(maybe[:-1]), maybe[-1])))
        raise InputError(f"{file}: a name that ends in {last} may be {several}; say which with --format")
    raise InputError(
        f"{file}: its ending does not say which format to write; name it with --format: {', '.join(FORMATS)}"
    )


def write(extract: Extract, to: OutgoingFormat) -> Written:
    """Write an extract in a format. Raises Refused if the libraries for it are not installed."""
    try:
        module = import_module(f"factstore.exchange.{to.module}")
    except ModuleNotFoundError as error:
        if to.needs is None:
            raise
        raise Refused(f"{to.name} needs the extra: pip install 'factstore-timeline[{to.needs}]'") from error
    written: Written = module.write(extract)
    return written
