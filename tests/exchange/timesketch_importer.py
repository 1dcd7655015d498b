"""Prints what Timesketch's own importer would send to a server for a file, as a JSON array of its events.

Run by an interpreter that has `timesketch-import-client`: `python timesketch_importer.py FILE`. The server is a stand-in
within the process, so nothing is sent.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

from timesketch_import_client.importer import ImportStreamer

sent: list[Any] = []


def post(_: str, files: dict[str, tuple[Any, str, str]], **__: Any) -> Any:
    """Keep the events of an upload, and answer as a server does."""
    sent.extend(map(json.loads, files["events"][1].split("\n")))
    return SimpleNamespace(status_code=200, json=lambda: {"objects": [{}]})


with ImportStreamer() as streamer:
    api = SimpleNamespace(api_root="", session=SimpleNamespace(post=post))
    streamer.set_sketch(SimpleNamespace(id=1, api=api))
    streamer.add_file(sys.argv[1])
print(json.dumps(sent))
