"""Commands that append: init, load, add, correct, withdraw, restore, cite, relate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import Seen, dated, day_of_source, edtf_typed, said_typed, with_dates_read, with_words
from factstore.cli.files import Input, NewOutput, open_new
from factstore.cli.given import Option
from factstore.cli.group import cli, named, open_store
from factstore.cli.options import (
    Filled,
    Name,
    NewId,
    RenamedOption,
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
    with_correct,
    with_db,
    with_expect,
    with_hash_only,
    with_quote,
    with_reason,
    with_redacted,
    with_span,
    with_unsupported,
)
from factstore.cli.output import say, tell_beside, tell_caution, tell_resting
from factstore.cli.sources import new_fields, source_named, tell_names_near, with_source
from factstore.cli.terminal import progress
from factstore.errors import DocumentError, InputError
from factstore.plain import JsonObject
from factstore.reasoning.relations import RELATIONS

if TYPE_CHECKING:
    from factstore.documents import DocumentKind
    from factstore.documents.entries import Document
    from factstore.ledger.fields import Reason
    from factstore.writing.batches import Skip

# Below, `writing` holds the arguments of `as_writing`: message, by, request, dry_run, allow_conflict and allow_redacted.


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
@click.argument("files", type=Input(), nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "kind",
    type=click.Choice(("yaml", "json", "jsonl", "csv")),
    metavar="FORMAT",
    help="yaml, json, jsonl or csv; else by the file's ending.",
)
@with_correct
@click.option("--prune", is_flag=True, help="Withdraw what the documents of a source no longer contain.")
@with_unsupported
@click.option(
    "--archive",
    "texts",
    cls=RenamedOption,
    former=["--text"],
    multiple=True,
    metavar="ID=FILE",
    help="A source's text, to be archived; may be repeated.",
)
@with_hash_only
@allowing_missing
@click.option("--batch", type=Whole(1, 10**9), metavar="N", help="Commit JSON Lines N lines at a time.")
@click.option(
    "--skip-bad",
    type=NewOutput(),
    metavar="FILE",
    help="With --batch: write refused lines to a new file, and continue.",
)
def load(
    files: Sequence[str],
    kind: DocumentKind | None,
    correct: Reason | None,
    prune: bool,
    reason: Reason,
    texts: Sequence[str],
    batch: int | None,
    skip_bad: str | None,
    **writing: Option,
) -> None:
    """Load documents: all of them, or nothing if one is wrong.

    With - it reads stdin.

    With --batch, committed lines stay, whatever happens to the rest; repeating the command continues where it was
    interrupted.

    Example: factstore load seeds/moscow-times-2018-04-02.yaml -m "first reading"
    """
    store = open_store()
    writing |= {"correct": correct}
    if batch is None:
        if skip_bad is not None:
            raise click.UsageError("--skip-bad needs --batch")
        given = dict(map(_text_of, texts))
        documents = [_parts(file, kind) for file in files]
        size = sum(Path(file).stat().st_size for file in files if Path(file).is_file())
        with progress("loading", "bytes", size) as told:
            done = store.load(*documents, texts=given, prune=reason if prune else None, progress=told, **writing)
        say(done, **writing)
        return
    for option, used in (
        ("--prune", prune),
        ("--archive", texts),
        ("--dry-run", writing["dry_run"]),
        ("--request", writing["request"].id),
    ):
        if used:
            raise click.UsageError(f"--batch cannot be used with {option}")
    with _refused(skip_bad) as skip:
        for file in files:
            for done in store.load_in_batches(_lines(file, kind, batch), batch, skip=skip, **writing):
                say(done, **writing)


def _parts(file: str, kind: DocumentKind | None) -> Iterable[Document]:
    """The documents of a file, or of stdin, in parts."""
    from factstore.documents.reading import line_parts, read, read_parts

    if file != "-":
        return read_parts(file, kind)
    if kind == "jsonl":
        return line_parts(stdin_lines(), "stdin")
    content = stdin_text()
    return [read(content, "stdin", kind or _sniffed(content))]


def _lines(file: str, kind: DocumentKind | None, most: int) -> Iterable[Document]:
    """JSON Lines in a file or on stdin, `most` at a time."""
    from factstore.documents.reading import kind_of, line_parts, read_parts

    if (kind or ("jsonl" if file == "-" else kind_of(file))) != "jsonl":
        raise click.UsageError(f"{file}: --batch needs JSON Lines")
    return line_parts(stdin_lines(), "stdin", most) if file == "-" else read_parts(file, "jsonl", lines=most)


@contextmanager
def _refused(path: str | None) -> Iterator[Skip | None]:
    """A function that writes refused lines to a new file, and shows why on stderr; None if no file is named."""
    if path is None:
        yield None
        return
    with open_new(Path(path)) as file:
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
    """The two parts of ID=FILE: a source's id, and the text in the file."""
    from factstore.documents.reading import read_text

    name, equals, file = given.partition("=")
    if not (equals and name and file):
        raise InputError(f"--archive {given!r}: it must be ID=FILE")
    return name, read_text(file)


