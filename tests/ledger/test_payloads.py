"""Records: canonical bytes are compared with RFC 8785 itself, hashes with literals that can never change."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from factstore.database.buffer import Buffer
from factstore.database.statements import fetch
from factstore.errors import Corrupt, InputError
from factstore.ledger.append import Draft
from factstore.ledger.canonical import INTEGER_LIMIT, Salts, canonical, payload_hash
from factstore.ledger.kinds import UPCASTS, VERSIONS
from factstore.ledger.payloads import (
    FIELDS,
    PAYLOADS,
    By,
    CitationCorrected,
    CommitEnd,
    Corrected,
    FactCorrected,
    FactRecorded,
    OrderingRecorded,
    Redacted,
    SourceCorrected,
    decode,
    decode_record,
)
from factstore.ledger.record import NO_HASH, Header, Record
from factstore.ledger.sealing import canonical_plain, seal
from factstore.store import Store
from factstore.units import Position
from tests.conftest import NewStore

LEDGER, SALT = "5eed" * 8, "00112233445566778899aabbccddeeff"
MOMENT, PREV = "2026-11-23T09:00:00.000000Z", "a1" * 32

# (kind, payload, payload hash, hash): version 1 of every kind, at positions 2, 3, 4 … of one ledger, all about position 1.
# If a line fails, existing ledgers no longer verify. Add lines; never change one.
GOLDEN = [
    (
        "ledger.created",
        1,
        '{"algorithm":"sha-256","format":1,"ledger":"5eed5eed5eed5eed5eed5eed5eed5eed","zone":"+03:00"}',
        "8d17b600e32a5514af3c59f2cf04e9f8d417f73676ed131bd4bcfe8ba3f024cd",
        "4c84701caf338bb505750220c0b8ca6bf35ddb4b52ceb6a0b534cea819e2b898",
    ),
    (
        "source.recorded",
        1,
        (
            '{"id":"example-2018-04-02","published":"2018-04-02","publisher":"Example","retrieved":"2018-04-03T12:00Z",'
            '"seen_through":3,"text":"abababababababababababababababababababababababababababababababab","title":"\u0427'
            '\u0442\u043e \u0441\u043a\u0430\u0437\u0430\u043b \u041a\u0440\u0435\u043c\u043b\u044c","url":"https://exa'
            'mple.org/a?b=1&c=\\"2\\""}'
        ),
        "6b6d0ea6f82aa2e9877f143b4e86ff7fa6081969f1c3210d21644b2d0c300513",
        "bb1fd54180ee651243145dbcaff2de5904891f5db99465230baf76f115a3d7f8",
    ),
    (
        "speaker.recorded",
        1,
        '{"aliases":["Ushakov","\u0423\u0448\u0430\u043a\u043e\u0432"],"id":"ushakov","name":"Yury Ushakov","of":4}',
        "e768b4b390930dcfa1da5b59a46f2f1179b360dc63581094290848db5a2ec133",
        "9500bc1498aef429060667499abd46aaa3c772b17f9635f8777de9737bc9e8b3",
    ),
    (
        "fact.recorded",
        1,
        (
            '{"anchor":"2018-04-02","attributes":{"\u0416":"first","\U0001f600":"before","\ue000":"after"},"id":"a-read'
            'able-slug","participants":[{"name":"A","role":"caller"},{"name":"B"}],"phrase":"late last week","place":"W'
            'ashington","tags":["diplomacy"],"title":"One sentence, past tense \U0001f570","when":"[2018-03-29..2018-04'
            '-01]","zone":"-04:00"}'
        ),
        "e203e6c8b07c2d9451c807646f9151405d2076e0fd3c3fe4cadf68e5584a1777",
        "6d8bd67d67c307c52d141770c05d4c538b8b5f72b5d57c23aa92495f23bdd85d",
    ),
    (
        "fact.recorded",
        1,
        '{"id":"b","title":"Nothing but a title"}',
        "a567777ef3b9a971ad9520c33a530b8dee7a453497494efa31cb539ce7d85df4",
        "bc391f71947d6974ad3e4da04c7bd1b45da4215b73a4a13e42122dae40421d6b",
    ),
    (
        "citation.recorded",
        1,
        (
            '{"about":6,"attribution":[4,"Interfax","The Moscow Times"],"check":"verbatim","end":9007199254740991,"hedg'
            'e":"reportedly","id":"a-readable-slug/example-2018-04-02/1","locator":"p. 4","phrase":"last week","prefix"'
            ':" ","quote":"He said:\\n\\t\\"yes\\" [\u2026] \\\\ no\u2028no","said":"2018-04-01","source":3,"stance":"d'
            'enies","start":0,"suffix":"","unnamed":"an official","when":"2018-03-2X"}'
        ),
        "089a984441cd4dd387fb1022254a70ba1ab3b43ac059411a482ad20aeb26cd6e",
        "49adc6572df6f25817115d22ee08aa7af2029aa7d277a13fcf28aadcd4850274",
    ),
    (
        "ordering.recorded",
        1,
        (
            '{"a":6,"b":7,"gap":{"max":"P3D","min":"P3D"},"id":"a.before.b","phrase":"three days later","relation":"bef'
            'ore"}'
        ),
        "e43c00179ffbc5cbdfafeda50cc6c114f7a408f9ffe1a3a00617f57dc3ac561e",
        "2ed8458e151dcd60eec9e3b6f5128f8e4cbc72da75997458e6f81a5b6a8eb501",
    ),
    (
        "source.corrected",
        1,
        '{"changes":{"published":"2018-04-03"},"loaded":false,"reason":"source-corrected"}',
        "0f6645c5a7f3ec5c81a812b0e947ecc9cd542a7c333960f6791ab51f781d7fb6",
        "063d102f52eedae627f7c1cf59699fe9bd7d8d886632bddfea289776eb08577d",
    ),
    (
        "speaker.corrected",
        1,
        '{"changes":{"of":null},"loaded":false,"reason":"extraction-error"}',
        "7c477c35076ea0408f6e2a6fb210f194bdf0bbd8ed5eb7de8b5034e09f6ae59f",
        "94073c28964609c93f0c852af3d9e47b131a3125c670aafea100e886bd8edfb7",
    ),
    (
        "fact.corrected",
        1,
        (
            '{"changes":{"phrase":null,"tags":["a","b"],"when":"2018-03-30"},"evidence":[8],"loaded":true,"reason":"new'
            '-evidence"}'
        ),
        "675f4d47d42be36b773a21ec9acd632dcb265c3bf4e15e0bf3200fd0bb440853",
        "31d5c26d1e57c040c12693b0d9cad88e77b959fa89846bf0756cfc6bdd2845a7",
    ),
    (
        "citation.corrected",
        1,
        '{"changes":{"quote":"She said","stance":"asserts"},"loaded":false,"reason":"other"}',
        "b29cac3411373a25d2f5d634f436e4de2f202aa4769044a0393bc8cd3cf7e434",
        "c8e9ae593b9425f40b16f51c19d26e27ccf43c4cc201753045c0cabc7b289dbb",
    ),
    (
        "ordering.corrected",
        1,
        '{"changes":{"gap":null,"relation":"meets"},"loaded":false,"reason":"extraction-error"}',
        "dbe581ff483b0f1214a0e36402618bd7f4c1274d41e471ae5d368e20d37b52cf",
        "9aff45910487713cf2d6a72e4965bbb98edd9c1a48ecbd1bf4e40c1c2d706199",
    ),
    (
        "withdrawn",
        1,
        '{"reason":"source-corrected"}',
        "ea4d809a95dd4de939a799fb989f0bd4a3d16b15e14a0d59aa1f47986314fa7f",
        "4144b394c50f19a977605083725f48c7a28e1b2a7769bc26c1bc6a4c728e0989",
    ),
    (
        "restored",
        1,
        '{"reason":"other"}',
        "d182f1acb0736d9af47bbd17fc640895808d308dbc3879a0d27a28992bcc7029",
        "93cd2f6b404262b9b2b53a3a5026964894ed47e1979957d1ad13d4a867a39dc3",
    ),
    (
        "redacted",
        1,
        '{"prints":["0102030405060708091011121314151617181920212223242526272829303132"],"why":"asked"}',
        "63a1ac9edf5d8c2cdb27c3d0c00488e8f35c7ec1a1dc86eed936678c48bb241f",
        "e3ed17fb2b6b2a9d29c1f2caefe0c0fbf3a2607245ff9fce04a716361609c31e",
    ),
    (
        "commit",
        1,
        '{"by":{"kind":"person","name":"Ann"},"message":"first reading","records":14,"tool":"factstore 0.1.0"}',
        "7e397bf0ba662c30c73a29cab686d209890c379d3353cad29399b29b6f99b52a",
        "3d3140d4d61afd982c5a7228365a81fb16f8ca3342e5e866cfa75cfc35b54a49",
    ),
    (
        "citation.recorded",
        2,
        '{"about":6,"by_hand":true,"id":"a-readable-slug/example-2018-04-02/2","source":3,"stance":"asserts"}',
        "ba39ec234649344cf52bd6683491bc0905f7229fc97526b5cdd7f0c482c41e88",
        "af64249378a5035ddebc169b44813f3052266a8efccf56fb97b75aa8483c36f4",
    ),
    (
        "citation.recorded",
        3,
        (
            '{"about":6,"check":"normalised","end":40,"filled":["prefix","suffix"],"id":"a-readable-slug/example'
            '-2018-04-02/3","prefix":"He said: ","quote":"yes","source":3,"stance":"asserts","start":37,"suffix":" no"}'
        ),
        "b8589a18a75c97e04c95240c800926e261ebdbb3805574168dce53ca4bf1a521",
        "3c77dd4b7c6871a203d2320cc15ce51447fabf1f80698c06e746f76477f1b221",
    ),
    (
        "citation.corrected",
        2,
        (
            '{"changes":{"check":"verbatim","end":9,"prefix":"She said: ","start":6,"suffix":null},"filled":["pr'
            'efix"],"loaded":false,"reason":"other"}'
        ),
        "980214dbd125a85f39fd46e1eee6dcd94f53ec9e11b960d3d39ee4c418d74508",
        "e8cc7621df356d1c8a341749ac3f053e3b09588ca169d158ad7c89da15262922",
    ),
    (
        "fact.recorded",
        2,
        '{"id":"c","lasts":{"max":"P3D","min":"PT12H"},"title":"A siege"}',
        "a568a2841e923f2bc5b76aaf48542f1a198db4a47f40f1e447ba10e2feddd9a5",
        "f1557cbde0221467c5cb43fddee22e6e4a4e807a4ff55d90058c621a81af3d5f",
    ),
    (
        "fact.corrected",
        2,
        '{"changes":{"lasts":{"max":"P3D"}},"loaded":false,"reason":"other"}',
        "89a1dd0caeb53fff066e96f2d83721ff9880423cae6d6997f5ef834f51dc4262",
        "73cf43fd3f8dd00167c11e463200d4ccca31461c941a50223a08f41ee7e1ee1a",
    ),
    (
        "source.recorded",
        2,
        (
            '{"attributes":{"Bates range":"DOJ-001..009","exhibit":"12"},"files":[{"name":"exhibit-12.pdf","sha25'
            '6":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","type":"application/pdf"},{"na'
            'me":"звук.ogg","sha256":"efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef"}],"id":"c'
            'ourt-file","title":"The file"}'
        ),
        "a847180e7bc355ee2177047bd69c9c6b3eada5e31f7a6f2e16f89b99e47a6f57",
        "95a9e62ad09b7749ba74e4d2debb2125e7ea12f8c1581b285bd44f3f6e772db0",
    ),
    (
        "source.corrected",
        2,
        (
            '{"changes":{"attributes":null,"files":[{"name":"exhibit-12.pdf","sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}]},"loaded":false,"reason":"other"}'
        ),
        "8e3c989f8e4083fa103e40ccc9861dc92328323187681f5ca562ac394b1f682e",
        "23c112aedceb50d92cd7eda9e028c29e7ed0d3c0b3aef6fb3bb0c64842ffb22e",
    ),
    (
        "commit",
        2,
        (
            '{"by":{"kind":"person","name":"Ann"},"message":"","records":2,"request":"sheet-7/row-1","tool":'
            '"factstore 0.1.0"}'
        ),
        "63ca8912ef6d01acea99312e6fc91d4ba79a0c9354293cfd3437a7e503e43cf8",
        "7c7852d4cbbed79b5d24504de8537ebd02189715ee3626be7b883741f41d790e",
    ),
    (
        "redacted",
        2,
        (
            '{"prints":["0102030405060708091011121314151617181920212223242526272829303132"],"text":"ababababababababababababa'
            'bababababababababababababababababababab","why":"asked"}'
        ),
        "a1c6e242feb815cab2f9086f093bb05fbc072164ce834703c64dac119e88370c",
        "d8ffd9bea5b1112d4e8058c17544304f1ea82c8f65dc4fa6e7e94444931a872a",
    ),
]


# --- canonical JSON -----------------------------------------------------------------------------------------


def units(text: str) -> list[int]:
    """UTF-16 code units, from the definition of surrogate pairs."""
    found = []
    for point in map(ord, text):
        if point < 0x10000:
            found.append(point)
        else:
            found += [0xD800 + (point - 0x10000 >> 10), 0xDC00 + (point - 0x10000 & 0x3FF)]
    return found


def by_the_rules(value: Any) -> str:
    """RFC 8785, section 3.2, implemented again from its text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return '"' + "".join(map(escaped, value)) + '"'
        case list():
            return "[" + ",".join(map(by_the_rules, value)) + "]"
        case dict():
            names = sorted(value, key=units)
            return "{" + ",".join(f"{by_the_rules(name)}:{by_the_rules(value[name])}" for name in names) + "}"
    raise AssertionError(value)


