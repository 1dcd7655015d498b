"""An archived text may be redacted while the sources that name it stay.

Frozen: it imports no live code. `@own` is the ledger's schema, which the function names.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

MADE = """CREATE OR REPLACE FUNCTION @own.archived_text_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF EXISTS (SELECT 1 FROM gone WHERE gone.sha256 IN (SELECT said.text FROM (
        SELECT r.position, CASE r.position WHEN r.subject THEN p.payload::jsonb ->> 'text'
               ELSE p.payload::jsonb -> 'changes' ->> 'text' END AS text
        FROM @own.record r
        JOIN @own.payload introduced ON introduced.position = r.subject
        JOIN @own.payload p ON p.position = r.position
        WHERE r.kind IN ('source.recorded', 'source.corrected')) said
    WHERE said.text IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM @own.record g
        JOIN @own.payload why ON why.position = g.position AND why.payload::jsonb ->> 'text' = said.text
        JOIN @own.record c ON c.kind = 'commit' AND c.position > g.position
        JOIN @own.payload p ON p.position = c.position
            AND c.position - (p.payload::jsonb ->> 'records')::bigint <= g.position
        WHERE g.kind = 'redacted' AND g.subject = g.position AND g.position > said.position))) THEN
        RAISE EXCEPTION 'an archived text stays while the ledger names it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$"""


def upgrade() -> None:
    # The statement is given as it is: no % in it stands for a value.
    connection = op.get_bind().execution_options(no_parameters=True)
    own = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(MADE.replace("@own", own))
