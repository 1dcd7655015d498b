"""A ledger on PostgreSQL as it was first made.

Frozen: it imports no live code. `@own` is the ledger's schema, which the functions of triggers name.
"""

from alembic import op

revision = "0006"
down_revision = None

MADE = [
    """CREATE TABLE archived_text (
	sha256 TEXT COLLATE "C" NOT NULL, 
	characters BIGINT NOT NULL, 
	deflated BYTEA NOT NULL, 
	PRIMARY KEY (sha256)
)""",
    """COMMENT ON TABLE archived_text IS 'The full texts of sources, each text once.'""",
    """COMMENT ON COLUMN archived_text.sha256 IS 'SHA-256 of its UTF-8 bytes, by which a source names it.'""",
    """COMMENT ON COLUMN archived_text.characters IS 'Its length, in Unicode code points.'""",
    """COMMENT ON COLUMN archived_text.deflated IS 'Its UTF-8 bytes as raw DEFLATE (RFC 1951).'""",
    """CREATE TABLE record (
	position BIGINT NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	version BIGINT NOT NULL, 
	subject BIGINT NOT NULL, 
	recorded_at TEXT COLLATE "C" NOT NULL, 
	payload_hash TEXT COLLATE "C" NOT NULL, 
	hash TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (position)
)""",
    """CREATE INDEX record_subject ON record (subject)""",
    """COMMENT ON TABLE record IS 'The ledger: a row for each record, in order, each chained to the one before it. Rows are never changed or removed.'""",
    """COMMENT ON COLUMN record.position IS 'Its place: 1, 2, 3 … without gaps.'""",
    """COMMENT ON COLUMN record.kind IS 'The kind of record, such as fact.recorded or commit.'""",
    """COMMENT ON COLUMN record.version IS 'The version of that kind''s payload.'""",
    """COMMENT ON COLUMN record.subject IS 'The position that introduced the thing that it is about; its own if it introduces one.'""",
    """COMMENT ON COLUMN record.recorded_at IS 'When it was recorded: a UTC timestamp that never goes backwards.'""",
    """COMMENT ON COLUMN record.payload_hash IS 'SHA-256 of the canonical JSON of salt and payload.'""",
    """COMMENT ON COLUMN record.hash IS 'SHA-256 of the canonical header, which includes the hash of the record before.'""",
    """CREATE TABLE set_aside (
	item BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	chain TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (item, since)
)""",
    """COMMENT ON TABLE set_aside IS 'Statements about time that contradict what was recorded before them.'""",
    """COMMENT ON COLUMN set_aside.item IS 'What is set aside, by position: a fact (its date), a citation or an ordering; minus a position: how long that fact lasted, or which readings of the date that citation leaves.'""",
    """COMMENT ON COLUMN set_aside.since IS 'The position from which it is set aside.'""",
    """COMMENT ON COLUMN set_aside.until IS 'The position from which it no longer is; null: it still is.'""",
    """COMMENT ON COLUMN set_aside.chain IS 'What cannot all hold, including the item itself: a JSON array of such positions.'""",
    """CREATE TABLE committed (
	position BIGINT NOT NULL, 
	first BIGINT NOT NULL, 
	recorded_at TEXT COLLATE "C" NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	tool TEXT COLLATE "C" NOT NULL, 
	message TEXT COLLATE "C" NOT NULL, 
	records BIGINT NOT NULL, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX committed_recorded_at ON committed (recorded_at)""",
    """COMMENT ON TABLE committed IS 'Commits: what one command appended as a whole, with who, when, with what tool and why.'""",
    """COMMENT ON COLUMN committed.position IS 'The position of its commit record, which ends it.'""",
    """COMMENT ON COLUMN committed.first IS 'The position of its first record.'""",
    """COMMENT ON COLUMN committed.recorded_at IS 'When, in UTC.'""",
    """COMMENT ON COLUMN committed.name IS 'Who.'""",
    """COMMENT ON COLUMN committed.kind IS 'person or program.'""",
    """COMMENT ON COLUMN committed.tool IS 'The tool, and its version.'""",
    """COMMENT ON COLUMN committed.message IS 'Why; may be empty.'""",
    """COMMENT ON COLUMN committed.records IS 'How many records it has before the commit record.'""",
    """CREATE TABLE payload (
	position BIGINT NOT NULL, 
	salt TEXT COLLATE "C" NOT NULL, 
	payload TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """COMMENT ON TABLE payload IS 'What the records say, kept apart from them so that it can be redacted.'""",
    """COMMENT ON COLUMN payload.position IS 'The record''s position.'""",
    """COMMENT ON COLUMN payload.salt IS 'Random bytes that keep a redacted payload from being guessed.'""",
    """COMMENT ON COLUMN payload.payload IS 'Canonical JSON (RFC 8785), exactly as it was hashed.'""",
    """CREATE TABLE thing (
	position BIGINT NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	id TEXT COLLATE "C" NOT NULL, 
	version BIGINT NOT NULL, 
	loaded TEXT COLLATE "C", 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED, 
	UNIQUE (id)
)""",
    """COMMENT ON TABLE thing IS 'Facts, sources, speakers, citations and orderings, with their ids, which share one namespace.'""",
    """COMMENT ON COLUMN thing.position IS 'The position that introduced it, by which all other tables refer to it.'""",
    """COMMENT ON COLUMN thing.kind IS 'fact, source, speaker, citation or ordering.'""",
    """COMMENT ON COLUMN thing.id IS 'Its readable id.'""",
    """COMMENT ON COLUMN thing.version IS 'The position of the last record about it.'""",
    """COMMENT ON COLUMN thing.loaded IS 'For each field that a document corrected, the position where one last did, as JSON.'""",
    """CREATE TABLE citation (
	position BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	withdrawn BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	about BIGINT NOT NULL, 
	source BIGINT NOT NULL, 
	quote TEXT COLLATE "C", 
	prefix TEXT COLLATE "C", 
	suffix TEXT COLLATE "C", 
	text_start BIGINT, 
	text_end BIGINT, 
	quote_check TEXT COLLATE "C", 
	locator TEXT COLLATE "C", 
	stance TEXT COLLATE "C" NOT NULL, 
	attribution TEXT COLLATE "C", 
	edtf TEXT COLLATE "C", 
	phrase TEXT COLLATE "C", 
	said TEXT COLLATE "C", 
	hedge TEXT COLLATE "C", 
	unnamed TEXT COLLATE "C", 
	by_hand BIGINT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(about) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(source) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX citation_about ON citation (about)""",
    """CREATE UNIQUE INDEX citation_current ON citation (position) WHERE until IS NULL""",
    """CREATE INDEX citation_source ON citation (source)""",
    """COMMENT ON TABLE citation IS 'Pieces of evidence, a row for each version.'""",
    """COMMENT ON COLUMN citation.position IS 'The citation: the position that introduced it.'""",
    """COMMENT ON COLUMN citation.since IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN citation.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN citation.withdrawn IS '1 if it counts in no answer.'""",
    """COMMENT ON COLUMN citation.rank IS 'The position of the record that last changed what it says about time.'""",
    """COMMENT ON COLUMN citation.about IS 'The fact or ordering that it is about.'""",
    """COMMENT ON COLUMN citation.source IS 'The source that it cites.'""",
    """COMMENT ON COLUMN citation.quote IS 'The source''s exact words; […] marks what was left out.'""",
    """COMMENT ON COLUMN citation.prefix IS 'The text just before the quote, if the quote occurs more than once.'""",
    """COMMENT ON COLUMN citation.suffix IS 'The text just after the quote.'""",
    """COMMENT ON COLUMN citation.text_start IS 'Where the quote begins in the archived text, in code points.'""",
    """COMMENT ON COLUMN citation.text_end IS 'Where the quote ends there, exclusive.'""",
    """COMMENT ON COLUMN citation.quote_check IS 'verbatim, normalised, missing or unchecked.'""",
    """COMMENT ON COLUMN citation.locator IS 'Page, line or timecode.'""",
    """COMMENT ON COLUMN citation.stance IS 'asserts, foretells, denies or silent.'""",
    """COMMENT ON COLUMN citation.attribution IS 'The chain from who spoke first to the document: a JSON array of names, and of positions of things.'""",
    """COMMENT ON COLUMN citation.edtf IS 'When it happened, according to this source (EDTF).'""",
    """COMMENT ON COLUMN citation.phrase IS 'This source''s own words for the time.'""",
    """COMMENT ON COLUMN citation.said IS 'The day it was said (EDTF).'""",
    """COMMENT ON COLUMN citation.hedge IS 'Words that hedge it, such as reportedly.'""",
    """COMMENT ON COLUMN citation.unnamed IS 'How an unnamed speaker was described.'""",
    """COMMENT ON COLUMN citation.by_hand IS '1 if it was added by hand, beside what documents say.'""",
    """CREATE TABLE fact (
	position BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	withdrawn BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	title TEXT COLLATE "C" NOT NULL, 
	edtf TEXT COLLATE "C", 
	phrase TEXT COLLATE "C", 
	anchor TEXT COLLATE "C", 
	zone TEXT COLLATE "C", 
	place TEXT COLLATE "C", 
	participants TEXT COLLATE "C", 
	tags TEXT COLLATE "C", 
	attributes TEXT COLLATE "C", 
	lasts_min TEXT COLLATE "C", 
	lasts_max TEXT COLLATE "C", 
	lasts_rank BIGINT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE UNIQUE INDEX fact_current ON fact (position) WHERE until IS NULL""",
    """COMMENT ON TABLE fact IS 'What happened, or is said to have happened, a row for each version.'""",
    """COMMENT ON COLUMN fact.position IS 'The fact: the position that introduced it.'""",
    """COMMENT ON COLUMN fact.since IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN fact.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN fact.withdrawn IS '1 if it counts in no answer.'""",
    """COMMENT ON COLUMN fact.rank IS 'The position of the record that last changed what it says about time.'""",
    """COMMENT ON COLUMN fact.title IS 'What happened, in one sentence.'""",
    """COMMENT ON COLUMN fact.edtf IS 'When it happened, as it was written: EDTF, ISO 8601-2.'""",
    """COMMENT ON COLUMN fact.phrase IS 'The source''s own words for the time.'""",
    """COMMENT ON COLUMN fact.anchor IS 'The day from which the phrase was read.'""",
    """COMMENT ON COLUMN fact.zone IS 'The fixed offset from UTC of times without one, if it is not the ledger''s.'""",
    """COMMENT ON COLUMN fact.place IS 'Where.'""",
    """COMMENT ON COLUMN fact.participants IS 'Who took part: a JSON array of objects with name and role.'""",
    """COMMENT ON COLUMN fact.tags IS 'A JSON array of texts.'""",
    """COMMENT ON COLUMN fact.attributes IS 'Other fields: a JSON object of texts.'""",
    """COMMENT ON COLUMN fact.lasts_min IS 'The least time that it lasted (ISO 8601 duration).'""",
    """COMMENT ON COLUMN fact.lasts_max IS 'The most time that it lasted.'""",
    """COMMENT ON COLUMN fact.lasts_rank IS 'The position of the record that says how long it lasted.'""",
    """CREATE TABLE ordering (
	position BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	withdrawn BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	a BIGINT NOT NULL, 
	relation TEXT COLLATE "C" NOT NULL, 
	b BIGINT NOT NULL, 
	phrase TEXT COLLATE "C", 
	gap_min TEXT COLLATE "C", 
	gap_max TEXT COLLATE "C", 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(a) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(b) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX ordering_a ON ordering (a)""",
    """CREATE INDEX ordering_b ON ordering (b)""",
    """CREATE UNIQUE INDEX ordering_current ON ordering (position) WHERE until IS NULL""",
    """COMMENT ON TABLE ordering IS 'Stated relations in time between two facts, a row for each version.'""",
    """COMMENT ON COLUMN ordering.position IS 'The ordering: the position that introduced it.'""",
    """COMMENT ON COLUMN ordering.since IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN ordering.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN ordering.withdrawn IS '1 if it counts in no answer.'""",
    """COMMENT ON COLUMN ordering.rank IS 'The position of the record that last changed what it says about time.'""",
    """COMMENT ON COLUMN ordering.a IS 'The first fact.'""",
    """COMMENT ON COLUMN ordering.relation IS 'before, starts-before, during, intersects or one of Allen''s.'""",
    """COMMENT ON COLUMN ordering.b IS 'The second fact.'""",
    """COMMENT ON COLUMN ordering.phrase IS 'The words for the order, such as retaliated.'""",
    """COMMENT ON COLUMN ordering.gap_min IS 'The least time between them (ISO 8601 duration).'""",
    """COMMENT ON COLUMN ordering.gap_max IS 'The most time between them.'""",
    """CREATE TABLE placement (
	fact BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	id TEXT COLLATE "C" NOT NULL, 
	status TEXT COLLATE "C" NOT NULL, 
	earliest TEXT COLLATE "C", 
	latest TEXT COLLATE "C", 
	start_min BIGINT NOT NULL, 
	start_max BIGINT NOT NULL, 
	end_min BIGINT NOT NULL, 
	end_max BIGINT NOT NULL, 
	place BIGINT NOT NULL, 
	place_end BIGINT NOT NULL, 
	start_min_by BIGINT NOT NULL, 
	start_max_by BIGINT NOT NULL, 
	end_min_by BIGINT NOT NULL, 
	end_max_by BIGINT NOT NULL, 
	width BIGINT NOT NULL, 
	tied BIGINT NOT NULL, 
	revised BIGINT NOT NULL, 
	conflicting BIGINT NOT NULL, 
	PRIMARY KEY (fact), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX placement_end_max ON placement (revised, end_max DESC, id)""",
    """CREATE INDEX placement_end_min ON placement (revised, width, end_min DESC, id, end_max)""",
    """CREATE INDEX placement_place ON placement (place, place_end DESC, fact)""",
    """COMMENT ON TABLE placement IS 'Where facts may lie in time, with dates, evidence and orderings reconciled.'""",
    """COMMENT ON COLUMN placement.fact IS 'The fact.'""",
    """COMMENT ON COLUMN placement.since IS 'The position from which this placement holds.'""",
    """COMMENT ON COLUMN placement.id IS 'The fact''s id.'""",
    """COMMENT ON COLUMN placement.status IS 'stands, disputed, denied, foretold, unsupported or withdrawn.'""",
    """COMMENT ON COLUMN placement.earliest IS 'The first day on which it may lie (or the first instant, in UTC to six decimals, if times are given).'""",
    """COMMENT ON COLUMN placement.latest IS 'The last day (or instant) on which it may lie.'""",
    """COMMENT ON COLUMN placement.start_min IS 'The earliest it can have started, in microseconds from 1970-01-01T00:00Z; beyond ±2^62 if nothing bounds it.'""",
    """COMMENT ON COLUMN placement.start_max IS 'The latest it can have started.'""",
    """COMMENT ON COLUMN placement.end_min IS 'The earliest it can have ended (exclusive).'""",
    """COMMENT ON COLUMN placement.end_max IS 'The latest it can have ended (exclusive).'""",
    """COMMENT ON COLUMN placement.place IS 'The place of its start in the order of `timeline`: a time that all bounds and orders allow, in the same microseconds; beyond 2^62 if nothing dates it.'""",
    """COMMENT ON COLUMN placement.place_end IS 'The place of its end there; of two facts that start together, the longer comes first.'""",
    """COMMENT ON COLUMN placement.start_min_by IS 'What sets this bound, by position: a fact (its date), a citation or an ordering; minus a position: how long that fact lasted, or which readings of the date that citation leaves; 0 and -1: only time itself.'""",
    """COMMENT ON COLUMN placement.start_max_by IS 'What sets the latest start.'""",
    """COMMENT ON COLUMN placement.end_min_by IS 'What sets the earliest end.'""",
    """COMMENT ON COLUMN placement.end_max_by IS 'What sets the latest end.'""",
    """COMMENT ON COLUMN placement.width IS 'The width class of end_min to end_max: two classes per doubling.'""",
    """COMMENT ON COLUMN placement.tied IS '1 if an ordering ties it to other facts.'""",
    """COMMENT ON COLUMN placement.revised IS '1 if it was placed elsewhere before.'""",
    """COMMENT ON COLUMN placement.conflicting IS '1 if its date or an ordering of it is set aside.'""",
    """CREATE TABLE placement_history (
	fact BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	id TEXT COLLATE "C" NOT NULL, 
	status TEXT COLLATE "C" NOT NULL, 
	earliest TEXT COLLATE "C", 
	latest TEXT COLLATE "C", 
	start_min BIGINT NOT NULL, 
	start_max BIGINT NOT NULL, 
	end_min BIGINT NOT NULL, 
	end_max BIGINT NOT NULL, 
	place BIGINT NOT NULL, 
	place_end BIGINT NOT NULL, 
	start_min_by BIGINT NOT NULL, 
	start_max_by BIGINT NOT NULL, 
	end_min_by BIGINT NOT NULL, 
	end_max_by BIGINT NOT NULL, 
	width BIGINT NOT NULL, 
	tied BIGINT NOT NULL, 
	revised BIGINT NOT NULL, 
	conflicting BIGINT NOT NULL, 
	PRIMARY KEY (fact, since), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX placement_history_end_max ON placement_history (end_max DESC, id, since, until)""",
    """CREATE INDEX placement_history_end_min ON placement_history (width, end_min DESC, id, since, until, end_max)""",
    """CREATE INDEX placement_history_place ON placement_history (place, place_end DESC, fact, since, until)""",
    """COMMENT ON TABLE placement_history IS 'All placements, past and present, of the facts whose placement has changed.'""",
    """COMMENT ON COLUMN placement_history.fact IS 'The fact.'""",
    """COMMENT ON COLUMN placement_history.since IS 'The position from which this placement holds.'""",
    """COMMENT ON COLUMN placement_history.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN placement_history.id IS 'The fact''s id.'""",
    """COMMENT ON COLUMN placement_history.status IS 'stands, disputed, denied, foretold, unsupported or withdrawn.'""",
    """COMMENT ON COLUMN placement_history.earliest IS 'The first day on which it may lie (or the first instant, in UTC to six decimals, if times are given).'""",
    """COMMENT ON COLUMN placement_history.latest IS 'The last day (or instant) on which it may lie.'""",
    """COMMENT ON COLUMN placement_history.start_min IS 'The earliest it can have started, in microseconds from 1970-01-01T00:00Z; beyond ±2^62 if nothing bounds it.'""",
    """COMMENT ON COLUMN placement_history.start_max IS 'The latest it can have started.'""",
    """COMMENT ON COLUMN placement_history.end_min IS 'The earliest it can have ended (exclusive).'""",
    """COMMENT ON COLUMN placement_history.end_max IS 'The latest it can have ended (exclusive).'""",
    """COMMENT ON COLUMN placement_history.place IS 'The place of its start in the order of `timeline`: a time that all bounds and orders allow, in the same microseconds; beyond 2^62 if nothing dates it.'""",
    """COMMENT ON COLUMN placement_history.place_end IS 'The place of its end there; of two facts that start together, the longer comes first.'""",
    """COMMENT ON COLUMN placement_history.start_min_by IS 'What sets this bound, by position: a fact (its date), a citation or an ordering; minus a position: how long that fact lasted, or which readings of the date that citation leaves; 0 and -1: only time itself.'""",
    """COMMENT ON COLUMN placement_history.start_max_by IS 'What sets the latest start.'""",
    """COMMENT ON COLUMN placement_history.end_min_by IS 'What sets the earliest end.'""",
    """COMMENT ON COLUMN placement_history.end_max_by IS 'What sets the latest end.'""",
    """COMMENT ON COLUMN placement_history.width IS 'The width class of end_min to end_max: two classes per doubling.'""",
    """COMMENT ON COLUMN placement_history.tied IS '1 if an ordering ties it to other facts.'""",
    """COMMENT ON COLUMN placement_history.revised IS '1 if it was placed elsewhere before.'""",
    """COMMENT ON COLUMN placement_history.conflicting IS '1 if its date or an ordering of it is set aside.'""",
    """CREATE TABLE source (
	position BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	withdrawn BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	title TEXT COLLATE "C", 
	publisher TEXT COLLATE "C", 
	url TEXT COLLATE "C", 
	published TEXT COLLATE "C", 
	retrieved TEXT COLLATE "C", 
	text TEXT COLLATE "C", 
	seen_through BIGINT, 
	attributes TEXT COLLATE "C", 
	files TEXT COLLATE "C", 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(seen_through) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE UNIQUE INDEX source_current ON source (position) WHERE until IS NULL""",
    """COMMENT ON TABLE source IS 'Documents, a row for each version.'""",
    """COMMENT ON COLUMN source.position IS 'The source: the position that introduced it.'""",
    """COMMENT ON COLUMN source.since IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN source.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN source.withdrawn IS '1 if it counts in no answer.'""",
    """COMMENT ON COLUMN source.rank IS 'The position of the record that last changed what it says about time.'""",
    """COMMENT ON COLUMN source.title IS 'Its title.'""",
    """COMMENT ON COLUMN source.publisher IS 'Who published it.'""",
    """COMMENT ON COLUMN source.url IS 'Where it is, or was, found.'""",
    """COMMENT ON COLUMN source.published IS 'When it was published (EDTF).'""",
    """COMMENT ON COLUMN source.retrieved IS 'When it was retrieved (EDTF).'""",
    """COMMENT ON COLUMN source.text IS 'SHA-256 of its archived text.'""",
    """COMMENT ON COLUMN source.seen_through IS 'The source that it was only seen through.'""",
    """COMMENT ON COLUMN source.attributes IS 'References such as exhibit or docket: a JSON object of texts.'""",
    """COMMENT ON COLUMN source.files IS 'Files that contain it: a JSON array of objects with name, sha256 and type.'""",
    """CREATE TABLE speaker (
	position BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	withdrawn BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	name TEXT COLLATE "C" NOT NULL, 
	aliases TEXT COLLATE "C", 
	"of" BIGINT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY("of") REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE UNIQUE INDEX speaker_current ON speaker (position) WHERE until IS NULL""",
    """COMMENT ON TABLE speaker IS 'Speakers, a row for each version.'""",
    """COMMENT ON COLUMN speaker.position IS 'The speaker: the position that introduced it.'""",
    """COMMENT ON COLUMN speaker.since IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN speaker.until IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN speaker.withdrawn IS '1 if it counts in no answer.'""",
    """COMMENT ON COLUMN speaker.rank IS 'The position of the record that last changed what it says about time.'""",
    """COMMENT ON COLUMN speaker.name IS 'Their name.'""",
    """COMMENT ON COLUMN speaker.aliases IS 'Their other names: a JSON array.'""",
    """COMMENT ON COLUMN speaker."of" IS 'The speaker on whose behalf they speak.'""",
    """CREATE TABLE tie (
	ordering BIGINT NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT, 
	a BIGINT NOT NULL, 
	relation TEXT COLLATE "C" NOT NULL, 
	b BIGINT NOT NULL, 
	gap_min TEXT COLLATE "C", 
	gap_max TEXT COLLATE "C", 
	PRIMARY KEY (ordering, since), 
	FOREIGN KEY(ordering) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(a) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(b) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)""",
    """CREATE INDEX tie_a ON tie (a)""",
    """CREATE INDEX tie_b ON tie (b)""",
    """CREATE INDEX tie_gap_max ON tie (gap_max) WHERE gap_max IS NOT NULL""",
    """COMMENT ON TABLE tie IS 'Orderings and lengths in force: those that count and contradict nothing.'""",
    """COMMENT ON COLUMN tie.ordering IS 'The ordering or, for a length, the fact.'""",
    """COMMENT ON COLUMN tie.since IS 'The position from which it is in force.'""",
    """COMMENT ON COLUMN tie.until IS 'The position from which it no longer is; null: it still is.'""",
    """COMMENT ON COLUMN tie.a IS 'The first fact.'""",
    """COMMENT ON COLUMN tie.relation IS 'Its relation to the second; lasts: how long the one fact took.'""",
    """COMMENT ON COLUMN tie.b IS 'The second fact; for a length, the same one.'""",
    """COMMENT ON COLUMN tie.gap_min IS 'The least time between them, or from its start to its end.'""",
    """COMMENT ON COLUMN tie.gap_max IS 'The most time between them, or from its start to its end.'""",
    """CREATE TABLE search (
    fact BIGINT NOT NULL,
    words TSVECTOR,
    texts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (fact)
)""",
    """CREATE INDEX search_words ON search USING gin (words) WITH (fastupdate = off)""",
    """CREATE INDEX search_without_words ON search (fact) WHERE words IS NULL""",
    """COMMENT ON TABLE search IS 'The words of facts and of their live quotes, for full text.'""",
    """CREATE FUNCTION @own.record_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF EXISTS (SELECT 1 FROM added HAVING count(*) > 0 AND (
            max(position) - min(position) + 1 <> count(*)
            OR max(position) <> (SELECT max(position) FROM @own.record)
            OR min(position) <> 1 AND NOT EXISTS (
                SELECT 1 FROM @own.record WHERE position = (SELECT min(position) - 1 FROM added)))) THEN
        RAISE EXCEPTION 'the ledger only grows at its end: record takes the next position and no other' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER record_insert AFTER INSERT ON @own.record REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION @own.record_insert()""",
    """ALTER TABLE @own.record ENABLE ALWAYS TRIGGER record_insert""",
    """CREATE FUNCTION @own.record_update() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'the ledger is append-only: a record is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER record_update BEFORE UPDATE ON @own.record FOR EACH STATEMENT EXECUTE FUNCTION @own.record_update()""",
    """ALTER TABLE @own.record ENABLE ALWAYS TRIGGER record_update""",
    """CREATE FUNCTION @own.record_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'the ledger is append-only: a record is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER record_truncate BEFORE TRUNCATE ON @own.record FOR EACH STATEMENT EXECUTE FUNCTION @own.record_truncate()""",
    """ALTER TABLE @own.record ENABLE ALWAYS TRIGGER record_truncate""",
    """CREATE FUNCTION @own.payload_insert() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF EXISTS (SELECT 1 FROM added HAVING count(*) > 0 AND (
            max(position) - min(position) + 1 <> count(*)
            OR max(position) <> (SELECT max(position) FROM @own.payload)
            OR min(position) <> 1 AND NOT EXISTS (
                SELECT 1 FROM @own.payload WHERE position = (SELECT min(position) - 1 FROM added)))) OR EXISTS (SELECT 1 FROM added WHERE NOT EXISTS (SELECT 1 FROM @own.record r WHERE r.position = added.position)) THEN
        RAISE EXCEPTION 'the ledger only grows at its end: payload takes the next position and no other' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER payload_insert AFTER INSERT ON @own.payload REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION @own.payload_insert()""",
    """ALTER TABLE @own.payload ENABLE ALWAYS TRIGGER payload_insert""",
    """CREATE FUNCTION @own.payload_update() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'the ledger is append-only: a payload is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER payload_update BEFORE UPDATE ON @own.payload FOR EACH STATEMENT EXECUTE FUNCTION @own.payload_update()""",
    """ALTER TABLE @own.payload ENABLE ALWAYS TRIGGER payload_update""",
    """CREATE FUNCTION @own.payload_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'the ledger is append-only: a payload is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER payload_truncate BEFORE TRUNCATE ON @own.payload FOR EACH STATEMENT EXECUTE FUNCTION @own.payload_truncate()""",
    """ALTER TABLE @own.payload ENABLE ALWAYS TRIGGER payload_truncate""",
    """CREATE FUNCTION @own.record_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'the ledger is append-only: a record is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER record_delete BEFORE DELETE ON @own.record FOR EACH STATEMENT EXECUTE FUNCTION @own.record_delete()""",
    """ALTER TABLE @own.record ENABLE ALWAYS TRIGGER record_delete""",
    """CREATE FUNCTION @own.payload_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM @own.record r
        JOIN @own.payload said ON said.position = r.position
        JOIN @own.record c ON c.kind = 'commit' AND c.position > r.position
        JOIN @own.payload p ON p.position = c.position
            AND c.position - (p.payload::jsonb ->> 'records')::bigint <= r.position
        WHERE r.kind = 'redacted' AND r.subject = gone.position AND r.position > gone.position AND gone.position > 1)) THEN
        RAISE EXCEPTION 'the ledger is append-only: a payload is never removed unless a redaction that was committed names it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER payload_delete AFTER DELETE ON @own.payload REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION @own.payload_delete()""",
    """ALTER TABLE @own.payload ENABLE ALWAYS TRIGGER payload_delete""",
    """CREATE FUNCTION @own.archived_text_update() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'an archived text is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER archived_text_update BEFORE UPDATE ON @own.archived_text FOR EACH STATEMENT EXECUTE FUNCTION @own.archived_text_update()""",
    """ALTER TABLE @own.archived_text ENABLE ALWAYS TRIGGER archived_text_update""",
    """CREATE FUNCTION @own.archived_text_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF TRUE THEN
        RAISE EXCEPTION 'an archived text is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER archived_text_truncate BEFORE TRUNCATE ON @own.archived_text FOR EACH STATEMENT EXECUTE FUNCTION @own.archived_text_truncate()""",
    """ALTER TABLE @own.archived_text ENABLE ALWAYS TRIGGER archived_text_truncate""",
    """CREATE FUNCTION @own.archived_text_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = @own, pg_temp AS $guard$
BEGIN
    IF EXISTS (SELECT 1 FROM gone WHERE gone.sha256 IN (SELECT said.text FROM (
        SELECT CASE r.position WHEN r.subject THEN p.payload::jsonb ->> 'text'
               ELSE p.payload::jsonb -> 'changes' ->> 'text' END AS text
        FROM @own.record r
        JOIN @own.payload introduced ON introduced.position = r.subject
        JOIN @own.payload p ON p.position = r.position
        WHERE r.kind IN ('source.recorded', 'source.corrected')) said
    WHERE said.text IS NOT NULL)) THEN
        RAISE EXCEPTION 'an archived text stays while the ledger names it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$guard$""",
    """CREATE TRIGGER archived_text_delete AFTER DELETE ON @own.archived_text REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION @own.archived_text_delete()""",
    """ALTER TABLE @own.archived_text ENABLE ALWAYS TRIGGER archived_text_delete""",
    """CREATE VIEW speakers AS
WITH RECURSIVE
present AS (SELECT * FROM speaker WHERE until IS NULL AND withdrawn = 0),
climb (position, top, steps) AS (
    SELECT position, position, 0 FROM present
    UNION ALL
    SELECT climb.position, above.position, climb.steps + 1
    FROM climb
    JOIN present s ON s.position = climb.top
    JOIN present above ON above.position = s.of
    WHERE climb.steps < 100),
highest AS MATERIALIZED (
    SELECT DISTINCT ON (climb.position) climb.position, climb.top, s.name
    FROM climb JOIN present s ON s.position = climb.top
    ORDER BY climb.position, climb.steps DESC)
SELECT
    t.id,
    s.name,
    s.aliases,
    o.id AS speaks_for,
    CASE WHEN EXISTS (
        SELECT 1 FROM present same JOIN highest other ON other.position = same.position
        WHERE same.name = h.name AND other.top <> h.top)
      THEN top.id ELSE h.name END AS origin,
    s.withdrawn,
    s.position
FROM speaker s
JOIN thing t ON t.position = s.position
LEFT JOIN thing o ON o.position = s.of
LEFT JOIN highest h ON h.position = s.position
LEFT JOIN thing top ON top.position = h.top
WHERE s.until IS NULL""",
    """COMMENT ON VIEW speakers IS 'Speakers, and on whose behalf they speak in the end.'""",
    """COMMENT ON COLUMN speakers."id" IS 'The speaker''s id.'""",
    """COMMENT ON COLUMN speakers."name" IS 'Their name.'""",
    """COMMENT ON COLUMN speakers."aliases" IS 'Their other names: a JSON array.'""",
    """COMMENT ON COLUMN speakers."speaks_for" IS 'The id of the speaker on whose behalf they speak.'""",
    """COMMENT ON COLUMN speakers."origin" IS 'The topmost of these; speakers with the same origin do not corroborate each other.'""",
    """COMMENT ON COLUMN speakers."withdrawn" IS '1 if it no longer counts.'""",
    """COMMENT ON COLUMN speakers."position" IS 'The position that introduced it.'""",
    """CREATE VIEW citations AS
WITH
borne (name, how, origin) AS MATERIALIZED (
    SELECT name, 1, origin FROM speakers WHERE withdrawn = 0
    UNION SELECT alias, 2, origin FROM speakers CROSS JOIN LATERAL jsonb_array_elements_text(aliases::jsonb) AS alias
           WHERE withdrawn = 0
    UNION SELECT id, 3, origin FROM speakers WHERE withdrawn = 0),
named AS MATERIALIZED (
    SELECT name, min(origin) AS origin FROM borne b
    WHERE how = (SELECT min(how) FROM borne other WHERE other.name = b.name)
    GROUP BY name HAVING count(DISTINCT origin) = 1),
chained AS (
    SELECT
        c.*,
        CASE jsonb_typeof(c.attribution::jsonb -> 0) WHEN 'number' THEN (c.attribution::jsonb ->> 0)::bigint END AS first,
        CASE jsonb_typeof(c.attribution::jsonb -> 0) WHEN 'string' THEN c.attribution::jsonb ->> 0 END AS called,
        s.id AS source_id, d.title AS source_title, d.publisher, d.url, d.published,
        greatest(c.withdrawn, d.withdrawn) AS out
    FROM citation c
    JOIN thing s ON s.position = c.source
    JOIN source d ON d.position = c.source AND d.until IS NULL
    WHERE c.until IS NULL),
spoken AS (
    SELECT
        c.*,
        CASE WHEN c.first IS NOT NULL
          THEN (SELECT coalesce(p.name, v.publisher, v.title, n.id)
                  FROM thing n
                  LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
                  LEFT JOIN source v ON v.position = n.position AND v.until IS NULL
                 WHERE n.position = c.first)
          ELSE coalesce(c.called, c.publisher, c.source_title, c.source_id) END AS spoke
    FROM chained c)
SELECT
    t.id,
    a.id AS about,
    c.source_id AS source,
    c.source_title,
    c.publisher,
    c.url,
    c.published,
    c.quote,
    c.stance,
    c.spoke,
    coalesce(
        (SELECT origin FROM speakers WHERE position = c.first),
        (SELECT origin FROM named WHERE name = c.spoke),
        c.spoke) AS origin,
    coalesce(
        (SELECT string_agg(coalesce(p.name, v.publisher, v.title, n.id, link.value #>> '{}'), ' → ' ORDER BY link.n)
           FROM jsonb_array_elements(c.attribution::jsonb) WITH ORDINALITY AS link(value, n)
           LEFT JOIN thing n ON n.position
               = CASE jsonb_typeof(link.value) WHEN 'number' THEN (link.value #>> '{}')::bigint END
           LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
           LEFT JOIN source v ON v.position = n.position AND v.until IS NULL),
        c.spoke) AS attribution,
    c.locator,
    c.edtf,
    c.phrase,
    c.said,
    c.hedge,
    c.unnamed,
    c.quote_check,
    c.out AS withdrawn
FROM spoken c
JOIN thing t ON t.position = c.position
JOIN thing a ON a.position = c.about""",
    """COMMENT ON VIEW citations IS 'All pieces of evidence: who said it, through whom, in which words.'""",
    """COMMENT ON COLUMN citations."id" IS 'The citation''s id.'""",
    """COMMENT ON COLUMN citations."about" IS 'The id of the fact or ordering that it is about.'""",
    """COMMENT ON COLUMN citations."source" IS 'The id of the source.'""",
    """COMMENT ON COLUMN citations."source_title" IS 'The source''s title.'""",
    """COMMENT ON COLUMN citations."publisher" IS 'Who published the source.'""",
    """COMMENT ON COLUMN citations."url" IS 'Where the source is, or was, found.'""",
    """COMMENT ON COLUMN citations."published" IS 'When the source was published (EDTF).'""",
    """COMMENT ON COLUMN citations."quote" IS 'The source''s exact words; […] marks what was left out.'""",
    """COMMENT ON COLUMN citations."stance" IS 'asserts, foretells, denies or silent.'""",
    """COMMENT ON COLUMN citations."spoke" IS 'Who spoke: the first in the chain, or the publisher.'""",
    """COMMENT ON COLUMN citations."origin" IS 'On whose behalf that was, in the end.'""",
    """COMMENT ON COLUMN citations."attribution" IS 'The chain from who spoke first to the document.'""",
    """COMMENT ON COLUMN citations."locator" IS 'Page, line or timecode.'""",
    """COMMENT ON COLUMN citations."edtf" IS 'When it happened, according to this source (EDTF).'""",
    """COMMENT ON COLUMN citations."phrase" IS 'This source''s own words for the time.'""",
    """COMMENT ON COLUMN citations."said" IS 'The day it was said.'""",
    """COMMENT ON COLUMN citations."hedge" IS 'Words that hedge it, such as reportedly.'""",
    """COMMENT ON COLUMN citations."unnamed" IS 'How an unnamed speaker was described.'""",
    """COMMENT ON COLUMN citations."quote_check" IS 'Whether the archived text has the quote: verbatim, normalised or missing; else unchecked.'""",
    """COMMENT ON COLUMN citations."withdrawn" IS '1 if it, or its source, was withdrawn.'""",
    """CREATE VIEW timeline AS
SELECT
    p.id,
    f.title,
    f.edtf,
    f.phrase,
    p.earliest,
    p.latest,
    CASE WHEN p.earliest LIKE 'Y%' THEN 0
         ELSE CAST(substr(p.earliest, 1, strpos(substr(p.earliest, 2), '-')) AS BIGINT) END AS year,
    substr(p.earliest, 1, strpos(substr(p.earliest, 2), '-') + 3) AS month,
    CAST(p.place > 4611686018427387904 AS INTEGER) AS undated, -- 2^62 ticks
    p.status,
    p.conflicting,
    f.place,
    (SELECT count(DISTINCT c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND c.withdrawn = 0) AS origins,
    (SELECT count(*) FROM citation c JOIN source s ON s.position = c.source AND s.until IS NULL AND s.withdrawn = 0
      WHERE c.about = p.fact AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM placement p
JOIN fact f ON f.position = p.fact AND f.until IS NULL
WHERE p.status IN ('stands', 'disputed')
ORDER BY p.place, p.place_end DESC, p.fact""",
    """COMMENT ON VIEW timeline IS 'The view to start with: facts that stand or are disputed, in an order that keeps all stated orders; undated ones last.'""",
    """COMMENT ON COLUMN timeline."id" IS 'The fact''s id.'""",
    """COMMENT ON COLUMN timeline."title" IS 'What happened.'""",
    """COMMENT ON COLUMN timeline."edtf" IS 'When it happened, as it was written (EDTF).'""",
    """COMMENT ON COLUMN timeline."phrase" IS 'The source''s own words for the time.'""",
    """COMMENT ON COLUMN timeline."earliest" IS 'The first day on which it may lie, with dates, evidence and orderings reconciled; an instant in UTC, to six decimals, if a time of day bounds it.'""",
    """COMMENT ON COLUMN timeline."latest" IS 'The last such day. Comparing days misses what only a stated order decides: see `certain_before`.'""",
    """COMMENT ON COLUMN timeline."year" IS 'The year of `earliest`, for grouping.'""",
    """COMMENT ON COLUMN timeline."month" IS 'The month of `earliest`, for grouping.'""",
    """COMMENT ON COLUMN timeline."undated" IS '1 if only the days on which it was reported limit when it happened.'""",
    """COMMENT ON COLUMN timeline."status" IS 'stands or disputed.'""",
    """COMMENT ON COLUMN timeline."conflicting" IS '1 if its date or an ordering of it is set aside.'""",
    """COMMENT ON COLUMN timeline."place" IS 'Where.'""",
    """COMMENT ON COLUMN timeline."origins" IS 'How many independent origins assert it; outlets that repeat one origin count once.'""",
    """COMMENT ON COLUMN timeline."citations" IS 'How many live citations it has.'""",
    """CREATE VIEW facts AS
SELECT
    t.id,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    p.earliest,
    p.latest,
    p.status,
    p.conflicting,
    f.place,
    f.participants,
    f.tags,
    f.attributes,
    f.lasts_min,
    f.lasts_max,
    t.position,
    t.version
FROM thing t
JOIN fact f ON f.position = t.position AND f.until IS NULL
JOIN placement p ON p.fact = t.position""",
    """COMMENT ON VIEW facts IS 'All facts as they are now, of any status.'""",
    """COMMENT ON COLUMN facts."id" IS 'Its id.'""",
    """COMMENT ON COLUMN facts."title" IS 'What happened.'""",
    """COMMENT ON COLUMN facts."edtf" IS 'When it happened, as it was written (EDTF).'""",
    """COMMENT ON COLUMN facts."phrase" IS 'The source''s own words for the time.'""",
    """COMMENT ON COLUMN facts."anchor" IS 'The day from which the phrase was read.'""",
    """COMMENT ON COLUMN facts."zone" IS 'The fixed offset from UTC of times without one.'""",
    """COMMENT ON COLUMN facts."earliest" IS 'The first day on which it may lie.'""",
    """COMMENT ON COLUMN facts."latest" IS 'The last day on which it may lie.'""",
    """COMMENT ON COLUMN facts."status" IS 'stands, disputed, denied, foretold, unsupported or withdrawn.'""",
    """COMMENT ON COLUMN facts."conflicting" IS '1 if its date or an ordering of it is set aside.'""",
    """COMMENT ON COLUMN facts."place" IS 'Where.'""",
    """COMMENT ON COLUMN facts."participants" IS 'Who took part: a JSON array of objects with name and role.'""",
    """COMMENT ON COLUMN facts."tags" IS 'A JSON array of texts.'""",
    """COMMENT ON COLUMN facts."attributes" IS 'Other fields: a JSON object of texts.'""",
    """COMMENT ON COLUMN facts."lasts_min" IS 'The least time that it lasted (ISO 8601 duration).'""",
    """COMMENT ON COLUMN facts."lasts_max" IS 'The most time that it lasted.'""",
    """COMMENT ON COLUMN facts."position" IS 'The position that introduced it.'""",
    """COMMENT ON COLUMN facts."version" IS 'The position of the last record about it.'""",
    """CREATE VIEW fact_versions AS
SELECT
    t.id,
    f.since AS from_position,
    f.until AS to_position,
    r.recorded_at,
    f.withdrawn,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    f.place,
    f.participants,
    f.tags,
    f.attributes,
    f.lasts_min,
    f.lasts_max
FROM fact f
JOIN thing t ON t.position = f.position
JOIN record r ON r.position = f.since
ORDER BY f.position, f.since""",
    """COMMENT ON VIEW fact_versions IS 'All versions of each fact, old and new, with the positions between which each holds.'""",
    """COMMENT ON COLUMN fact_versions."id" IS 'The fact''s id.'""",
    """COMMENT ON COLUMN fact_versions."from_position" IS 'The position from which this version holds.'""",
    """COMMENT ON COLUMN fact_versions."to_position" IS 'The position from which it no longer holds; null: it still does.'""",
    """COMMENT ON COLUMN fact_versions."recorded_at" IS 'When it was recorded (UTC).'""",
    """COMMENT ON COLUMN fact_versions."withdrawn" IS '1 if it counted in no answer.'""",
    """COMMENT ON COLUMN fact_versions."title" IS 'What happened.'""",
    """COMMENT ON COLUMN fact_versions."edtf" IS 'When it happened, as it was written (EDTF).'""",
    """COMMENT ON COLUMN fact_versions."phrase" IS 'The source''s own words for the time.'""",
    """COMMENT ON COLUMN fact_versions."anchor" IS 'The day from which the phrase was read.'""",
    """COMMENT ON COLUMN fact_versions."zone" IS 'The fixed offset from UTC of times without one.'""",
    """COMMENT ON COLUMN fact_versions."place" IS 'Where.'""",
    """COMMENT ON COLUMN fact_versions."participants" IS 'Who took part, as JSON.'""",
    """COMMENT ON COLUMN fact_versions."tags" IS 'Tags, as JSON.'""",
    """COMMENT ON COLUMN fact_versions."attributes" IS 'Other fields, as JSON.'""",
    """COMMENT ON COLUMN fact_versions."lasts_min" IS 'The least time that it lasted (ISO 8601 duration).'""",
    """COMMENT ON COLUMN fact_versions."lasts_max" IS 'The most time that it lasted.'""",
    """CREATE VIEW sources AS
SELECT
    t.id,
    s.title,
    s.publisher,
    s.url,
    s.published,
    s.retrieved,
    s.text,
    through.id AS seen_through,
    s.attributes,
    s.files,
    s.withdrawn,
    (SELECT count(*) FROM citation c
      WHERE c.source = s.position AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM source s
JOIN thing t ON t.position = s.position
LEFT JOIN thing through ON through.position = s.seen_through
WHERE s.until IS NULL""",
    """COMMENT ON VIEW sources IS 'Documents, and how many citations rest on each.'""",
    """COMMENT ON COLUMN sources."id" IS 'The source''s id.'""",
    """COMMENT ON COLUMN sources."title" IS 'Its title.'""",
    """COMMENT ON COLUMN sources."publisher" IS 'Who published it.'""",
    """COMMENT ON COLUMN sources."url" IS 'Where it is, or was, found.'""",
    """COMMENT ON COLUMN sources."published" IS 'When it was published (EDTF).'""",
    """COMMENT ON COLUMN sources."retrieved" IS 'When it was retrieved (EDTF).'""",
    """COMMENT ON COLUMN sources."text" IS 'SHA-256 of its archived text.'""",
    """COMMENT ON COLUMN sources."seen_through" IS 'The id of the source that it was only seen through.'""",
    """COMMENT ON COLUMN sources."attributes" IS 'References such as exhibit or docket: a JSON object of texts.'""",
    """COMMENT ON COLUMN sources."files" IS 'Files that contain it: a JSON array of objects with name, sha256 and type.'""",
    """COMMENT ON COLUMN sources."withdrawn" IS '1 if it was withdrawn.'""",
    """COMMENT ON COLUMN sources."citations" IS 'How many citations rest on it.'""",
    """CREATE VIEW orderings AS
SELECT
    t.id,
    a.id AS a,
    o.relation,
    b.id AS b,
    o.phrase,
    o.gap_min,
    o.gap_max,
    o.withdrawn,
    CAST(EXISTS (SELECT 1 FROM tie WHERE tie.ordering = o.position AND tie.until IS NULL) AS INTEGER) AS in_force
FROM ordering o
JOIN thing t ON t.position = o.position
JOIN thing a ON a.position = o.a
JOIN thing b ON b.position = o.b
WHERE o.until IS NULL""",
    """COMMENT ON VIEW orderings IS 'Stated orders: relations in time between two facts.'""",
    """COMMENT ON COLUMN orderings."id" IS 'The ordering''s id.'""",
    """COMMENT ON COLUMN orderings."a" IS 'The id of the first fact.'""",
    """COMMENT ON COLUMN orderings."relation" IS 'Its relation in time to the second.'""",
    """COMMENT ON COLUMN orderings."b" IS 'The id of the second fact.'""",
    """COMMENT ON COLUMN orderings."phrase" IS 'The words for it, such as retaliated.'""",
    """COMMENT ON COLUMN orderings."gap_min" IS 'The least time between them (ISO 8601 duration).'""",
    """COMMENT ON COLUMN orderings."gap_max" IS 'The most time between them.'""",
    """COMMENT ON COLUMN orderings."withdrawn" IS '1 if it was withdrawn.'""",
    """COMMENT ON COLUMN orderings."in_force" IS '1 if it counts now; 0 if it was withdrawn, lacks support, or contradicts.'""",
    """CREATE VIEW certain_before AS
-- Only the pairs that no dates show. The view `came_before` has those that dates show, too.
WITH RECURSIVE
present AS (SELECT * FROM tie WHERE until IS NULL),
tied (fact) AS (SELECT a FROM present UNION SELECT b FROM present),
-- A fact's start is twice its position, its end one more; of each two, the first is never later than the second.
step (earlier, later) AS MATERIALIZED (
    SELECT 2 * fact, 2 * fact + 1 FROM tied
    UNION SELECT 2 * a + 1, 2 * b FROM present WHERE relation IN ('before', 'meets')
    UNION SELECT 2 * b, 2 * a + 1 FROM present WHERE relation IN ('meets', 'intersects', 'overlaps')
    UNION SELECT 2 * a, 2 * b FROM present WHERE relation IN ('starts-before', 'overlaps', 'equals', 'starts')
    UNION SELECT 2 * b, 2 * a FROM present WHERE relation IN ('during', 'equals', 'starts', 'finishes')
    UNION SELECT 2 * a, 2 * b + 1 FROM present WHERE relation = 'intersects'
    UNION SELECT 2 * a + 1, 2 * b + 1 FROM present
           WHERE relation IN ('during', 'equals', 'overlaps', 'starts', 'finishes')
    UNION SELECT 2 * b + 1, 2 * a + 1 FROM present WHERE relation IN ('equals', 'finishes')),
reach (fact, node) AS (
    SELECT fact, 2 * fact + 1 FROM tied
    UNION SELECT reach.fact, step.later FROM reach JOIN step ON step.earlier = reach.node)
SELECT first.id AS a, second.id AS b
FROM reach
JOIN placement first ON first.fact = reach.fact
JOIN placement second ON second.fact = reach.node / 2
WHERE reach.node % 2 = 0 AND first.fact <> second.fact AND first.end_max > second.start_min
  AND first.status IN ('stands', 'disputed') AND second.status IN ('stands', 'disputed')""",
    """COMMENT ON VIEW certain_before IS 'Pairs of which the first certainly ended before the second started by stated order, although no dates show it (`came_before` also has those that dates show). It works out all such pairs of the ledger, which takes long if orderings connect many thousand facts. Pairs that only a greatest gap decides are not included.'""",
    """COMMENT ON COLUMN certain_before."a" IS 'The id of the fact that came first.'""",
    """COMMENT ON COLUMN certain_before."b" IS 'The id of the fact that came later.'""",
    """CREATE VIEW came_before AS
-- What certainly came before x, by dates or by stated order: SELECT * FROM came_before WHERE x = 'the-id-of-a-fact'
WITH pair (x, fact, known_by) AS (
    SELECT t.id, first.fact, 'dates'
    FROM thing t
    JOIN placement second ON second.fact = t.position AND second.status IN ('stands', 'disputed')
    JOIN placement first ON first.end_max <= second.start_min AND first.status IN ('stands', 'disputed')
    UNION ALL
    SELECT b, (SELECT position FROM thing WHERE id = a), 'stated order' AS known_by FROM certain_before)
SELECT
    pair.x,
    p.id,
    f.title,
    f.edtf,
    p.earliest,
    p.latest,
    pair.known_by,
    (SELECT string_agg(DISTINCT c.origin, '; ' ORDER BY c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND c.withdrawn = 0) AS said_by
FROM pair
JOIN placement p ON p.fact = pair.fact
JOIN fact f ON f.position = p.fact AND f.until IS NULL""",
    """COMMENT ON VIEW came_before IS 'What certainly came before what, as in `factstore before`. Ask for one x, since there are very many pairs. It does not include what possibly came before, nor what only a greatest gap decides.'""",
    """COMMENT ON COLUMN came_before."x" IS 'The id of the fact that came later: the one to ask about.'""",
    """COMMENT ON COLUMN came_before."id" IS 'The id of a fact that certainly ended before x started.'""",
    """COMMENT ON COLUMN came_before."title" IS 'What happened.'""",
    """COMMENT ON COLUMN came_before."edtf" IS 'When it happened, as it was written (EDTF).'""",
    """COMMENT ON COLUMN came_before."earliest" IS 'The first day on which it may lie.'""",
    """COMMENT ON COLUMN came_before."latest" IS 'The last day on which it may lie.'""",
    """COMMENT ON COLUMN came_before."known_by" IS 'dates, or stated order if no dates show it.'""",
    """COMMENT ON COLUMN came_before."said_by" IS 'The independent origins that assert it.'""",
    """CREATE VIEW conflicts AS
SELECT
    t.id,
    CASE t.kind
        WHEN 'fact' THEN CASE WHEN s.item > 0 THEN 'date' ELSE 'length' END
        WHEN 'citation' THEN CASE WHEN s.item > 0 THEN 'evidence' ELSE 'reading' END
        ELSE t.kind END AS what,
    s.chain,
    s.since
FROM set_aside s
JOIN thing t ON t.position = abs(s.item)
WHERE s.until IS NULL""",
    """COMMENT ON VIEW conflicts IS 'What is set aside because it contradicts what was recorded before it.'""",
    """COMMENT ON COLUMN conflicts."id" IS 'The id of the fact, citation or ordering.'""",
    """COMMENT ON COLUMN conflicts."what" IS 'What is set aside: a fact''s date or length, a citation''s evidence or the reading of its fact''s date that it leaves, or an ordering.'""",
    """COMMENT ON COLUMN conflicts."chain" IS 'What cannot all hold: a JSON array of positions; minus a position stands for that fact''s length.'""",
    """COMMENT ON COLUMN conflicts."since" IS 'The position from which it is set aside.'""",
    """CREATE VIEW corrections AS
SELECT
    t.id,
    change.key AS field,
    (SELECT old.value #>> '{}'
       FROM record e
       JOIN payload q ON q.position = e.position
      CROSS JOIN LATERAL json_each(
          CASE e.position WHEN r.subject THEN q.payload::json ELSE q.payload::json -> 'changes' END) AS old
      WHERE e.subject = r.subject AND e.position < r.position
        AND (e.position = r.subject OR e.kind LIKE '%.corrected') AND old.key = change.key
      ORDER BY e.position DESC LIMIT 1) AS before,
    change.value #>> '{}' AS after,
    p.payload::json ->> 'reason' AS reason,
    c.message,
    c.name AS recorded_by,
    r.recorded_at,
    r.position
FROM record r
JOIN payload p ON p.position = r.position
JOIN thing t ON t.position = r.subject
JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
CROSS JOIN LATERAL json_each(p.payload::json -> 'changes') AS change
WHERE r.kind LIKE '%.corrected'
ORDER BY r.position""",
    """COMMENT ON VIEW corrections IS 'All fields that were given another value, and why.'""",
    """COMMENT ON COLUMN corrections."id" IS 'The id of what was corrected.'""",
    """COMMENT ON COLUMN corrections."field" IS 'Which field.'""",
    """COMMENT ON COLUMN corrections."before" IS 'Its value before.'""",
    """COMMENT ON COLUMN corrections."after" IS 'Its value after; null: it was removed.'""",
    """COMMENT ON COLUMN corrections."reason" IS 'extraction-error, source-corrected, new-evidence or other.'""",
    """COMMENT ON COLUMN corrections."message" IS 'The commit''s message.'""",
    """COMMENT ON COLUMN corrections."recorded_by" IS 'Who did it.'""",
    """COMMENT ON COLUMN corrections."recorded_at" IS 'When, in UTC.'""",
    """COMMENT ON COLUMN corrections."position" IS 'The position of the correction.'""",
    """CREATE VIEW log AS
SELECT
    r.position,
    c.position AS "commit",
    r.kind,
    t.id AS subject,
    r.recorded_at,
    c.name AS recorded_by,
    c.message,
    p.payload,
    r.hash
FROM record r
LEFT JOIN payload p ON p.position = r.position
LEFT JOIN thing t ON t.position = r.subject
LEFT JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
ORDER BY r.position""",
    """COMMENT ON VIEW log IS 'All records of the ledger, with who, when and why.'""",
    """COMMENT ON COLUMN log."position" IS 'Its place in the ledger.'""",
    """COMMENT ON COLUMN log."commit" IS 'The position at which its commit ends.'""",
    """COMMENT ON COLUMN log."kind" IS 'The kind of record.'""",
    """COMMENT ON COLUMN log."subject" IS 'The id of what it is about.'""",
    """COMMENT ON COLUMN log."recorded_at" IS 'When, in UTC.'""",
    """COMMENT ON COLUMN log."recorded_by" IS 'Who.'""",
    """COMMENT ON COLUMN log."message" IS 'Why.'""",
    """COMMENT ON COLUMN log."payload" IS 'What it says, as canonical JSON; null if it was redacted.'""",
    """COMMENT ON COLUMN log."hash" IS 'Its hash.'""",
    """CREATE VIEW searchable AS
SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT string_agg(field.value, '; ' ORDER BY person.n, field.n)
       FROM json_array_elements(f.participants::json) WITH ORDINALITY AS person(value, n)
      CROSS JOIN LATERAL json_each_text(person.value) WITH ORDINALITY AS field(key, value, n)) AS people,
    (SELECT string_agg(tag.value, '; ' ORDER BY tag.n)
       FROM json_array_elements_text(f.tags::json) WITH ORDINALITY AS tag(value, n)) AS tags,
    (SELECT string_agg(c.quote, '; ' ORDER BY c.position)
       FROM citation c JOIN source s ON s.position = c.source
      WHERE c.about = f.position AND c.until IS NULL AND c.withdrawn = 0 AND s.until IS NULL AND s.withdrawn = 0) AS quotes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE f.until IS NULL""",
    """COMMENT ON VIEW searchable IS 'The words of facts and of their live quotes, as the full-text table `search` reads them.'""",
    """COMMENT ON COLUMN searchable."position" IS 'The fact''s position.'""",
    """COMMENT ON COLUMN searchable."id" IS 'Its id.'""",
    """COMMENT ON COLUMN searchable."title" IS 'What happened.'""",
    """COMMENT ON COLUMN searchable."place" IS 'Where.'""",
    """COMMENT ON COLUMN searchable."people" IS 'The names and roles of those who took part.'""",
    """COMMENT ON COLUMN searchable."tags" IS 'Its tags.'""",
    """COMMENT ON COLUMN searchable."quotes" IS 'The quotes of its live evidence.'""",
]


def upgrade() -> None:
    # Statements are given as they are: no % in them stands for a value.
    connection = op.get_bind().execution_options(no_parameters=True)
    own = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for statement in MADE:
        connection.exec_driver_sql(statement.replace("@own", own))
