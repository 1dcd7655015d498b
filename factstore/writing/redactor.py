"""A redaction from request to bytes: deletes payloads and texts, folds the rest anew, and clears the bytes from the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError

from factstore.database.buffer import Buffer
from factstore.database.engine import Engine
from factstore.documents.spellings import SpeltName
from factstore.errors import InputError
from factstore.ledger import texts
from factstore.ledger.append import Draft, remove
from factstore.ledger.canonical import canonical
from factstore.ledger.payloads import By, Redacted
from factstore.maintenance.faults import explained
from factstore.progress import Progress
from factstore.projection.replay import refold
from factstore.repository import clocks
from factstore.writing import mentioning, requests
from factstore.writing.redacting import Naming, Redaction, supported, unsupported
from factstore.writing.turns import turn


class RedactionRequest(NamedTuple):
    """What to redact, by position, id and name; why, by whom, and the writer's own id for it."""

    what: Sequence[int | str]
    names: Sequence[str]
    why: str
    message: str
    by: By
    dry_run: bool
    request: str | None = None


def redact(file: Engine, asked: RedactionRequest, progress: Progress | None = None) -> Redaction:
    """Redact what is asked for, or rehearse it; without anything, complete what an earlier redaction left undone."""
    file.identity()
    with turn(file):
        done = Redaction()
        if asked.what or asked.names:
            _check(asked)
            done = _delete(file, asked, progress)
        if asked.dry_run:
            return done
        unscrubbed = file.scrub()
    needles = {spelling.encode() for name in asked.names for spelling in SpeltName(name).spellings()}
    needles |= {words.encode() for words in done.written}
    stored = file.stored(needles)
    # The search ignores the case of ASCII letters, so one spelling in lower case stands for all.
    within = file.stored({needle.lower() for needle in needles}, within=True) - {needle.lower() for needle in stored}
    return replace(
        done,
        unscrubbed=unscrubbed,
        written=_words(needles),
        stored=_words(stored),
        stored_within=_words(within),
    )


def _words(needles: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(sorted(needle.decode() for needle in needles))


def _check(asked: RedactionRequest) -> None:
    """Raises InputError if a redaction gives no reason, or its own words contain what it deletes."""
    given = {
        "the reason": asked.why,
        "the message": asked.message,
        "the name of the redactor": asked.by.name,
        "the request id": asked.request or "",
    }
    mentioning.check_words(asked.names, given)
    canonical(asked.message)
    if asked.request is not None:
        requests.check_request(asked.request)
    if asked.dry_run and not asked.why.strip():
        return
    try:
        Redacted(why=asked.why)
    except ValidationError:
        raise InputError("a redaction needs a reason, in readable words") from None


def _delete(file: Engine, asked: RedactionRequest, progress: Progress | None) -> Redaction:
    why, called = asked.why.strip() or "a rehearsal", asked.request or requests.made_for(file)
    with explained(file), requests.confirmed(file, called), file.writing() as connection:
        earlier = requests.earlier(connection, asked.request) if asked.request else None
        if earlier:
            requests.check_redacted(connection, earlier, asked.what)
            return Redaction(earlier.position)
        before = clocks.asking(connection)
        holding = mentioning.standing(before, asked.names)
        positions = {*mentioning.resolved(before, asked.what), *holding.places}
        if not positions and not holding.texts:
            return Redaction(within=holding.within_words(before))
        had_evidence = supported(before)
        named = Naming(before, positions, holding.places, holding.texts)
        draft = Draft(connection, Buffer(connection))
        for position, prints in named.prints.items():
            draft.append(Redacted(why=why, prints=prints), subject=position)
        for text, prints in named.text_prints.items():
            draft.append(Redacted(why=why, prints=prints, text=text))
        commit = draft.end(asked.by, asked.message or why, called).position
        draft.check()
        remove(connection, named.prints)
        refold(connection, progress)
        texts.drop_unused(connection)
        connection.dialect.forget_samples(connection)
        connection.dialect.mark_unscrubbed(connection)
        repository = clocks.asking(connection)
        gone = named.gone(repository)
        # Somebody who redacts a name wants to know whether the name is gone, not what else was said beside it.
        left = mentioning.standing(repository, asked.names)
        still_named = left.mentions(repository)
        mentions = (*(named.mentions(repository) if asked.what else ()), *still_named)
        within, without_evidence = left.within_words(repository), unsupported(repository, had_evidence)
        if asked.dry_run:
            connection.rollback()
        else:
            connection.commit()
    return Redaction(
        None if asked.dry_run else commit,
        tuple(named.places),
        gone,
        without_evidence,
        mentions,
        within,
        written=tuple(sorted(holding.written)),
        named=bool(still_named),
    )