def _sniffed(content: str) -> DocumentKind:
    """The format of a text without a name: JSON or JSON Lines if it, or its first line, is a JSON object."""
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
@click.argument("title", type=Filled())
@click.option("--when", metavar="DATE", help="When it happened, as far as is known.")
@with_source
@click.option("--id", "name", type=NewId(), metavar="ID", help="Its id; else made of the title.")
@click.option(
    "--phrase", metavar="TEXT", help="The source's own words for the time; else those of --when, if it has words."
)
@with_words
@with_span("lasts", "from its start to its end")
@click.option("--place", metavar="TEXT", help="Where it happened.")
@click.option(
    "--participant",
    "participants",
    type=Name("participant"),
    multiple=True,
    metavar="NAME",
    help='Who took part; may be repeated. With a role: {"name": "Ann", "role": "caller"}.',
)
@click.option("--tag", "tags", type=Name("tag"), multiple=True, metavar="TEXT", help="A tag; may be repeated.")
def add(title: str, when: str | None, source: str | None, name: str | None, seen: Seen, **writing: Option) -> None:
    """Record one fact by hand. Its id goes to stdout.

    A source that is not in the ledger yet is recorded with it: give its publisher, or a --source that is not an id.

    A date is EDTF, or in words; relative ones are read from the day on which the source was published, unless --anchor
    names another.

    Example: factstore add "Bells rang" --when 2018-04-01 --source interfax-report
    """
    fact, lists, lasts = (
        taken(writing, "phrase", "place"),
        taken(writing, "participants", "tags"),
        span(writing, "lasts"),
    )
    said = new_fields(writing)
    from factstore.documents.formats import several

    evidence, store = cited(writing), open_store()
    edtf_typed(said, seen, "published")
    source, new_source = source_named(store, source, said)
    anchor = partial(day_of_source, store, source, said["published"])
    tell_names_near(store, [*evidence["attribution"], (new_source or {}).get("publisher")])
    said_typed(evidence, seen, published=anchor)
    fact |= dated(when, seen, anchor) | {name: words for name, words in fact.items() if words}
    made, done = store.add(
        title,
        source=source,
        id=name,
        quote=evidence.pop("quote"),
        lasts=lasts,
        evidence=evidence,
        new_source=new_source,
        **fact,
        participants=several(lists["participants"], "participants", "--participant"),
        tags=several(lists["tags"], "tags", "--tag"),
        **writing,
    )
    click.echo(made)
    say(done, **writing)


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
    help="Nothing after = removes it. For several values repeat it, or give a JSON list.",
)
@click.option(
    "--citation",
    "--evidence",
    "evidence",
    type=Name("citation"),
    multiple=True,
    metavar="CITATION",
    help="A citation that supports it; may be repeated.",
)
@with_words
@allowing_missing
def correct(
    name: str,
    sets: Sequence[str],
    evidence: Sequence[str],
    reason: Reason,
    expect: int | None,
    seen: Seen,
    **writing: Option,
) -> None:
    """Correct a thing: give its fields new values.

    The old ones stay in the history.

    A date is EDTF, or in words, which become the phrase; relative ones are read from the anchor that the fact has,
    else from the day on which its source was published, unless --anchor names another.

    Example: factstore correct trump-putin-call --set place=Washington -m "it was overlooked"
    """
    changes = _assigned(sets)
    store = open_store()
    name, cited = named(store, name), [named(store, one, "citation") for one in evidence]
    changes = with_dates_read(store, name, changes, seen)
    done = store.correct(name, changes, reason=reason, evidence=cited, expect=expect, **writing)
    say(done, **writing)


