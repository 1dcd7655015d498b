"""The public face: opening a ledger, one transaction around it and its projection, and every question on every clock.

What `load`, `add`, `correct` and the like return has been made durable; what they raise has left no trace.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from getpass import getuser
from pathlib import Path
from stat import S_ISDIR
from threading import RLock
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from factstore import documents, exchange, ledger, projection, schema, sqlite
from factstore.answers import Held
from factstore.dates import parse_zone
from factstore.documents import Document, kind_of, parse, slug_of
from factstore.errors import (
    Contradiction,
    InputError,
    NoLedger,
    Refused,
    SchemaVersion,
    Stale,
    Unavailable,
)
from factstore.ledger import Draft, Head, Problem
from factstore.questions import Questions
from factstore.records import FIELDS, INTEGER_LIMIT, By, Reason, Restored, Withdrawn, canonical
from factstore.repository import Repository
from factstore.timeline import canonical_order
from factstore.view import View

Fields = Mapping[str, Any]


class Committed(NamedTuple):
    """What a write did. `position` is the commit's, None where there was nothing to do or it was a rehearsal."""

    position: int | None
    created: bool
    tally: exchange.Tally
    placed: int
    set_aside: tuple[str, ...] = ()


class Verified(NamedTuple):
    """What `verify` found, up to which head."""

    ok: bool
    position: int
    hash: str
    problems: list[Problem]

    def json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "position": self.position,
            "hash": self.hash,
            "problems": [{"position": p.position or None, "text": p.text} for p in self.problems],
        }


@dataclass(slots=True)
class _Work:
    """A commit being written: the draft, what is there already, and the fold that follows it."""

    draft: Draft
    there: Repository
    fold: projection.Fold
    tally: exchange.Tally


class _Shelf:
    """What a load compares its entries with."""

    def __init__(self, there: Repository) -> None:
        self._there = there
        self._positions: dict[str, int | None] = {}
        self._held: dict[int, Held] = {}
        self._cited: dict[int, list[int]] = {}

    def expect(self, names: Iterable[str]) -> None:
        found = self._there.find_all(names)
        self._positions |= found
        self._fetch(position for position in found.values() if position)

    def _fetch(self, positions: Iterable[int]) -> None:
        wanted = list(positions)
        cited = self._there.cited(wanted)
        self._held |= self._there.held([*wanted, *(one for every in cited.values() for one in every)])
        self._cited |= {position: cited.get(position, []) for position in wanted}

    def find(self, name: str) -> Held | None:
        position = self._positions[name] if name in self._positions else self._there.find(name)
        if position and position not in self._held:
            self._fetch([position])
        return self._held[position] if position else None

    def citations(self, about: int) -> list[tuple[str, Held]]:
        if about not in self._cited:
            self._fetch([about])
        return [(self._there.name_of(position), self._held[position]) for position in self._cited[about]]

    def nearest(self, name: str, kind: str) -> list[str]:
        return self._there.nearest(name, kind)


