"""Writes the reference of commands: what each is for, its options, and what its example prints on the seed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from factstore.cli import cli
from factstore.cli.group import SECTIONS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"

#: Options that many commands take, described once.
SHARED = {
    "forms": ("json", "jsonl", "csv", "markdown", "html", "limit", "offset"),
    "clocks": ("known-at", "published-by", "held-by"),
    "filters": ("text", "participant", "place", "tag", "source"),
    "words": ("anchor", "dates"),
    "writing": ("message", "by", "request", "dry-run"),
}
#: What is shown instead of the help's own example, if that would print pages, or needs something first.
SHOWN = {
    "init": ["init --db moscow.db --zone +03:00"],
    "import": ["import harbour.csv --db harbour.db"],
    "timeline": ["timeline --limit 3", "timeline --limit 1 --markdown"],
    "said-by": ["said-by Kremlin --limit 2"],
    "log": ["log --limit 3"],
    "before": ["before russia-expels-60-us-diplomats --certain --limit 2 --why"],
    "after": ["after 2018-03-20 --certain --limit 3"],
    "overlapping": ["overlapping trump-putin-call --limit 3"],
    "redact": ["redact 177 -m 'a court ordered it' --dry-run"],
    "sources": ["sources --jsonl --limit 1"],
    "diff": ["diff 176 --limit 3"],
    "revert": ["revert 178 --dry-run"],
    "browse": [],
}
BEFORE = {
    "import": "printf 'Date,What happened,Source\\nc. 2017,Wiring was found unsafe,Gazette; court file\\n' > harbour.csv",
    "source-add": "printf 'An aide told Interfax of the call.\\n' > article.txt",
}

_TOP = """# The command line

*Made by `make docs` from the commands themselves; the output shown is what they print on the seed.*

Answers go to stdout, words about them to stderr; `-` is stdin. Exit code 0: done; 1: refused, or not verified; 2:
misuse; 130: Ctrl-C, and only what was committed is kept (`browse` and `log --follow`, which Ctrl-C ends, give 0). The ledger
is `--db`, else `$FACTSTORE_DB`, else `facts.db`.
`factstore` alone shows where to start, and `factstore COMMAND --help` what a command takes.

## On a terminal

Lines fit its width, and colours tell certain from possible, and mark what is disputed, denied, withdrawn or contradicts. In a
pipe or a file lines are plain and of any length. `$COLUMNS` sets a width for either; `$NO_COLOR` and `$FORCE_COLOR` switch
colour off and on. Work that takes more than a second shows its progress. No control character that a source wrote reaches
the terminal.

## Completion

Commands, options and ids are completed, ids from the ledger, once a shell's start-up file has a line:

```sh
eval "$(_FACTSTORE_COMPLETE=bash_source factstore)"       # ~/.bashrc
eval "$(_FACTSTORE_COMPLETE=zsh_source factstore)"        # ~/.zshrc
_FACTSTORE_COMPLETE=fish_source factstore | source        # ~/.config/fish/config.fish
```

## Options that many commands take
"""

_NAMING = """A fact, source, speaker, citation or ordering is named by its id, or by the beginning of its id. A fact is
also named by words of its title, or else of any of its texts. If only one thing can be meant, it is used,
and named on stderr; if there are several, the first few are listed, and nothing is done. If a date is
possible, a text that can be read as a date is read as one.

```console
$ factstore show "telephoned Putin" --json | head -3
$ factstore before trump-
```
"""

_OF = {
    "forms": "Forms of a listing",
    "clocks": "Clocks of a question",
    "filters": "Filters of facts",
    "words": "Dates in words",
    "writing": "Commands that write",
}


def commands() -> dict[str, click.Command]:
    """All commands by name, those of a group as GROUP-COMMAND."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name}-{word}": one for word, one in inner.items()} or {name: command}
    return found


def page() -> str:
    """The page, with its sessions without output."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    every = commands()
    yield _TOP
    whole = [option for command in every.values() for option in command.params]
    for group, names in SHARED.items():
        yield f"{_OF[group]}:\n"
        for name in names:
            yield next(_told(option) for option in whole if _name(option) == name and isinstance(option, click.Option))
        yield ""
    for title, members in SECTIONS.items():
        yield f"## {title}\n"
        if title == "Looking":
            yield _NAMING
        for member in members.split():
            for name in (name for name in every if name == member or name.startswith(f"{member}-")):
                yield from _section(name, every[name])


def _section(name: str, command: click.Command) -> Iterator[str]:
    words = name if name in cli.commands else name.replace("-", " ", 1)
    arguments = [
        param.make_metavar(click.Context(command)) for param in command.params if isinstance(param, click.Argument)
    ]
    yield f"### {' '.join([words, *arguments])}\n"
    text, _, example = inspect.cleandoc(command.help or "").partition("\nExample: ")
    yield text.strip() + "\n"
    options = [
        param
        for param in command.params
        if isinstance(param, click.Option) and _name(param) != "db" and not param.hidden
    ]
    taken = {_name(option) for option in options}
    shared = [group for group, names in SHARED.items() if taken.issuperset(names)]
    own = [option for option in options if not any(_name(option) in SHARED[group] for group in shared)]
    yield from map(_told, own)
    yield from [""] if own else []
    if shared:
        *most, last = shared
        yield f"It also takes the options for {' and '.join(filter(None, [', '.join(most), last]))}.\n"
    shown = [f"factstore {one}" for one in SHOWN[name]] if name in SHOWN else [example.strip()]
    if shown:
        yield "\n".join(["```console", *(f"$ {line}" for line in (*filter(None, [BEFORE.get(name)]), *shown)), "```\n"])
    else:
        yield f"```sh\n{example.strip()}\n```\n"


def _name(option: click.Parameter) -> str:
    """An option's long name."""
    return max(option.opts, key=len).lstrip("-")


def _told(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(cli))}"
    names = ", ".join(sorted(option.opts, key=len))
    default = option.default if isinstance(option.show_default, bool) and option.show_default else option.show_default
    return f"- `{names}{value}`: {option.help}" + (f" Default: {default}." if default else "")
