"""Ways to narrow facts beyond their own columns: by participant, cited source and stance, each with a facet."""

from __future__ import annotations

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_added_args, path_with_removed_args

from factstore.browser.metadata import NAME
from factstore.plain import JsonObject

#: Ways to narrow facts beyond their own columns: rows of a fact's position and a value.
OF = {
    "participant": "SELECT v.position AS fact, name.value AS value"
    " FROM fact v, json_each(v.participants) person, json_each(person.value) name"
    " WHERE v.until IS NULL AND name.key = 'name'",
    "source": "SELECT c.about AS fact, s.id AS value FROM citation c JOIN source d ON d.position = c.source"
    " JOIN thing s ON s.position = c.source WHERE c.until IS NULL AND d.until IS NULL AND NOT (c.withdrawn OR d.withdrawn)",
    "stance": "SELECT c.about AS fact, c.stance AS value FROM citation c JOIN source d ON d.position = c.source"
    " WHERE c.until IS NULL AND d.until IS NULL AND NOT (c.withdrawn OR d.withdrawn)",
}
#: The views whose rows are facts.
OF_FACTS = ("timeline", "facts")


class OfFacet(Facet):
    """Counts, for each participant, source or stance, the facts found that have it."""

    type = "of"

    async def facet_results(self) -> tuple[list[JsonObject], list[str]]:
        """The results, and the names of the facets that took too long, as Datasette's own facets return them."""
        results, late = [], []
        for held in self.get_configs():
            name = held["config"]["simple"]
            if self.database != NAME or self.table not in OF_FACTS or name not in OF:
                continue
            size = self.get_facet_size()
            sql = (
                f"SELECT value, count(DISTINCT fact) AS count FROM ({OF[name]})"
                f" WHERE fact IN (SELECT position FROM thing WHERE id IN (SELECT id FROM ({self.sql})))"
                f" GROUP BY value ORDER BY count DESC, value LIMIT {size + 1}"
            )
            limit = self.ds.setting("facet_time_limit_ms")
            try:
                found = await self.ds.execute(self.database, sql, self.params, custom_time_limit=limit)
            except QueryInterrupted:
                late.append(name)
                continue
            results.append(
                {
                    "name": name,
                    "type": "column",
                    "hideable": held["source"] != "metadata",
                    "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet_of": name})),
                    "results": [self._value(name, row["value"], row["count"]) for row in found.rows[:size]],
                    "truncated": len(found.rows) > size,
                }
            )
        return results, late

    def _value(self, name: str, value: str, count: int) -> JsonObject:
        selected = (f"_{name}", value) in self.get_querystring_pairs()
        toggle = path_with_removed_args if selected else path_with_added_args
        path = self.ds.urls.path(toggle(self.request, {f"_{name}": value}))
        return {
            "value": value,
            "label": value,
            "count": count,
            "toggle_url": self.ds.absolute_url(self.request, path),
            "selected": selected,
        }
