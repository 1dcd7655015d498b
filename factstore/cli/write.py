"""Commands that append: init, load, add, correct, withdraw, restore, cite, relate; and dump, which gives it all back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factstore.cli.dates import Seen, dated, day_of_source, edtf_typed, with_dates_read, with_words
from factstore.cli.group import cli, named, narrowed, open_store, view
from factstore.cli.options import (
    Clock,
    Name,
    Whole,
    allowing_missing,
    as_writing,
    cited,
    readable_zone,
    span,
    stdin_lines,
    stdin_text,
    taken,
    with_by,
    with_citation,
    with_clock,
    with_dates,
    with_db,
    with_expect,
    with_filters,
    with_hash_only,
    with_quote,
    with_reason,
    with_redacted,
    with_span,
    with_status,
    with_unsupported,
)
from factstore.cli.telling import say, tell_beside, tell_caution, tell_resting, to_the_letter
from factstore.cli.terminal import progress
from factstore.errors import DocumentError, InputError, Unavailable

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.writing.batches import Skip

# In what follows `writing` is what `as_writing` takes, message, by, dry_run, allow_conflict, and allow_redacted.


@cli.command()
@with_db
@click.option(
    "--zone", callback=readable_zone, default="+00:00", show_default=True, help="The offset of times without one."
)
@with_by
def init(zone: str, by: str | None) -> None:
    """Make an empty ledger.

    Example: factstore init --zone +03:00
    """
    store = open_store()
    head = store.init(zone=zone, by=by)
    tell_beside(f"made {store.name}, head {head.position}:{head.hash}")
    tell_caution(store.file)


@cli.command()
@as_writing
@with_redacted
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "kind",
    type=click.Choice(("yaml", "json", "jsonl", "csv")),
    metavar="FORMAT",
    help="yaml, json, jsonl or csv; else the name's ending tells.",
)
@click.option("--correct", is_flag=True, help="Turn differences from what was last loaded into corrections.")
@click.option("--prune", is_flag=True, help="Withdraw what has disappeared from the documents of its sources.")
@with_unsupported
@with_reason
@click.option(
    "--text", "texts", multiple=True, metavar="ID=FILE", help="A source's text, to be archived; may be repeated."
)
@with_hash_only
@allowing_missing
@click.option("--batch", type=Whole(1, 10**9), metavar="N", help="Commit JSON Lines N lines at a time.")
@click.option("--skip-bad", metavar="FILE", help="With --batch: write lines that are refused to a new file, and go on.")
def load(
    files: Sequence[str],
    kind: str | None,
    correct: bool,
    prune: bool,
    reason: Any,
    texts: Sequence[str],
    batch: int | None,
    skip_bad: str | None,
    **writing: Any,
) -> None:
    """Load documents, all of them or none. For - it reads stdin.

    With --batch, what has been committed stays, whatever becomes of the rest; the same command goes on where one that was cut
    short left off.

    Example: factstore load seeds/moscow-times-2018-04-02.yaml -m "first reading"
    """
    store = open_store()
    writing |= {"correct": reason if correct else None}
    if batch is None:
        if skip_bad is not None:
            raise click.UsageError("--skip-bad goes with --batch")
        given = dict(map(_text_of, texts))
        documents = [_parts(file, kind) for file in files]
        size = sum(Path(file).stat().st_size for file in files if Path(file).is_file())
        with progress("loading", "bytes", size) as told:
            done = store.load(*documents, texts=given, prune=reason if prune else None, progress=told, **writing)
        say(done, **writing)
        return
    for option, used in (("--prune", prune), ("--text", texts), ("--dry-run", writing["dry_run"])):
        if used:
            raise click.UsageError(f"--batch does not go with {option}")
    with _refused(skip_bad) as skip:
        for file in files:
            for done in store.load_in_batches(_lines(file, kind, batch), batch, skip=skip, **writing):
                say(done, **writing)


def _parts(file: str, kind: str | None) -> Any:
    """A file's document, or that of stdin, in parts."""
    from factstore.documents.reading import line_parts, read, read_parts

    if file != "-":
        return read_parts(file, kind)
    if kind == "jsonl":
        return line_parts(stdin_lines(), "stdin")
    content = stdin_text()
    return [read(content, "stdin", kind or _sniffed(content))]


