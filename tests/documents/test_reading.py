"""Documents: all scalars are text, and all problems are reported at once, each with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from factstore.documents import reading
from factstore.documents.entries import Document
from factstore.documents.formats import LISTS, MAPPINGS, mapping
from factstore.documents.reading import kind_of, parse
from factstore.documents.slugs import slug_of
from factstore.errors import DocumentError
from factstore.ledger.payloads import FIELDS


def problems(content: str, name: str = "notes.yaml") -> list[str]:
    with pytest.raises(DocumentError) as refused:
        parse(content, name)
    return refused.value.problems


def entries(document: Document) -> list[tuple[str, dict[str, Any]]]:
    return [(entry.kind, entry.said.plain()) for entry in document.entries]


def fact(**fields: str) -> str:
    """A YAML document of one fact."""
    lines = ["facts:", "  - id: it", "    title: It happened", *(f"    {key}: {said}" for key, said in fields.items())]
    return "\n".join(lines)


@pytest.mark.parametrize("said", ["2018-03-20", "12:30", "NO", "0044", "1e3", "null", "~", "true", "0x1F", "2018"])
def test_yaml_scalars_are_text_to_the_letter(said: str) -> None:
    (entry,) = parse(fact(place=said), "notes.yaml").entries
    assert entry.said.place == said


def test_an_empty_scalar_says_nothing() -> None:
    (entry,) = parse(fact(place="", when=""), "notes.yaml").entries
    assert entry.said.plain() == {"id": "it", "title": "It happened"}


@pytest.mark.parametrize("said", ["{1667,1668}", "[1667,1668]", "[2018-03-29..2018-04-01]", "[..1984]", "{1667}"])
def test_the_refusal_of_a_set_without_quotes_asks_for_quotes(said: str) -> None:
    (problem,) = problems(fact(when=said))
    assert problem.startswith("notes.yaml:4: when of it: ")
    assert "; in YAML, put quotes round it" in problem


def test_a_set_in_quotes_is_a_date() -> None:
    (entry,) = parse(fact(when='"{1667,1668}"'), "notes.yaml").entries
    assert entry.said.when == "{1667,1668}"


def test_json_scalars_are_text_too() -> None:
    content = '{"facts": [{"id": "it", "title": "It happened", "when": 2018, "place": 1.50, "zone": null}]}'
    assert entries(parse(content, "notes.json")) == [
        ("fact", {"id": "it", "title": "It happened", "when": "2018", "place": "1.50"})
    ]


def test_every_format_says_the_same() -> None:
    document = {
        "defaults": {"source": "paper"},
        "sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}],
        "speakers": [{"id": "aide", "name": "An aide", "aliases": ["the aide"]}],
        "facts": [{"id": "it", "title": "It happened", "when": "2018-03", "evidence": [{"quote": "it did"}]}],
        "orderings": [{"fact": "it", "relation": "before", "other": ["that"]}],
    }
    lines = [{"defaults": document["defaults"]}]
    for section, kind in (("sources", "source"), ("speakers", "speaker"), ("facts", "fact"), ("orderings", "ordering")):
        lines += [{kind: entry} for entry in document[section]]
    read = parse(document, "a mapping")
    for content, name in (
        (json.dumps(document), "notes.json"),
        (json.dumps(document), "notes.yaml"),
        ("\n\n".join(map(json.dumps, lines)), "notes.jsonl"),
        ("\ufeff" + json.dumps(document), "notes.json"),
    ):
        other = parse(content, name)
        assert entries(other) == entries(read)
        assert other.defaults == read.defaults


def test_a_relation_to_several_facts_is_a_list_of_them() -> None:
    (entry,) = parse("orderings: [{fact: [a, b], relation: after, other: c}]", "notes.yaml").entries
    assert (entry.said.fact, entry.said.other) == (["a", "b"], ["c"])


def test_csv_rows_are_facts_and_further_rows_of_an_id_their_evidence() -> None:
    content = (
        "Id,Title,when,tags,participants,source,quote,attribution\n"
        'it-happened,It happened,2018-03,"[""a"", ""b""]","[""Ann"", ""Bob""]",paper,"it did,\nindeed",Ann → The paper\n'
        'it-happened,It happened,2018-03,"[""a"", ""b""]","[""Ann"", ""Bob""]",radio,it has,\n'
        "\n"
        ",Else happened,,,,paper,,\n"
    )
    first, second = parse(content, "notes.csv").entries
    assert first.said.id == "it-happened"
    assert (first.said.when, first.said.tags) == ("2018-03", ["a", "b"])
    assert [person.name for person in first.said.participants] == ["Ann", "Bob"]
    assert [one.quote for one in first.said.evidence] == ["it did,\nindeed", "it has"]
    assert first.said.evidence[0].attribution == ["Ann", "The paper"]
    assert (second.where, second.said.id) == ("notes.csv:6", "else-happened")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("title,wen\nIt,2018\n", "notes.csv:1: there is no field 'wen'; did you mean when?"),
        (
            "id,when\nit,2018\n",
            "notes.csv:1: there is no column title; `factstore import notes.csv` reads a sheet with columns of any name",
        ),
        ("title,when,when\nIt,2018,2019\n", "notes.csv:1: there are two columns when"),
        ("title\nIt,2018\n", "notes.csv:2: the row has 2 cells, but there are 1 columns"),
        ('title,quote\nA,"x\ny"\nIt,2018,3\n', "notes.csv:4: the row has 3 cells, but there are 2 columns"),
        (
            "id,title,when\nit,It,2018\nit,It,2019\n",
            "notes.csv:3: it says something else in an earlier row; rows with the same id are one fact, so another fact "
            "needs another id",
        ),
        (
            "title,when\nIt,2018-13\n",
            "notes.csv:2: when of it: '2018-13' cannot be read: there is no month 13 (01 to 12; seasons and other groups 21 "
            "to 41).",
        ),
        (
            "id,title,when,source,stance\nit,It,2018,s,\nit,It,2018,s,asserts\nit,It,2018,s,aserts\n",
            "notes.csv:4: evidence.3.stance of it: aserts is not one of asserts, foretells, denies or silent",
        ),
    ],
)
def test_errors_in_csv_are_reported_with_their_line(content: str, problem: str) -> None:
    assert problems(content, "notes.csv") == [problem]


def test_a_row_with_too_many_cells_hides_no_problem_of_another() -> None:
    found = problems("title,when\nIt,2018-13\nThat,2018,2019\n", "notes.csv")
    assert [problem.partition(": ")[0] for problem in found] == ["notes.csv:3", "notes.csv:2"]


def test_an_unclosed_quote_is_reported_with_the_line_on_which_its_row_begins() -> None:
    (problem,) = problems('title\nIt\n"It\nThey\n', "notes.csv")
    assert problem.startswith("notes.csv:3: this is not CSV: ")


def test_rows_without_ids_are_facts_distinguished_by_all_that_they_say() -> None:
    rows = [
        "Bells rang,2018,paper",
        "Bells rang,2018,paper",
        "Bells rang,2018,radio",
        "Bells rang,2019,paper",
        "It rained,,wire",
    ]
    document = parse("\n".join(["title,when,source", *rows]), "notes.csv")
    told = [(entry.said.when, entry.said.evidence[0].source) for entry in document.entries]
    assert told == [("2018", "paper"), ("2018", "paper"), ("2018", "radio"), ("2019", "paper"), (None, "wire")]
    ids = [entry.said.id for entry in document.entries]
    assert (ids[0], ids[4], len({*ids})) == ("bells-rang", "it-rained", 5)
    assert all(name.startswith("bells-rang-") for name in ids[1:4])
    assert document.made == {*ids}
    # A row's id does not depend on the order of the other rows, nor on that of the columns.
    turned = "\n".join(
        f"{source},{title},{when}" for title, when, source in (row.split(",") for row in (rows[0], *rows[:0:-1]))
    )
    again = [entry.said.id for entry in parse(f"source,title,when\n{turned}", "turned.csv").entries]
    assert {*again} == {*ids}


def test_an_id_that_is_given_is_never_made_for_another_row() -> None:
    document = parse("id,title\n,Bells rang\nbells-rang,They rang again\n", "notes.csv")
    first, second = (entry.said.id for entry in document.entries)
    assert second == "bells-rang"
    assert first.startswith("bells-rang-")
    assert document.made == {first}


def test_all_problems_are_reported_at_once_each_with_file_and_line() -> None:
    content = """\