class Store(View):
    """A ledger in an SQLite file. Made by `factstore.open`; the file is made by the first write."""

    def __init__(self, where: str | os.PathLike[str]) -> None:
        super().__init__(self._asking_at)
        self.path = _path_of(where)
        self.name = str(where)
        self._lock = RLock()
        self._checked: int | None = None
        self._reading_from: tuple[tuple[int, int], Engine] | None = None

    def at(self, *, known: str | int | None = None) -> View:
        """The same questions as of an earlier clock: a position, a moment, or a day (its end, in UTC)."""
        if known is not None:
            with self._asking_at(known):
                pass
        return View(partial(self._asking_at, known))

    @contextmanager
    def _asking_at(self, known: str | int | None = None) -> Iterator[Repository]:
        with self._reading() as connection:
            yield self._repository(connection, known)

    # --- reading ---

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated(), self._reader().connect() as connection:
            # Its number is one that SQLite itself raises with every change of the schema.
            found = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
            if found != self._checked:
                self._check(connection)
                self._checked = found
            yield connection

    def _reader(self) -> Engine:
        """The engine that questions share, for as long as the file is the same."""
        identity = self._identity()
        with self._lock:
            if self._reading_from is None or self._reading_from[0] != identity:
                self.close()
                self._checked = None
                self._reading_from = identity, sqlite.engine(self.path, writable=False)
            return self._reading_from[1]

    def _identity(self) -> tuple[int, int]:
        """Which file the ledger is. Raises NoLedger where there is none."""
        try:
            state = self.path.stat()
        except OSError:
            self.close()
            raise NoLedger(
                f"there is no ledger at {self.name}; `factstore init` or `factstore load` makes one"
            ) from None
        if S_ISDIR(state.st_mode):
            raise NoLedger(f"{self.name} is a folder, not a ledger")
        return state.st_dev, state.st_ino

    def close(self) -> None:
        """Close the connections that questions share; the next question opens one again."""
        with self._lock:
            if self._reading_from is not None:
                self._reading_from[1].dispose()
                self._reading_from = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, path: Path) -> Iterator[Connection]:
        """A connection inside one transaction that writes. It is rolled back unless the caller commits."""
        with self._translated(), sqlite.engine(path, writable=True).connect() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What goes wrong with the database, as one of our own sentences."""
        try:
            yield
        except DBAPIError as error:
            if isinstance(error.orig, sqlite3.Error):
                raise sqlite.in_words(error.orig, self.name) from None
            raise
        except sqlite3.Error as error:
            raise sqlite.in_words(error, self.name) from None

    def _check(self, connection: Connection) -> None:
        """That the file is ours and of this version's schema."""
        found = sqlite.revision(connection, self.name)
        if found is None:
            raise NoLedger(f"{self.name} is an empty file, not a ledger")
        if found != schema.REVISION:
            if found.isdigit() and found < schema.REVISION:
                raise SchemaVersion(
                    f"{self.name} has an older schema ({found}); `factstore upgrade` brings it up to date"
                )
            raise SchemaVersion(
                f"{self.name} has schema {found}, newer than this version of Factstore knows ({schema.REVISION})"
            )

    def _repository(self, connection: Connection, known: str | int | None = None) -> Repository:
        zone = parse_zone(ledger.created(connection).zone)
        head = ledger.head(connection).position
        at = head if known is None else _clock(connection, known)
        return Repository(connection, at, now=at == head, zone=zone)

    # --- writing ---

    @contextmanager
    def _writing(
        self, message: str, by: str | By | None, *, dry_run: bool, allow_conflict: bool, new: bool = False
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        """A commit around the caller's appends: durable when the block ends, without a trace when it raises.

        `new` says that a ledger is made where there is none.
        """
        if new and not self.path.exists():
            with self._new_file() as (path, keep):
                self._initialise(path, "+00:00", by)
                with self._one_commit(path, message, by, dry_run, allow_conflict, created=True) as work:
                    yield work
                keep[0] = not dry_run
        else:
            self._identity()
            with self._one_commit(self.path, message, by, dry_run, allow_conflict, created=False) as work:
                yield work

    @contextmanager
    def _one_commit(
        self, path: Path, message: str, by: str | By | None, dry_run: bool, allow_conflict: bool, *, created: bool
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        canonical(message)
        by = _by(by)
        with self._transaction(path) as connection:
            self._check(connection)
            there = self._repository(connection)
            fold = projection.Fold(connection)
            work = _Work(Draft(connection, fold.record), there, fold, exchange.Tally())
            done: list[Committed] = []
            yield work, done
            if work.draft.empty:
                connection.rollback()
                done.append(Committed(None, created, work.tally, 0))
                return
            position = work.draft.next
            work.draft.close(by, message)
            outcome = fold.finish(position)
            if outcome.set_aside and not allow_conflict:
                raise self._contradiction(connection, outcome.set_aside)
            aside = tuple(there.name_of(held.item) for held in outcome.set_aside)
            if dry_run:
                connection.rollback()
            else:
                connection.commit()
            done.append(Committed(None if dry_run else position, created, work.tally, len(outcome.placed), aside))

    def _contradiction(self, connection: Connection, aside: Sequence[projection.SetAside]) -> Contradiction:
        there = self._repository(connection)
        questions = Questions(there)
        chain = [f"{number}. {questions.step(by)}" for number, by in enumerate(aside[0].chain, start=1)]
        more = f" (and {len(aside) - 1} more)" if len(aside) > 1 else ""
        return Contradiction(
            f"{there.name_of(aside[0].item)} contradicts what is there{more}; these cannot all hold:\n"
            + "\n".join(f"  {line}" for line in chain),
            chain=chain,
        )

    @contextmanager
    def _new_file(self) -> Iterator[tuple[Path, list[bool]]]:
        """A ledger is made beside its place and moved there whole, if the place is still free."""
        draft = self.path.with_name(f".{self.path.name}.new-{os.getpid()}")
        keep = [False]
        try:
            yield draft, keep
            if keep[0]:
                sqlite.make_durable(draft)
                try:
                    os.link(draft, self.path)
                except FileExistsError:
                    raise Refused(f"{self.name} has been made by another program just now; try again") from None
                _sync_folder(self.path.parent)
        except sqlite3.Error as error:
            raise sqlite.in_words(error, self.name) from None
        except OSError as error:
            raise Unavailable(f"{self.name} cannot be made: {error.strerror}") from None
        finally:
            for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
                with suppress(OSError):
                    leftover.unlink()

    def _initialise(self, path: Path, zone: str, by: str | By | None) -> int:
        with self._transaction(path) as connection:
            sqlite.create(connection)
            fold = projection.Fold(connection)
            draft = Draft(connection, fold.record)
            draft.create(zone)
            position = draft.next
            draft.close(_by(by), "a new ledger")
            fold.finish(position)
            connection.commit()
            return position

    def init(self, *, zone: str = "+00:00", by: str | By | None = None) -> Head:
        """Make an empty ledger. `zone` is the fixed offset from UTC in which times without one are read."""
        parse_zone(zone)
        if self.path.exists():
            raise Refused(f"{self.name} is there already")
        with self._new_file() as (path, keep):
            self._initialise(path, zone, by)
            keep[0] = True
        return self.head()

    def load(
        self,
        *documents: str | os.PathLike[str] | Mapping[str, Any] | Document,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        correct: Reason | None = None,
        allow_conflict: bool = False,
    ) -> Committed:
        """Load documents, all of them or none, in one commit: paths, mappings of the same shape, or parsed documents.

        Raises DocumentError with every problem, Changed with every difference from what was last loaded (unless
        `correct` gives a reason), Contradiction with the chain.
        """
        read = [_document(document) for document in documents]
        with self._writing(message, by, dry_run=dry_run, allow_conflict=allow_conflict, new=True) as (work, done):
            loading = exchange.Loading(work.draft, _Shelf(work.there), correct=correct)
            for document in read:
                loading.load(document)
            loading.finish()
            work.tally = loading.tally
        return done[0]

    def add(
        self,
        title: str,
        *,
        source: str,
        when: str | None = None,
        quote: str | None = None,
        id: str | None = None,
        fact: Fields | None = None,
        evidence: Fields | None = None,
        new_source: Fields | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> tuple[str, Committed]:
        """Record one fact by hand and its evidence; `new_source` makes the source too. Returns its id."""
        name = id or self._free_id(slug_of(title))
        if id is not None and self.path.exists():
            with self._asking() as there:
                taken = there.find(id)
                if taken:
                    raise Refused(f"the id {id} is taken by a {there.kind_of(taken)}")
        entry = {"id": name, "title": title, "when": when, **(fact or {})}
        entry["evidence"] = [{"source": source, "quote": quote, **(evidence or {})}]
        document: dict[str, Any] = {"facts": [entry]}
        if new_source:
            document["sources"] = [{"id": source, **new_source}]
        done = self.load(parse(document, "add"), message=message, by=by, dry_run=dry_run, allow_conflict=allow_conflict)
        return name, done

    def _free_id(self, slug: str) -> str:
        if not self.path.exists():
            return slug
        with self._asking() as there:
            name, number = slug, 2
            while there.find(name):
                name, number = f"{slug}-{number}", number + 1
        return name

    def cite(
        self,
        about: str,
        *,
        source: str,
        quote: str | None = None,
        evidence: Fields | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        """Add a citation to a fact or an ordering."""
        entry = {"source": source, "quote": quote, **(evidence or {})}
        read = parse({"facts": [{"id": "x", "title": "x", "evidence": [entry]}]}, "cite")
        with self._writing(message, by, dry_run=dry_run, allow_conflict=allow_conflict) as (work, done):
            loading = exchange.Loading(work.draft, _Shelf(work.there))
            loading.cite(work.there.position(about, "fact", "ordering"), about, read.entries[0].said.evidence)
            loading.finish()
            work.tally = loading.tally
        return done[0]

    def relate(
        self,
        a: str,
        relation: str,
        b: str,
        *,
        source: str | None = None,
        quote: str | None = None,
        phrase: str | None = None,
        gap: Fields | None = None,
        id: str | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        """State an order between two facts."""
        self._identity()
        entry: dict[str, Any] = {"id": id, "fact": a, "relation": relation, "other": b, "phrase": phrase, "gap": gap}
        name = id or ".".join(canonical_order(a, relation, b))
        with self._asking() as there:
            held = there.find(name)
            if held and there.fields(held)["withdrawn"]:
                raise Refused(f"{name} is withdrawn; `factstore restore {name}` brings it back")
        if source:
            entry["evidence"] = [{"source": source, "quote": quote}]
        return self.load(
            parse({"orderings": [entry]}, "relate"),
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
        )

    def correct(
        self,
        name: str,
        changes: Mapping[str, Any],
        *,
        reason: Reason = "extraction-error",
        evidence: Sequence[str] = (),
        expect: int | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        """Give fields of a fact, source, citation, ordering or speaker new values; None takes one away.

        `expect` is the version that the caller saw: Stale is raised where the thing has changed since.
        """
        with self._writing(message, by, dry_run=dry_run, allow_conflict=allow_conflict) as (work, done):
            position = work.there.position(name)
            _expect(work.there, name, position, expect)
            held = work.there.held([position])[position]
            kind, now = held.kind, held.now
            new = self._new_values(work.there, kind, name, now, changes)
            if new:
                cited = [work.there.position(one, "citation") for one in evidence]
                payload = exchange.CORRECTED[kind](changes=new, reason=reason, evidence=cited)
                work.draft.append(payload, subject=position)
                work.tally.corrected.append(name)
            else:
                work.tally.unchanged += 1
        return done[0]

    def _new_values(
        self, there: Repository, kind: str, name: str, now: dict[str, Any], changes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Those of the changes that change something, checked against what the thing would be."""
        fields = FIELDS[kind]
        for field in changes:
            if field not in fields.model_fields:
                raise InputError(f"a {kind} has no field {field!r} (there are {', '.join(fields.model_fields)})")
        given = {field: value for field, value in changes.items() if value not in (None, "", [], {})}
        for field in ("source", "seen_through", "of", "a", "b"):
            if isinstance(given.get(field), str):
                kinds = {"source": "source", "seen_through": "source", "of": "speaker"}
                given[field] = there.position(given[field], kinds.get(field, "fact"))
        for field in ("seen_through", "of"):
            self._refuse_circle(there, name, field, given.get(field))
        merged = {field: value for field, value in now.items() if field not in changes} | given
        try:
            checked = fields.model_validate(merged).plain()
        except ValidationError as error:
            fault = error.errors()[0]
            place = ".".join(str(part) for part in fault["loc"]) or kind
            detail = fault["ctx"]["error"] if fault["type"] == "value_error" else fault["msg"]
            raise InputError(f"{name}: {place}: {detail}") from None
        return {field: checked.get(field) for field in changes if checked.get(field) != now.get(field)}

    def _refuse_circle(self, there: Repository, name: str, field: str, above: int | None) -> None:
        """A source is not seen through itself, nor does a speaker speak for itself, by however many steps."""
        while above is not None:
            if there.name_of(above) == name:
                raise InputError(f"{name}: {field}: that leads in a circle back to {name}")
            above = there.fields(above).get(field)

    def withdraw(self, name: str, *, reason: Reason = "extraction-error", **options: Any) -> Committed:
        """Take a fact, citation, ordering or source out of every answer; its history stays."""
        return self._set_withdrawn(name, Withdrawn(reason=reason), withdrawn=False, **options)

    def restore(self, name: str, *, reason: Reason = "other", **options: Any) -> Committed:
        """Bring back what was withdrawn."""
        return self._set_withdrawn(name, Restored(reason=reason), withdrawn=True, **options)

    def _set_withdrawn(
        self,
        name: str,
        payload: Withdrawn | Restored,
        *,
        withdrawn: bool,
        expect: int | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        with self._writing(message, by, dry_run=dry_run, allow_conflict=allow_conflict) as (work, done):
            position = work.there.position(name)
            _expect(work.there, name, position, expect)
            if work.there.fields(position)["withdrawn"] is not withdrawn:
                raise Refused(f"{name} is {'not withdrawn' if withdrawn else 'withdrawn already'}")
            work.draft.append(payload, subject=position)
            work.tally.corrected.append(name)
        return done[0]

    # --- keeping ---

    def head(self) -> Head:
        """The last record's position and hash."""
        with self._reading() as connection:
            return ledger.head(connection)

    def verify(self, *, ledger_only: bool = False, head: Head | None = None) -> Verified:
        """Reread every byte of the ledger, then compare the projection with a fresh fold.

        `head` is one published before: the ledger must still hold that record, with that hash.
        """
        with self._reading() as connection:
            problems = ledger.verify(connection)
            if head is not None:
                held = connection.execute(
                    text("SELECT hash FROM record WHERE position = :position"), {"position": head.position}
                ).scalar()
                if held != head.hash:
                    words = "is gone" if held is None else "has another hash"
                    problems.append(Problem(head.position, f"the record at the published head {words}"))
            if not ledger_only and not problems:
                problems += self._unlike_fresh(connection)
            last = ledger.head(connection)
        return Verified(not problems, last.position, last.hash, problems)

    def _unlike_fresh(self, connection: Connection) -> list[Problem]:
        with sqlite.scratch().connect() as fresh:
            sqlite.create(fresh)
            projection.replay(fresh, ledger.read(connection))
            return [
                Problem(0, f"the projection is not what the ledger says: {what}, at {key}")
                for what, key in projection.differences(connection, fresh)
            ]

    def rebuild(self) -> Head:
        """Throw the projection away and fold the ledger afresh. Raises Corrupt at the first record it cannot read."""
        self._identity()
        with self._transaction(self.path) as connection:
            self._check(connection)
            projection.rebuild(connection)
            connection.commit()
        return self.head()

    def upgrade(self) -> tuple[str, str]:
        """Bring an older file's schema up to date. Returns the schema before and after."""
        from factstore import upgrade

        with self._translated(), self._reader().connect() as connection:
            before = sqlite.revision(connection, self.name)
            if before is None or not before.isdigit() or before > schema.REVISION:
                self._check(connection)
        if before != schema.REVISION:
            upgrade.run(self.path)
        assert before is not None
        return before, schema.REVISION


def open(where: str | os.PathLike[str] = "facts.db") -> Store:
    """The ledger at a path or an `sqlite:///` URL. Nothing is made or read before the first question or write."""
    return Store(where)


# --- small helpers ------------------------------------------------------------------------------------------


def _path_of(where: str | os.PathLike[str]) -> Path:
    name = os.fspath(where)
    if "://" in name:
        scheme, _, rest = name.partition("://")
        if scheme not in ("sqlite", "sqlite+pysqlite"):
            raise InputError(f"{name}: ledgers are SQLite files for now; {scheme} is not supported")
        name = rest[1:] if rest.startswith("/") else rest
    if not name or name == ":memory:":
        raise InputError("a ledger is a file; name one")
    return Path(name)


def _document(document: str | os.PathLike[str] | Mapping[str, Any] | Document) -> Document:
    if isinstance(document, Document):
        return document
    return documents.read(document, "document") if isinstance(document, Mapping) else read_document(document)


def read_document(path: str | os.PathLike[str], kind: str | None = None) -> Document:
    """A file's document. `kind` is yaml, json, jsonl or csv; left out, the name's ending tells."""
    name = os.fspath(path)
    try:
        with Path(name).open("rb") as file:
            content = file.read(documents.LARGEST + 1)
        if len(content) > documents.LARGEST:
            raise documents.too_large(name)
        return documents.read(content.decode(), name, kind or kind_of(name))
    except UnicodeDecodeError:
        raise InputError(f"{name}: it is not UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or 'it cannot be read').lower()}") from None


def _by(by: str | By | None) -> By:
    if isinstance(by, By):
        return by
    if by is None:
        try:
            by = os.environ.get("FACTSTORE_BY") or getuser()
        except (KeyError, OSError):
            by = "somebody"
    try:
        canonical(by)
        return By(name=by)
    except ValidationError:
        raise InputError(f"{by!r} is no name for whoever commits") from None


def _expect(there: Repository, name: str, position: int, expect: int | None) -> None:
    if expect is None:
        return
    version = there.version(position)
    if version != expect:
        since = [entry for entry in there.history(name) if entry.position > expect]
        said = "; ".join(
            f"{entry.position}: {entry.kind} by {entry.recorded_by}"
            + (f" ({', '.join(entry.changes)})" if entry.changes else "")
            for entry in since
        )
        raise Stale(f"{name} is at version {version}, not {expect}; since then {said or 'nothing about it'}")


def _clock(connection: Connection, known: str | int) -> int:
    """The last commit as of a position, a moment, or a day (its end in UTC)."""
    word = str(known)
    at: int | str
    if word.isascii() and word.isdigit():
        column, at = "position", min(int(word), INTEGER_LIMIT)
    else:
        column, at = "recorded_at", _moment(word)
    position = connection.execute(
        text(f"SELECT max(position) FROM committed WHERE {column} <= :at"), {"at": at}
    ).scalar()
    return int(position or 0)


def _moment(word: str) -> str:
    """The last moment that counts, as the ledger writes moments."""
    try:
        if len(word) == 10:
            moment = datetime.combine(date.fromisoformat(word), datetime.max.time())
        else:
            moment = datetime.fromisoformat(word)
            if moment.tzinfo is not None:
                moment = moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
    except (ValueError, OverflowError):
        raise InputError(
            f"known at {word!r}: a position, a day as 2018-04-02, or a moment as 2018-04-02T15:00:00Z"
        ) from None
    return moment.isoformat(timespec="microseconds") + "Z"


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
