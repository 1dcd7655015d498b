"""Full text: the words of facts, as a view, and the table that indexes them."""

from __future__ import annotations

from factstore.database.views.shown import Shown

#: The words of facts; the conditions say when a row of a fact, a citation and a source counts.
SEARCHABLE = """SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT group_concat(field.value, '; ')
       FROM json_each(f.participants) person, json_each(person.value) field) AS people,
    (SELECT group_concat(value, '; ') FROM json_each(f.tags)) AS tags,
    (SELECT group_concat(quote, '; ') FROM (
        SELECT c.quote FROM citation c JOIN source s ON s.position = c.source
         WHERE c.about = f.position AND {citation} AND {source} ORDER BY c.position)) AS quotes,
    (SELECT group_concat(key || ' ' || value, '; ') FROM json_each(f.attributes)) AS attributes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE {fact}"""

TOKENS = "tokenize='unicode61 remove_diacritics 2'"
SEARCH = f"""CREATE VIRTUAL TABLE search USING fts5(
    id, title, place, people, tags, quotes, attributes,
    content='searchable', content_rowid='position', {TOKENS}
)"""

VIEWS = {
    "searchable": Shown(
        "CREATE VIEW searchable AS\n"
        + SEARCHABLE.format(
            fact="f.until IS NULL",
            citation="c.until IS NULL AND c.withdrawn = 0",
            source="s.until IS NULL AND s.withdrawn = 0",
        ),
        "The words of facts and of their live quotes, as the full-text table `search` reads them.",
        {
            "position": "The fact's position.",
            "id": "Its id.",
            "title": "What happened.",
            "place": "Where.",
            "people": "The names and roles of those who took part.",
            "tags": "Its tags.",
            "quotes": "The quotes of its live evidence.",
            "attributes": "Its other fields, with their names.",
        },
    ),
}