def escaped(sign: str) -> str:
    short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    if sign in short:
        return short[sign]
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x20 else sign


def texts() -> st.SearchStrategy[str]:
    signs = st.one_of(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
        st.sampled_from('\x01\x1f\x7f\x80"\\/\n\u2028\ud7ff\ue000\uffff\U00010000😀\U0010ffff'),
    )
    return st.text(signs, max_size=6)


def values() -> st.SearchStrategy[Any]:
    plain = st.one_of(st.none(), st.booleans(), st.integers(1 - INTEGER_LIMIT, INTEGER_LIMIT - 1), texts())
    return st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(texts(), inner), max_leaves=12)


@given(values())
def test_canonical_json_is_what_the_rules_say(value: Any) -> None:
    assert canonical(value) == by_the_rules(value)
    assert json.loads(canonical(value)) == value


@given(values())
def test_a_payload_is_written_by_the_same_rules(value: Any) -> None:
    assert canonical_plain(value) == by_the_rules(value)


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "\udfffb", "\ud83d\ude00"], ids=repr)
def test_a_payload_with_what_the_ledger_cannot_hold_is_refused(text: str) -> None:
    for held in (text, [text], {"a": text}, {text: 1}):
        with pytest.raises(InputError):
            canonical_plain(held)


def test_names_are_in_the_order_of_the_standards_own_example() -> None:
    # RFC 8785, 3.2.3.
    given_ = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical(dict.fromkeys(given_)) == "{" + ",".join(f"{by_the_rules(name)}:null" for name in ordered) + "}"


