"""Changes to Datasette for a ledger: ids link to what they name; facts can be narrowed by participant, cited source and
stance, and searched as on the command line; and there is the picture.

All hooks leave other databases alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from datasette import hookimpl
from datasette.facets import Facet
from datasette.filters import FilterArguments
from datasette.utils import is_url
from datasette.utils.asgi import Request, Response
from jinja2 import Environment
from markupsafe import Markup, escape

from factstore.browser.asgi import App, Receive, Scope, Send
from factstore.browser.asking import like, words
from factstore.browser.limits import LATE
from factstore.browser.metadata import NAME, SHOWN, SQL_PAGE, says
from factstore.browser.mishaps import mishap
from factstore.browser.narrowing import OF, OF_FACTS, OfFacet
from factstore.browser.parameters import ignored
from factstore.browser.policy import give_nonces, policed, refused
from factstore.browser.queries import QUERIES
from factstore.errors import FactstoreError, UnknownId
from factstore.inert import inert
from factstore.plain import Json, JsonObject
from factstore.rendering.text import moment, span

_log = logging.getLogger(__name__)

#: Columns that hold an id, in any table or view.
_IDS = {"id", "about", "a", "b", "source", "subject", "seen_through", "speaks_for"}
#: Columns that describe in words what the row's id names.
_WORDS = {"title", "what"}
#: Columns that hold the name of a speaker.
_SPEAKERS = {"origin", "spoke"}
#: Datasette's own pages that are not available.
_CLOSED = r"^/-(?!/static/|/jump([.]json)?$)(/.*)?$"
#: Where a request goes if its page would ignore a parameter, and the key under which its scope says which.
_IGNORED = "/-/ignored"
#: The links above the picture, and a policy that is sent as a header, since the policy in the page cannot express it.
_BACK = Markup('<header><p class="note"><a href="/">← Back to the ledger</a>{}</p>')
_MORE = Markup(' · {}: <a href="?{}">draw them too</a>')
_FRAMELESS = "frame-ancestors 'none'"
#: The moment of a record.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")


def _is_ours(datasette: Any) -> bool:
    """Whether this Datasette shows a ledger; any other in the process is left alone."""
    return getattr(datasette, "shows_ledger", False)


def asking(query: str, value: str) -> str:
    """The address where a question about something is answered."""
    (blank, *_) = QUERIES[query].blanks
    return f"/{NAME}/{query}?{urlencode({blank.name: value})}"


def _link(where: str, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(where, text)


# --- cells ----------------------------------------------------------------------------------------------------


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """A cell with links, or a list in readable form; None leaves the cell to Datasette, which escapes it."""
    if database != NAME or value in (None, ""):
        return None
    if isinstance(value, str):
        if column in _IDS:
            return _link(asking("show", value), value)
        if column in _WORDS and (named := _id_of(row)):
            return _link(asking("show", named), value)
        if column in _SPEAKERS:
            return _link(asking("said_by", value), value)
        if column in ("participants", "tags", "aliases"):
            return _listed(value)
        if column == "url" and table != "sources" and (host := _host(value)):
            return Markup('<a href="{0}" title="{0}">{1}</a>').format(value, host)
        if _MOMENT.fullmatch(value):
            return Markup('<span title="{}">{}</span>').format(value, moment(value))
        if column == "chain":
            return Markup(", ").join(_link(f"/{NAME}/log?{urlencode({'position': one})}", one) for one in _array(value))
    elif column in ("citations", "origins") and (named := _id_of(row)) and table != "sources":
        return _link(asking("who_says", named), value)
    return None


def _id_of(row: Any) -> str | None:
    named = row["id"] if "id" in row.keys() else None  # noqa: SIM118 (a row is no mapping)
    return named if isinstance(named, str) else None


def _host(url: str) -> str | None:
    """The host that a web link leads to, without a user name before an @, which could mislead."""
    with suppress(ValueError):
        return urlsplit(url).hostname if is_url(url) else None
    return None


def _array(value: str) -> list[Json]:
    try:
        found = json.loads(value)
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _listed(value: str) -> Markup | None:
    """A JSON array of names, or of participants with roles, in readable form."""
    found = []
    for one in _array(value):
        name, role = (one.get("name"), one.get("role")) if isinstance(one, dict) else (one, None)
        found.append(escape(name) + (Markup(" <small>({})</small>").format(role) if role else Markup("")))
    return Markup("; ").join(found) or None


# --- narrowing ------------------------------------------------------------------------------------------------


@hookimpl
def register_facet_classes() -> list[type[Facet]]:
    """Facets for the ways to narrow facts."""
    return [OfFacet]


@hookimpl(trylast=True)
def filters_from_request(request: Any, database: str, table: str) -> FilterArguments | None:
    """Narrow facts by participant, source or stance (`_participant=` and so on), or by words (`_search=`)."""
    if database != NAME or table not in OF_FACTS:
        return None
    clauses, given, told = [], {}, []
    for name, sql in OF.items():
        for number, value in enumerate(request.args.getlist(f"_{name}")):
            given[f"{name}_{number}"] = value
            held = f"SELECT fact FROM ({sql}) WHERE value = :{name}_{number}"
            clauses.append(f"id IN (SELECT id FROM thing WHERE position IN ({held}))")
            told.append(f"{name} is “{value}”")
    search = " ".join(request.args.getlist("_search")).strip()
    if sought := words(search):
        given["sought"] = sought
        clauses.append("id IN (SELECT id FROM search WHERE search MATCH :sought)")
        told.append(f"speaks of “{search}”")
    return FilterArguments(clauses, given, told, {"supports_search": True, "search": search})


# --- pages ----------------------------------------------------------------------------------------------------


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, object]:
    """Functions and values for our templates."""
    if NAME not in datasette.databases:
        return {}
    ledger = datasette.get_database(NAME)

    async def counted() -> JsonObject:
        sql = """SELECT
            (SELECT count(*) FROM fact WHERE until IS NULL AND withdrawn = 0) AS facts,
            (SELECT count(*) FROM source WHERE until IS NULL AND withdrawn = 0) AS sources,
            (SELECT count(*) FROM citation WHERE until IS NULL AND withdrawn = 0) AS citations,
            (SELECT count(*) FROM ordering WHERE until IS NULL AND withdrawn = 0) AS orderings,
            c.position, c.recorded_at, c.name, c.message
            FROM committed c ORDER BY c.position DESC LIMIT 1"""
        return dict((await ledger.execute(sql)).first())

    async def of_part() -> str | None:
        """A sentence on how much of a ledger a part holds; None for a whole ledger."""
        part = await asyncio.to_thread(lambda: ledger.store.part)
        return str(part) if part else None

    async def titled(name: str) -> JsonObject | None:
        """The fact with an id: its title, and when it was."""
        if not (await ledger.execute("SELECT id FROM facts WHERE id = ?", [name])).rows:
            return None
        fact = await asyncio.to_thread(ledger.store.fact, name)
        return {"id": fact.id, "title": fact.title, "when": span(fact)}

    async def gone(name: str) -> bool:
        """Whether an id names what is withdrawn, since answers about it look like any other."""
        with suppress(UnknownId):
            return bool(await asyncio.to_thread(ledger.store.withdrawn, [name]))
        return False

    async def suggested(text: str) -> list[JsonObject]:
        """Facts that may be meant, the most likely first."""
        sql = """SELECT f.id FROM search JOIN facts f ON f.position = search.rowid
                 WHERE search MATCH :sought ORDER BY search.rank LIMIT 8"""
        for sought in like(text):
            if found := (await ledger.execute(sql, {"sought": sought})).rows:
                return [fact for row in found if (fact := await titled(row["id"]))]
        return []

    return {
        "ledger": NAME,
        "questions": QUERIES,
        "late": LATE,
        "shown_views": SHOWN,
        "says": says,
        "sql_page": SQL_PAGE,
        "refused": refused,
        "asking": asking,
        "counted": counted,
        "of_part": of_part,
        "copied": ledger.copied,
        "titled": titled,
        "gone": gone,
        "suggested": suggested,
    }


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Our style sheet, loaded after Datasette's own, and the colours for dark screens."""
    return ["/-/colours.css", "/factstore/browser.css"] if _is_ours(datasette) else []


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The links in the menu of each page."""
    return [{"href": where, "label": label} for label, where in _places()] if NAME in datasette.databases else []


def _places() -> Iterator[tuple[str, str]]:
    yield "Timeline", f"/{NAME}/timeline"
    for name in ("before", "who_says", "find"):
        yield QUERIES[name].title, f"/{NAME}/{name}"
    yield "Picture", "/-/picture"


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Our own pages; and "no such page" for Datasette's own that reveal the machine, except those that other pages load."""
    if not _is_ours(datasette):
        return []
    return [
        (r"^/-/picture$", picture),
        (r"^/-/colours[.]css$", colours),
        (rf"^{_IGNORED}([.]json)?$", refusal),
        (_CLOSED, closed),
    ]


