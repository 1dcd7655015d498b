"""The views for people who open an SQLite file, with descriptions of them and their columns.

They need no code of ours. Of the JSON functions they use only `json_each`: the others count as unsafe if a connection
does not trust the schema, as ours do not.
"""

from __future__ import annotations

from factstore.database.views import evidence, facts, order, records, search
from factstore.database.views.shown import Shown

#: In the order in which they are described.
VIEWS: dict[str, Shown] = facts.VIEWS | evidence.VIEWS | order.VIEWS | records.VIEWS | search.VIEWS
