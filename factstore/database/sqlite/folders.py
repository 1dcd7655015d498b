"""Recognizes files on another machine's disk, or in a folder that a program syncs with other copies.

SQLite's write-ahead log needs memory shared by all who open the file, which exists only on one machine; and a program that
copies a file while it is written makes inconsistent copies.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")
#: Types of file systems on other machines; 9p and drvfs are the disks of Windows within its Linux.
_ELSEWHERE = re.compile(
    r"nfs[0-9]?|cifs|smb.*|9p|drvfs|afpfs|ncpfs|ceph|glusterfs|lustre|beegfs|davfs|vboxsf|prl_fs|fuse\..*"
)
#: Synced folders, by the beginning of their names.
_IN_STEP = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "cloudstorage": "a cloud's program",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "pcloud": "pCloud",
    "box sync": "Box",
    "megasync": "MEGA",
    "seafile": "Seafile",
    "yandex.disk": "Yandex.Disk",
    "creative cloud files": "Creative Cloud",
}


def caution(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Why a place is not safe for writing a ledger, in words; None if no risk is known."""
    try:
        place = path.resolve()
    except OSError:
        return None
    program = next(
        (who for part in place.parts[:-1] for name, who in _IN_STEP.items() if part.casefold().startswith(name)), None
    )
    if program:
        return f"it is in a folder that {program} syncs with other copies, which can corrupt it"
    if str(place.drive).startswith("\\\\"):
        return "it is on another machine's disk, where SQLite's locks and its log are not safe"
    kind = _mounted(place, mounts)
    if kind and _ELSEWHERE.fullmatch(kind):
        return f"it is on a file system of the type {kind}, where SQLite's locks and its log are not safe"
    return None


def _mounted(place: Path, mounts: Path) -> str:
    """The type of the file system that a place is on; "" if unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found, depth = "", -1
    for line in lines:
        words = line.split(" ")
        if len(words) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), words[1]))
        if (point == place or point in place.parents) and len(point.parts) >= depth:
            found, depth = words[2], len(point.parts)
    return found