defaults: {sorce: paper}
sources:
  - {id: radio, publishd: 2018-04-02}
  - {id: paper}
facts:
  - id: It
    title: It happened
  - id: that
    when: 2001-02-29
    evidence:
      - {quote: words, stance: aserts}
  - {id: paper, title: Paper}
orderings:
  - {fact: a, relation: befor, other: b}
fact: []
"""
    assert [problem.split(": ", 1)[0] for problem in problems(content)] == [
        "notes.yaml:15",
        "notes.yaml:1",
        "notes.yaml:3",
        "notes.yaml:6",
        "notes.yaml:8",
        "notes.yaml:9",
        "notes.yaml:11",
        "notes.yaml:12",
        "notes.yaml:14",
    ]
    told = "\n".join(problems(content))
    for words in (
        "did you mean source?",
        "did you mean published?",
        "use lower-case letters, digits and hyphens",
        "title of that: it is missing",
        "2001-02-29",
        "not one of asserts, foretells, denies or silent",
        "the id paper is taken: source at notes.yaml:4",
        "did you mean facts?",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("content", "name", "place"),
    [
        ("facts: []\nfacts: []\nsources: []\nsources: []\n", "notes.yaml", ["notes.yaml:2", "notes.yaml:4"]),
        (fact(title="twice"), "notes.yaml", ["notes.yaml:4"]),
        ('{"facts": [],\n "facts": []}', "notes.json", ["notes.json"]),
        ('{"fact": {"id": "a",\n "id": "b"}}', "notes.jsonl", ["notes.jsonl:1", "notes.jsonl:2"]),
        ('{"fact": {"id": "a", "id": "b"}}', "notes.jsonl", ["notes.jsonl:1"]),
    ],
)
def test_a_repeated_key_is_a_problem(content: str, name: str, place: list[str]) -> None:
    assert [problem.split(": ", 1)[0] for problem in problems(content, name)] == place


def test_a_repeated_id_of_evidence_is_a_problem() -> None:
    content = """\