def test_text_is_escaped_as_in_the_standards_own_example() -> None:
    # RFC 8785, 3.2.2.
    assert canonical('\u20ac$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_names_beyond_the_basic_plane_come_before_the_last_of_it() -> None:
    assert canonical({"\ue000": 1, "\U00010000": 2, "\ud7ff": 3}) == '{"\ud7ff":3,"\U00010000":2,"\ue000":1}'


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1.0,
        float("nan"),
        INTEGER_LIMIT,
        -INTEGER_LIMIT,
        "\0",
        "a\0b",
        "\ud800",
        "\udfffb",
        "\ud83d\ude00",
        b"bytes",
        {1, 2},
        Ellipsis,
    ],
    ids=repr,
)
def test_what_the_ledger_cannot_hold_is_refused_wherever_it_occurs(value: Any) -> None:
    for held in (value, [value], {"a": {"b": value}}):
        with pytest.raises(InputError):
            canonical(held)


@pytest.mark.parametrize("name", ["\0", "\ud800", 1, None, b"a"], ids=repr)
def test_names_that_the_ledger_cannot_hold_are_refused(name: Any) -> None:
    with pytest.raises(InputError):
        canonical({name: 1})


def test_the_largest_numbers_are_exact() -> None:
    assert canonical([2**53 - 1, 1 - 2**53, 0, -0]) == "[9007199254740991,-9007199254740991,0,0]"