def _assigned(sets: Sequence[str]) -> JsonObject:
    """Fields and their new values, None to remove: a list value by value or as JSON, a mapping as JSON, others as text."""
    from factstore.documents.formats import LISTS, MAPPINGS, mapping, several

    given: dict[str, list[str]] = {}
    for one in sets:
        field, equals, value = one.partition("=")
        if not equals:
            raise InputError(f"--set {one!r}: it must be FIELD=VALUE")
        given.setdefault(field, []).append(value)
    changes: JsonObject = {}
    for field, values in given.items():
        if field in LISTS:
            changes[field] = several(values, field, f"--set {field}") or None
        elif len(values) > 1:
            raise InputError(f"--set {field}: it is given {len(values)} times, but takes one value")
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
def withdraw(name: str, reason: Reason, expect: int | None, **writing: Option) -> None:
    """Take a thing out of all answers. Its history stays.

    Refused, with a list, if facts would be left without evidence.

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
def restore(name: str, reason: Reason, expect: int | None, **writing: Option) -> None:
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
@with_source
@click.option("--when", metavar="DATE", help="The date that this source gives; the fact's own is kept.")
@click.option(
    "--phrase", metavar="TEXT", help="This source's own words for the time; else those of --when, if it has words."
)
@with_words
def cite(about: str, source: str | None, seen: Seen, **writing: Option) -> None:
    """Add evidence to a fact or an ordering.

    Example: factstore cite trump-putin-call --source interfax-report --quote "the call"
    """
    evidence, store, said = cited(writing), open_store(), new_fields(writing)
    when, phrase = writing.pop("when"), writing.pop("phrase")
    edtf_typed(said, seen, "published")
    source, new_source = source_named(store, source, said)
    anchor = partial(day_of_source, store, source, said["published"])
    tell_names_near(store, [*evidence["attribution"], (new_source or {}).get("publisher")])
    said_typed(evidence, seen, published=anchor)
    read = dated(when, seen, anchor)
    evidence |= {"when": read.get("when"), "phrase": phrase or read.get("phrase")}
    about = named(store, about, "fact", "ordering")
    done = store.cite(
        about, source=source, quote=evidence.pop("quote"), evidence=evidence, new_source=new_source, **writing
    )
    say(done, **writing)


@cli.command()
@as_writing
@with_redacted
@click.argument("a", type=Name("fact"), metavar="A")
@click.argument("relation", type=click.Choice(RELATIONS), metavar="RELATION")
@click.argument("b", type=Name("fact"), metavar="B")
@click.option("--source", type=Name("source"), metavar="ID", help="The source that says so.")
@with_quote
@click.option("--phrase", metavar="TEXT", help='The words for the order, such as "retaliated".')
@with_span("gap", "between them; before and after only")
@with_span("lasts", "from the start of A to its end")
def relate(a: str, relation: str, b: str, **options: Option) -> None:
    """State how two facts are ordered in time.

    RELATION is before, after, during, starts-before and so on.

    Example: factstore relate trump-defends-call after trump-criticised-for-call
    """
    writing = taken(options, "message", "by", "dry_run", "allow_conflict", "allow_missing", "allow_redacted")
    evidence = taken(options, "prefix", "suffix")
    gap, lasts = (span(options, name) for name in ("gap", "lasts"))
    store = open_store()
    a, b = (named(store, name, "fact") for name in (a, b))
    options["source"] = options["source"] and named(store, options["source"], "source")
    say(store.relate(a, relation, b, gap=gap, lasts=lasts, evidence=evidence, **options, **writing), **writing)