def _lines(file: str, kind: str | None, most: int) -> Any:
    """JSON Lines in a file or on stdin, so many at a time."""
    from factstore.documents.reading import kind_of, line_parts, read_parts

    if (kind or ("jsonl" if file == "-" else kind_of(file))) != "jsonl":
        raise click.UsageError(f"{file}: --batch is for JSON Lines")
    return line_parts(stdin_lines(), "stdin", most) if file == "-" else read_parts(file, "jsonl", lines=most)


@contextmanager
def _refused(path: str | None) -> Iterator[Skip | None]:
    """Where lines go that are refused: to a new file, each told on stderr; nowhere, where none is named."""
    if path is None:
        yield None
        return
    with Path(path).open("xb") as file:
        count = 0

        def skip(where: str, line: bytes, reasons: list[str]) -> None:
            nonlocal count
            count += 1
            file.write(line if line.endswith(b"\n") else line + b"\n")
            file.flush()
            for reason in reasons:
                click.echo(DocumentError([f"{where}: {reason}"]), err=True)

        yield skip
        tell_beside(f"{count} line{'' if count == 1 else 's'} refused; see {path}")


def _text_of(given: str) -> tuple[str, str]:
    """A source's id, and the text in a file."""
    from factstore.documents.reading import read_text

    name, equals, file = given.partition("=")
    if not (equals and name and file):
        raise InputError(f"--text {given!r}: it takes ID=FILE")
    return name, read_text(file)


def _sniffed(content: str) -> str:
    """The format of a text without a name: JSON or JSON Lines where it, or its first line, is a JSON object."""
    for sample in (content, content.lstrip().partition("\n")[0]):
        try:
            value = json.loads(sample)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            lines = sample is not content or value.keys() <= {"source", "speaker", "fact", "ordering"}
            return "jsonl" if value and lines else "json"
    return "yaml"


@cli.command()
@as_writing
@with_redacted
@with_citation
@click.argument("title")
@click.option("--when", metavar="DATE", help="When it happened, as far as is known.")
@click.option("--source", type=Name("source"), required=True, metavar="ID", help="The source that says so.")
@click.option("--id", "name", metavar="ID", help="Else made of the title.")
@click.option(
    "--phrase", metavar="TEXT", help="The source's own words for the time; else those of --when, if it has words."
)
@with_words
@with_span("lasts", "from its start to its end")
@click.option("--place", metavar="TEXT", help="Where.")
@click.option("--tag", "tags", multiple=True, metavar="TEXT", help="May be repeated.")
@click.option("--source-title", metavar="TEXT", help="With any of these four, a new source is recorded too.")
@click.option("--publisher", metavar="TEXT", help="Of the new source.")
@click.option("--url", metavar="URL", help="Of the new source.")
@click.option("--published", metavar="DATE", help="Of the new source.")
def add(title: str, when: str | None, source: str, name: str | None, seen: Seen, **writing: Any) -> None:
    """Record one fact by hand. Its id goes to stdout.

    A date is EDTF, or in words; those that are relative are seen from the day on which the source was published, unless
    --anchor names another.

    Example: factstore add "Bells rang" --when 2018-04-01 --source interfax-report
    """
    fact, tags, lasts = taken(writing, "phrase", "place"), writing.pop("tags"), span(writing, "lasts")
    new_source = taken(writing, "publisher", "url", "published") | {"title": writing.pop("source_title")}
    from factstore.documents.formats import several

    evidence, store = cited(writing), open_store()
    edtf_typed(new_source, seen, "published")
    anchor = partial(day_of_source, store, source, new_source["published"])
    edtf_typed(evidence, seen, "said", otherwise=anchor)
    fact |= dated(when, seen, anchor) | {name: words for name, words in fact.items() if words}
    made, done = store.add(
        title,
        source=source,
        id=name,
        quote=evidence.pop("quote"),
        lasts=lasts,
        tags=several(tags, "tags", "--tag"),
        evidence=evidence,
        new_source=new_source if any(new_source.values()) else None,
        **fact,
        **writing,
    )
    click.echo(made)
    say(done, **writing)