# --- hashes -------------------------------------------------------------------------------------------------


def digest(value: Any) -> str:
    return hashlib.sha256(by_the_rules(value).encode("utf-8")).hexdigest()


@pytest.mark.parametrize(("kind", "version", "text", "of_payload", "of_record"), GOLDEN)
def test_what_was_once_written_has_the_same_bytes_and_hashes_for_ever(
    kind: str, version: int, text: str, of_payload: str, of_record: str
) -> None:
    position = Position([line[2] for line in GOLDEN].index(text) + 2)
    payload = decode(kind, version, text, position=position)
    assert type(payload) is PAYLOADS[kind]
    if version == VERSIONS[kind]:
        found = seal(
            kind,
            payload.plain(),
            ledger=LEDGER,
            position=position,
            subject=Position(1),
            recorded_at=MOMENT,
            prev=PREV,
            salt=SALT,
        )
        assert (found.payload, found.header.payload_hash, found.hash) == (text, of_payload, of_record)
    # The same by the rules alone.
    assert digest({"salt": SALT, "payload": json.loads(text)}) == of_payload
    header = {
        "format": 1,
        "ledger": LEDGER,
        "position": position,
        "kind": kind,
        "version": version,
        "subject": 1,
        "recorded_at": MOMENT,
        "payload_hash": of_payload,
        "prev": PREV,
    }
    assert digest(header) == of_record