facts:
  - {id: a, title: A, evidence: [{id: e, quote: one}]}
  - {id: b, title: B, evidence: [{id: e, quote: two}]}
"""
    assert problems(content) == ["notes.yaml:3: the id e is taken: evidence at notes.yaml:2"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("facts: [", "notes.yaml"),
        ("a: b: c", "notes.yaml"),
        ("--- a\n--- b", "notes.yaml"),
        ("facts: *nothing", "notes.yaml"),
        ("\x00", "notes.yaml"),
        ("just words", "notes.yaml"),
        ("[1, 2]", "notes.json"),
        ("{", "notes.json"),
        ('{"facts": NaN}', "notes.json"),
        ('{"facts": 3}', "notes.json"),
        ('{"defaults": ["a"]}', "notes.jsonl"),
        ('{"fact": {}, "source": {}}', "notes.jsonl"),
        ("3", "notes.jsonl"),
        ("lines: [[fact, {}]]", "notes.yaml"),
        ("lines: 3", "notes.yaml"),
        ("? [a]\n: b", "notes.yaml"),
        ("facts: [3]", "notes.yaml"),
        ("facts: {id: a}", "notes.yaml"),
    ],
)
def test_a_file_that_is_not_a_document_is_refused_by_name(content: str, name: str) -> None:
    assert all(problem.startswith(name) for problem in problems(content, name))


TOO_DEEP = "notes.yaml: it is nested too deeply, or repeats itself through aliases without end"


@pytest.mark.parametrize(
    "content",
    [
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "facts: &a [*a]",
    ],
    ids=["bomb", "loop"],
)
def test_aliases_without_end_are_refused(content: str) -> None:
    assert len(problems(content)) == 1


@pytest.mark.parametrize("loader", ["CBaseLoader", "BaseLoader"])
@pytest.mark.parametrize("again", ["[", "{a: ", "- ", "? ", "[{", '[ "[[", ', "&x [", "!!seq ["])
@pytest.mark.parametrize("first", ["", "# [[[\n\n  ", "🕰: é\r\n  more:\r\n   "])
def test_our_own_limit_of_depth_comes_before_any_that_yaml_has(
    monkeypatch: pytest.MonkeyPatch, loader: str, first: str, again: str
) -> None:
    monkeypatch.setattr("yaml.CBaseLoader", getattr(yaml, loader), raising=False)
    # Depths at which none, some and all of them have limits of their own; the scanner's time grows with the square.
    for depth in (45, 300, *([1500] if again == "[" else [])):
        assert problems(f"facts:\n  {first}{again * depth}") == [TOO_DEEP], depth
    if again == "[":
        assert problems(f"facts:\n  {first}{'[' * 300}{']' * 300}") == [TOO_DEEP]


@pytest.mark.parametrize("content", ['facts: "' + "[" * 3000, "# " + "[" * 3000 + "\nfacts: [", "facts: [a]" * 3000])
def test_other_errors_are_not_blamed_on_depth(content: str) -> None:
    (problem,) = problems(content)
    assert problem.startswith("notes.yaml:")
    assert ": this is not YAML: " in problem


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x7f", "\x80", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_yaml_does_not_allow_is_named_with_its_line(sign: str) -> None:
    assert problems(f"facts: []\nsources: a{sign}b\n") == [
        f"notes.yaml:2: this is not YAML: it contains U+{ord(sign):04X}"
    ]


@pytest.mark.parametrize("name", ["notes.json", "notes.jsonl"])
def test_depth_in_json_is_refused(name: str) -> None:
    for depth in (200, 200_000):
        found = problems('{"facts": ' + "[" * depth + "]" * depth + "}", name)
        assert len(found) == 1
        assert found[0].startswith(name)


def test_harmless_aliases_are_read() -> None:
    content = """\
