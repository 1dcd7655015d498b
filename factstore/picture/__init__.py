"""Draws a chronology as a picture file or as an interactive page; it only reads.

Text written by a source is always shown as text, never as markup or script, and as a link only if it is a web address.
"""

from __future__ import annotations

from factstore.picture.axis import AXES
from factstore.picture.files import FORMS, draw
from factstore.picture.scene import GROUPINGS, Scene, TooMany, Wanted, scene

__all__ = ["AXES", "FORMS", "GROUPINGS", "Scene", "TooMany", "Wanted", "draw", "scene"]