def test_every_kind_has_a_literal_that_can_never_change() -> None:
    assert {(kind, version) for kind, version, *_ in GOLDEN} == {
        (kind, version) for kind in PAYLOADS for version in range(1, VERSIONS[kind] + 1)
    }


def test_a_kind_has_the_same_fields_for_as_long_as_its_version() -> None:
    # A field more or less needs a new version, and an upcast.
    found = {f"{kind} {VERSIONS[kind]}": " ".join(sorted(model.model_fields)) for kind, model in PAYLOADS.items()}
    assert found == {
        "ledger.created 1": "algorithm format ledger zone",
        "source.recorded 2": "attributes files id published publisher retrieved seen_through text title url",
        "speaker.recorded 1": "aliases id name of",
        "fact.recorded 2": "anchor attributes id lasts participants phrase place tags title when zone",
        "citation.recorded 3": (
            "about attribution by_hand check end filled hedge id locator phrase prefix quote said source stance start "
            "suffix unnamed when"
        ),
        "ordering.recorded 1": "a b gap id phrase relation",
        "source.corrected 2": "changes evidence loaded reason",
        "speaker.corrected 1": "changes evidence loaded reason",
        "fact.corrected 2": "changes evidence loaded reason",
        "citation.corrected 2": "changes evidence filled loaded reason",
        "ordering.corrected 1": "changes evidence loaded reason",
        "withdrawn 1": "reason",
        "restored 1": "reason",
        "redacted 2": "prints text why",
        "commit 2": "asked by message records request tool",
    }


@given(
    st.integers(1, INTEGER_LIMIT - 1),
    st.sampled_from([*PAYLOADS]),
    st.integers(1, 99),
    st.integers(1, INTEGER_LIMIT - 1),
    st.text("0123456789abcdef", min_size=64, max_size=64),
)
def test_a_header_is_the_canonical_json_of_its_fields(
    position: Position, kind: str, version: int, subject: Position, prev: str
) -> None:
    header = Header(LEDGER, position, kind, version, subject, MOMENT, PREV, prev)
    fields = header._asdict() | {"format": 1}
    assert header.canonical() == canonical(fields)
    assert header.hash() == digest(fields)