@cli.command()
@with_db
@with_clock
@click.option(
    "--format",
    "kind",
    type=click.Choice(("yaml", "json", "jsonl", "csv")),
    metavar="FORMAT",
    help="yaml, json, jsonl, or csv, which carries less; else the name's ending tells, and yaml goes to stdout.",
)
@with_filters
@with_dates
@with_status
@click.option("--texts", is_flag=True, help="With archived texts, not only their hashes, so that it can move whole.")
@click.option("-o", "--output", default="-", show_default=True, metavar="FILE", help="- is stdout.")
def dump(
    clock: Clock, kind: str | None, output: str, texts: bool, status: Sequence[str], seen: Seen, **filters: str | None
) -> None:
    """The documents back. Loading a dump changes nothing.

    Narrowed, it holds the facts that fit, whatever their status unless --status says, the orderings between them, and the
    sources and speakers that these name.

    As CSV the facts, and with -o tables of the rest beside them: FILE-sources.csv and so on. What was written is told, and
    what these facts do not carry.

    Example: factstore dump -o chronology.jsonl
    """
    from factstore.documents.reading import kind_of
    from factstore.inert import shown

    chronology = view(clock)
    path = None if output == "-" else Path(output).resolve()
    kind = kind or kind_of(output)
    only = _fitting(chronology, status, filters, seen)
    if kind == "csv":
        with progress("writing", "entries") as told:
            facts, beside, left_out = chronology.sheets(only=only, progress=told)
        alone = path is None or (path.exists() and not path.is_file())
        more = {} if alone or path is None else {path.with_stem(f"{path.stem}-{name}"): beside[name] for name in beside}
        if alone:
            left_out = [f"{', '.join(beside)} (-o FILE.csv writes them beside it)", *left_out]
        if path is None:
            click.echo(to_the_letter(facts), nl=False)
        else:
            _write({path: facts} | more)
            tell_beside(f"wrote {', '.join(one.name for one in (path, *more))} as CSV")
        if left_out:
            click.echo(f"not carried: {'; '.join(left_out)}. A dump as JSON carries everything.", err=True)
        return
    with progress("writing", "entries") as told:
        text = chronology.dump(kind, texts=texts, only=only, progress=told)
    text = text if kind == "yaml" else shown(text)
    if path is None:
        click.echo(to_the_letter(text), nl=False)
    else:
        _write({path: text})
        tell_beside(f"wrote {path.name} as {_FORMATS[kind]}")


def _fitting(
    chronology: Chronology, status: Sequence[str], filters: dict[str, str | None], seen: Seen
) -> set[str] | None:
    """The ids of the facts that a dump is narrowed to; None where it is not. That there are others is told."""
    if not (status or any(filters.values())):
        return None
    wanted = narrowed(chronology, dict(filters), seen) | {"status": () if "all" in status else status}
    found = {fact.id for fact in chronology.facts(**wanted)}
    others = len(chronology.facts()) - len(found)
    tell_beside(f"{len(found)} fact{'' if len(found) == 1 else 's'} of {len(found) + others}")
    return found


_FORMATS = {"yaml": "YAML", "json": "JSON", "jsonl": "JSON Lines", "csv": "CSV"}


def _write(texts: dict[Path, str]) -> None:
    """Write files whole or not at all, all or none; a device or a pipe, as it comes."""
    drafts = {}
    try:
        for path, text in texts.items():
            where = path
            if not path.exists() or path.is_file():
                where = drafts[path] = path.with_name(f".{path.name}.new-{os.getpid()}")
            where.write_text(text, encoding="utf-8", newline="\n")
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        raise Unavailable(f"{path.name}: {(error.strerror or 'it cannot be written').lower()}") from None
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink()


# --- corrections ----------------------------------------------------------------------------------------------


@cli.command()
@as_writing
@with_redacted
@with_reason
@with_expect
@click.argument("name", type=Name(), metavar="ID")
@click.option(
    "--set",
    "sets",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="Nothing after = takes it away. For several repeat it, or give a list in JSON.",
)
@click.option(
    "--evidence",
    type=Name("citation"),
    multiple=True,
    metavar="CITATION",
    help="A citation that bears it out; may be repeated.",
)
@with_words
@allowing_missing
def correct(
    name: str, sets: Sequence[str], evidence: Sequence[str], reason: Any, expect: int | None, seen: Seen, **writing: Any
) -> None:
    """Give fields new values. The old ones stay in the history.

    A date is EDTF, or in words, which become the phrase; those that are relative are seen from the anchor that the fact has,
    else from the day on which its source was published, unless --anchor names another.

    Example: factstore correct trump-putin-call --set place=Washington -m "it was overlooked"
    """
    changes = _assigned(sets)
    store = open_store()
    name, cited = named(store, name), [named(store, one, "citation") for one in evidence]
    changes = with_dates_read(store, name, changes, seen)
    done = store.correct(name, changes, reason=reason, evidence=cited, expect=expect, **writing)
    say(done, **writing)


