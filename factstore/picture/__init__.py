"""The picture of a chronology, as a drawing or as a page: read from a view, never written to it.

What a source wrote is text wherever it stands in a picture: never markup, never a script, and a link only where it is one.
"""

from __future__ import annotations

from factstore.picture.axis import AXES
from factstore.picture.files import FORMS, draw
from factstore.picture.scene import GROUPINGS, Scene, TooMany, Wanted, scene

__all__ = ["AXES", "FORMS", "GROUPINGS", "Scene", "TooMany", "Wanted", "draw", "scene"]