@given(values(), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_payload_is_hashed_with_its_salt(value: Any, salt: str) -> None:
    assert payload_hash(salt, canonical(value)) == digest({"payload": value, "salt": salt})


def test_two_records_of_the_same_payload_have_different_salts() -> None:
    at = Position(9)
    one, other = (
        seal(
            "redacted", Redacted(why="x").plain(), ledger=LEDGER, position=at, subject=at, recorded_at=MOMENT, prev=PREV
        )
        for _ in range(2)
    )
    assert one.salt != other.salt
    assert one.hash != other.hash
    assert len(one.salt or "") == 32


def test_salts_of_a_commit_are_sixteen_bytes_each_and_differ() -> None:
    salts = Salts()
    found = [salts.next() for _ in range(3000)]
    assert all(re.fullmatch("[0-9a-f]{32}", salt) for salt in found)
    assert len({*found}) == len(found)


def test_no_hash_precedes_the_first_record() -> None:
    assert NO_HASH == "0" * 64


# --- what a payload holds -----------------------------------------------------------------------------------


def test_absent_values_are_not_written() -> None:
    assert FactRecorded(id="a", title=" A ", tags=[], attributes={}, phrase=None).plain() == {"id": "a", "title": "A"}


def test_a_correction_keeps_the_null_that_removes_a_value() -> None:
    assert FactCorrected(changes={"phrase": None, "tags": None}).plain() == {
        "changes": {"phrase": None, "tags": None},
        "reason": "other",
        "loaded": False,
    }


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (FactCorrected, {}),
        (FactCorrected, {"colour": "red"}),
        (FactCorrected, {"id": "another"}),
        (FactCorrected, {"title": None}),
        (FactCorrected, {"title": ""}),
        (FactCorrected, {"when": "2018-02-30"}),
        (FactCorrected, {"tags": "one"}),
        (CitationCorrected, {"about": 7}),
        (CitationCorrected, {"stance": None}),
        (CitationCorrected, {"source": None}),
        (CitationCorrected, {"source": "three"}),
        (SourceCorrected, {"seen_through": 0}),
    ],
)
def test_a_correction_that_would_make_a_thing_invalid_is_refused(
    model: type[Corrected], changes: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model(changes=changes)


@pytest.mark.parametrize("kind", [*FIELDS])
def test_each_field_of_a_thing_can_be_corrected(kind: str) -> None:
    recorded = PAYLOADS[f"{kind}.recorded"]
    assert {*FIELDS[kind].model_fields} == {*recorded.model_fields} - {"id", "about", "by_hand", "filled"}
    samples = [json.loads(text) for name, _, text, *_ in GOLDEN if name == f"{kind}.recorded"]
    fields = {name: value for sample in samples for name, value in sample.items() if name in FIELDS[kind].model_fields}
    assert {*fields} == {*FIELDS[kind].model_fields}
    for name, value in fields.items():
        correction = PAYLOADS[f"{kind}.corrected"].model_validate({"changes": {name: value}})
        assert correction.plain()["changes"] == {name: value}


@pytest.mark.parametrize(
    "fields",
    [
        {"a": 6, "b": 6, "relation": "before"},
        {"a": 6, "b": 7, "relation": "after"},
        {"a": 6, "b": 7, "relation": "meets", "gap": {"min": "P1D"}},
        {"a": 6, "b": 7, "relation": "before", "gap": {"min": "P3D", "max": "P2D"}},
        {"a": 0, "b": 7, "relation": "before"},
    ],
)
def test_an_ordering_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OrderingRecorded.model_validate({"id": "x", **fields})


def test_a_commit_ends_at_least_one_record() -> None:
    with pytest.raises(ValidationError):
        CommitEnd(by=By(name="Ann"), tool="t", records=0)


@pytest.mark.parametrize(
    ("name", "ok"),
    [
        ("a", True),
        ("a-1_b", True),
        ("a" * 200, True),
        ("a" * 201, False),
        ("1a", False),
        ("A", False),
        ("a--b", False),
        ("a-", False),
        ("ä", False),
        ("a.b", False),
        ("a\n", False),
        ("", False),
    ],
)
def test_ids_are_lower_case_slugs(name: str, ok: bool) -> None:
    try:
        FactRecorded(id=name, title="t")
    except ValidationError:
        assert not ok
    else:
        assert ok


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "version", "payload", "words"),
    [
        ("fact.forgotten", 1, '{"id":"a","title":"A"}', "kind or version"),
        ("fact.recorded", 3, '{"id":"a","title":"A"}', "kind or version"),
        ("fact.recorded", 0, '{"id":"a","title":"A"}', "kind or version"),
        ("fact.recorded", 1, '{"id":"a","title":"A","colour":"red"}', "colour"),
        ("fact.recorded", 1, '{"id":"a"}', "title"),
        ("fact.recorded", 1, '{"id":"a","title":1}', "title"),
        ("fact.recorded", 1, '{"id":"a","title":"A","when":"2018-02-30"}', "when"),
        ("redacted", 1, '{"id":"an-id","why":"x"}', "id"),
        ("redacted", 1, '{"prints":["abc"],"why":"x"}', "prints"),
        ("fact.recorded", 1, '{"id":"a","title"', "cannot be read"),
        ("fact.recorded", 1, "[" * 100_000, "cannot be read"),
        ("fact.recorded", 1, "[]", "payload"),
        ("fact.recorded", 1, "null", "payload"),
    ],
)
def test_reading_stops_loudly_and_names_the_record(kind: str, version: int, payload: str, words: str) -> None:
    with pytest.raises(Corrupt, match=rf"record 17 \({kind}, version {version}\).*{words}"):
        decode(kind, version, payload, position=Position(17))