def _assigned(sets: Sequence[str]) -> dict[str, Any]:
    """Fields and their new values, None for nothing: a list's one by one or in JSON, a mapping in JSON, else text."""
    from factstore.documents.formats import LISTS, MAPPINGS, mapping, several

    given: dict[str, list[str]] = {}
    for one in sets:
        field, equals, value = one.partition("=")
        if not equals:
            raise InputError(f"--set {one!r}: it takes FIELD=VALUE")
        given.setdefault(field, []).append(value)
    changes: dict[str, Any] = {}
    for field, values in given.items():
        if field in LISTS:
            changes[field] = several(values, field, f"--set {field}") or None
        elif len(values) > 1:
            raise InputError(f"--set {field}: it is given {len(values)} times, and holds one value")
        else:
            read = field in MAPPINGS and values[0]
            changes[field] = mapping(values[0], field, f"--set {field}") if read else values[0] or None
    return changes


@cli.command()
@as_writing
@with_unsupported
@with_reason
@with_expect
@click.argument("name", type=Name(), metavar="ID")
def withdraw(name: str, reason: Any, expect: int | None, **writing: Any) -> None:
    """Take a thing out of every answer. Its history stays.

    Refused, with a list, where facts would then stand on nothing.

    Example: factstore withdraw trump-defends-call -m "it is about another call"
    """
    store = open_store()
    name = named(store, name)
    resting = store.resting_on(name)
    done = store.withdraw(name, reason=reason, expect=expect, **writing)
    tell_resting(resting)
    say(done, **writing)


@cli.command()
@as_writing
@with_reason
@with_expect
@click.argument("name", type=Name(), metavar="ID")
def restore(name: str, reason: Any, expect: int | None, **writing: Any) -> None:
    """Bring back what was withdrawn.

    Example: factstore restore trump-defends-call
    """
    store = open_store()
    say(store.restore(named(store, name), reason=reason, expect=expect, **writing), **writing)


@cli.command()
@as_writing
@with_redacted
@with_citation
@click.argument("about", type=Name("fact", "ordering"), metavar="FACT")
@click.option("--source", type=Name("source"), required=True, metavar="ID", help="The source that says so.")
@click.option("--when", metavar="DATE", help="The date that this source gives; the fact keeps its own.")
@click.option(
    "--phrase", metavar="TEXT", help="This source's own words for the time; else those of --when, if it has words."
)
@with_words
def cite(about: str, source: str, seen: Seen, **writing: Any) -> None:
    """Add evidence to a fact or an ordering.

    Example: factstore cite trump-putin-call --source interfax-report --quote "the call"
    """
    evidence, store = cited(writing), open_store()
    when, phrase = writing.pop("when"), writing.pop("phrase")
    anchor = partial(day_of_source, store, source)
    edtf_typed(evidence, seen, "said", otherwise=anchor)
    read = dated(when, seen, anchor)
    evidence |= {"when": read.get("when"), "phrase": phrase or read.get("phrase")}
    about = named(store, about, "fact", "ordering")
    done = store.cite(about, source=source, quote=evidence.pop("quote"), evidence=evidence, **writing)
    say(done, **writing)


@cli.command()
@as_writing
@with_redacted
@click.argument("a", type=Name("fact"), metavar="A")
@click.argument("relation")
@click.argument("b", type=Name("fact"), metavar="B")
@click.option("--source", type=Name("source"), metavar="ID", help="The source that says so.")
@with_quote
@click.option("--phrase", metavar="TEXT", help='The words for the order, such as "retaliated".')
@with_span("gap", "between them; before and after only")
@with_span("lasts", "from the start of A to its end")
def relate(a: str, relation: str, b: str, **options: Any) -> None:
    """State an order between two facts. RELATION is before, after, during, starts-before and so on.

    Example: factstore relate trump-defends-call after trump-criticised-for-call
    """
    writing = taken(options, "message", "by", "dry_run", "allow_conflict", "allow_missing", "allow_redacted")
    evidence = taken(options, "prefix", "suffix")
    gap, lasts = (span(options, name) for name in ("gap", "lasts"))
    store = open_store()
    a, b = (named(store, name, "fact") for name in (a, b))
    say(store.relate(a, relation, b, gap=gap, lasts=lasts, evidence=evidence, **options, **writing), **writing)
