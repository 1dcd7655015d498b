"""Names of tables and fields that are written down twice are the same in both places."""

from __future__ import annotations

from factstore.database import names, tables
from factstore.ledger import kinds, payloads


def test_the_named_tables_are_the_defined_ones() -> None:
    assert tuple(table.name for table in tables.LEDGER) == names.LEDGER
    assert tuple(table.name for table in tables.PROJECTION) == names.PROJECTION
    assert (tables.archived_text.name, tables.alembic_version.name) == (names.ARCHIVE, names.VERSION)
    others = {names.ARCHIVE, names.VERSION}
    assert {table.name for table in tables.metadata.sorted_tables} == {*names.LEDGER, *names.PROJECTION, *others}


def test_kinds_of_record_and_the_fields_of_things_are_those_of_the_models() -> None:
    assert {*kinds.VERSIONS} == {*payloads.PAYLOADS}
    assert {kind: tuple(model.model_fields) for kind, model in payloads.FIELDS.items()} == kinds.FIELDS