facts:
  - {id: a, title: A, evidence: &same [{source: paper, quote: words}]}
  - {id: b, title: B, evidence: *same}
"""
    assert [entry.said.evidence[0].quote for entry in parse(content, "notes.yaml").entries] == ["words", "words"]


def test_aliases_repeat_no_more_than_a_document_of_its_length_could_hold() -> None:
    def repeated(signs: int, times: int) -> str:
        tags = ", ".join(["*long"] * times)
        return f"facts: [{{id: it, title: It happened, place: &long {'x' * signs}, tags: [{tags}]}}]"

    (entry,) = parse(repeated(1000, 900), "notes.yaml").entries
    assert entry.said.tags == ["x" * 1000] * 900
    for signs, times in ((1000, 1001), (400_000, 50)):
        (problem,) = problems(repeated(signs, times))
        assert "repeats itself through aliases" in problem


def test_a_yaml_document_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factstore.documents.formats.MOST", 100)
    for content in ("facts: [" + "{a}," * 50 + "]", "facts: {" + "a," * 100 + "}"):
        assert problems(content) == ["notes.yaml: it has more than 100 values; split it, or write JSON Lines"]


def test_a_mapping_may_hold_anything_and_is_refused_in_words() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    for given, words in (
        ({"id": deep, "title": "A"}, "it is nested too deeply"),
        ({b"id": "a", "title": "A"}, "id"),
        ({"id": "a", "title": "A", "attributes": {1: "x"}}, "it must be text, not 1"),
    ):
        with pytest.raises(DocumentError, match=words):
            parse({"facts": [given]}, "document")


def test_a_title_that_no_ledger_can_keep_is_refused_in_words() -> None:
    for content in ("id,title\na,\ud800\n", "title\n\ud800\n"):
        assert "surrogate" in problems(content, "notes.csv")[0]


def test_a_document_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 2**20)
    found = problems(fact(title="x" * 2**20))
    assert found == ["notes.yaml: it is larger than 1 MiB; split it"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("notes.YAML", "yaml"),
        ("a.yml", "yaml"),
        ("a.json", "json"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.csv", "csv"),
        ("-", "yaml"),
    ],
)
def test_a_files_ending_decides_its_format(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("It happened", "it-happened"),
        ("L’Élysée s'éveille!", "lelysee-seveille"),
        ("2018 was a year", "fact-2018-was-a-year"),
        ("Президент объявил о съезде", "prezident-obyavil-o-sezde"),
        ("大使馆", "dashiguan"),
        ("Die Straße", "die-strasse"),
        ("!!!", "fact-e84c538e"),
        ("", "fact"),
        ("a" * 80, "a" * 60),
        (" ".join(["word"] * 20), "-".join(["word"] * 12)),
    ],
)
def test_a_titles_slug_is_readable(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_every_field_that_is_not_text_is_read_as_a_list_or_a_mapping() -> None:
    texts = {"string", "integer"}
    for fields in FIELDS.values():
        for name, schema in fields.model_json_schema()["properties"].items():
            kinds = {one.get("type", "object") for one in schema.get("anyOf", [schema])} - {"null"}
            assert (name in LISTS) == ("array" in kinds), name
            assert (name in MAPPINGS) == ("object" in kinds), name
            assert kinds <= texts | {"array", "object"}
    for name, example in MAPPINGS.items():
        assert mapping(example, name) == json.loads(example)