def test_a_redacted_record_says_nothing() -> None:
    header = Header(LEDGER, Position(9), "fact.recorded", 1, Position(9), MOMENT, PREV, PREV)
    assert decode_record(Record(header, PREV, None, None)) is None


# --- old versions -------------------------------------------------------------------------------------------


def _title_from_headline(old: dict[str, Any]) -> dict[str, Any]:
    return {"title": old.pop("headline"), **old}


@pytest.fixture
def headlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretends that version 1 of a fact called its title a headline."""
    monkeypatch.setitem(UPCASTS, ("fact.recorded", 1), _title_from_headline)


@pytest.mark.usefixtures("headlines")
def test_an_old_version_is_brought_up_to_date_on_reading() -> None:
    assert decode("fact.recorded", 1, '{"headline":"A","id":"a"}', position=Position(3)) == FactRecorded(
        id="a", title="A"
    )
    assert decode("fact.recorded", 2, '{"id":"a","title":"A"}', position=Position(3)) == FactRecorded(id="a", title="A")


@pytest.mark.usefixtures("headlines")
@pytest.mark.parametrize("payload", ['{"id":"a","title":"A"}', "[]", "null", '"headline"'])
def test_an_invalid_old_version_stops_reading(payload: str) -> None:
    with pytest.raises(Corrupt, match=r"record 3 \(fact.recorded, version 1\)"):
        decode("fact.recorded", 1, payload, position=Position(3))


def test_upcasts_go_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, "fact.recorded", 3)
    monkeypatch.setitem(UPCASTS, ("fact.recorded", 1), lambda old: old | {"head": old["title"] + "1"})
    monkeypatch.setitem(UPCASTS, ("fact.recorded", 2), lambda old: {"id": old["id"], "title": old["head"] + "2"})
    assert decode("fact.recorded", 1, '{"id":"a","title":"A"}', position=Position(3)) == FactRecorded(
        id="a", title="A12"
    )


def test_every_old_version_has_an_upcast() -> None:
    for kind in PAYLOADS:
        for version in range(1, VERSIONS[kind]):
            assert (kind, version) in UPCASTS


def test_a_record_of_an_old_version_is_upgraded_on_reading_and_never_rewritten(
    new_store: NewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store()
    monkeypatch.setitem(VERSIONS, "fact.recorded", 1)
    _append_headline(store)
    written = _bytes(store)
    monkeypatch.undo()
    monkeypatch.setitem(UPCASTS, ("fact.recorded", 1), _title_from_headline)
    store.rebuild()
    assert store.fact("old").title == "An old headline"
    assert store.verify().problems == []
    assert _bytes(store) == written
    store.add("A title", source="example", new_source={"title": "Example"})
    assert _bytes(store)[: len(written)] == written
    assert [line[2] for line in _bytes(store) if line[1] == "fact.recorded"] == [1, 2]


def _append_headline(store: Store) -> None:
    """Appends a record as an older version of Factstore would have written it."""

    class OldFact(FactRecorded):
        def plain(self, *, but: Container[str] = ()) -> dict[str, Any]:
            fields = super().plain(but=but)
            return {"headline": fields.pop("title"), **fields}

    with store.file.writing() as connection:
        draft = Draft(connection, Buffer(connection))
        draft.append(OldFact(id="old", title="An old headline"))
        draft.end(By(name="Test"), "long ago")
        draft.check()
        connection.commit()


def _bytes(store: Store) -> list[tuple[Any, ...]]:
    with store.file.reading() as connection:
        rows = fetch(connection, "SELECT * FROM record JOIN payload USING (position) ORDER BY position")
        return [tuple(row) for row in rows]