async def colours() -> Response:
    """The picture's colours, for pages on dark screens."""
    from factstore.picture.colours import stylesheet

    return Response(stylesheet(), content_type="text/css; charset=utf-8")


async def closed(datasette: Any, request: Any) -> Response:
    """The answer for a page that is not available."""
    return await _saying(datasette, request, 404, "There is no such page.")


async def _saying(datasette: Any, request: Any, status: int, said: str, title: str | None = None) -> Response:
    """A sentence in place of a page, in the format that was asked for."""
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": said, "status": status, "title": title}, status=status)
    shown = await datasette.render_template("said.html", {"said": said, "heading": title}, request=request)
    return Response.html(shown, status=status)


async def picture(datasette: Any, request: Any) -> Response:
    """The picture of the facts, with parameters named like the options of `factstore picture`."""
    ledger = datasette.get_database(NAME)
    store = ledger.store
    asked = {name: request.args.getlist(name) for name in request.args}

    def drawn() -> str:
        from factstore.browser.picturing import clock, wanted
        from factstore.picture import draw, scene

        with store.at(**clock(asked)).held() as view:
            shown = scene(view, wanted(view, asked, store.path.name))
            page = draw(view, shown, "html").decode()
        whole = urlencode({**asked, "status": "all"}, doseq=True)
        more = _MORE.format(shown.left_out, whole) if shown.left_out else ""
        return page.replace("<header>", _BACK.format(more), 1)

    try:
        page = await asyncio.to_thread(drawn)
        # The page's own policy allows its script and style by their hashes.
        return Response.html(page, headers={"content-security-policy": _FRAMELESS})
    except FactstoreError as error:
        status = 501 if isinstance(error.__cause__, ImportError) else 400
        return await _saying(datasette, request, status, _less(error, asked) or ledger.without_folder(str(error)))


def _less(error: FactstoreError, asked: dict[str, list[str]]) -> Markup | None:
    """The message for a picture of too many facts, with a link to fewer."""
    from factstore.browser.picturing import narrower
    from factstore.picture import TooMany

    if not isinstance(error, TooMany):
        return None
    found = narrower(error, asked)
    if found is None:
        return Markup("{}: narrow it by participant, place, tag, source, from or to.").format(error)
    return Markup('{}: <a href="?{}">narrow it to {:,} of them</a>.').format(error, *found)


# --- all answers ----------------------------------------------------------------------------------------------


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Any) -> None:
    """Allow the scripts in templates, and no others, to run."""
    if _is_ours(datasette):
        give_nonces(env)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Refuse what a page would ignore, and add our policy to all answers."""
    return (lambda app: policed(_heeding(app, datasette))) if _is_ours(datasette) else lambda app: app


def _heeding(app: App, datasette: Any) -> App:
    """An ASGI app that leads to a refusal where a page would ignore a parameter, such as a clock on a question of now."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if scope["type"] == "http" and (
            said := await ignored(datasette.get_database(NAME), request.path, request.args)
        ):
            where = _IGNORED + ".json" * request.path.endswith(".json")
            scope = scope | {"path": where, "raw_path": where.encode(), _IGNORED: said}
        await app(scope, receive, send)

    return answer


async def refusal(datasette: Any, request: Any) -> Response:
    """The answer in place of a page that would ignore a parameter."""
    if _IGNORED not in request.scope:
        return await closed(datasette, request)
    return await _saying(datasette, request, 400, request.scope[_IGNORED])


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Iterator[None]:
    """Show a sentence on a page; Datasette's own handler would print a traceback."""
    outcome: Any = yield
    if _is_ours(datasette):
        outcome.force_result([lambda: _mishap(datasette, request, exception)])


async def _mishap(datasette: Any, request: Any, error: BaseException) -> Response:
    status, said, title, fault = mishap(error)
    if fault:
        _log.error("a page failed: %s: %s: %s", inert(request.path), type(error).__name__, inert(str(error)))
    return await _saying(datasette, request, status, said, title)
