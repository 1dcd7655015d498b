"""Where a file lies on a disk that is another machine's, or in a folder that a program keeps in step with other copies.

SQLite's write-ahead log needs memory that all who open the file share, which they do on one machine alone; and a program that
copies a file while it is written copies halves of it.
"""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")
#: Types of file systems whose bytes lie elsewhere; 9p and drvfs are Windows' disks as Linux sees them within it.
_ELSEWHERE = re.compile(
    r"nfs[0-9]?|cifs|smb.*|9p|drvfs|afpfs|ncpfs|ceph|glusterfs|lustre|beegfs|davfs|vboxsf|prl_fs|fuse\..*"
)
#: Folders that are kept in step, by how their names begin.
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
    """Why a place is not safe for a ledger that is written, in words; None where nothing is known against it."""
    try:
        place = path.resolve()
    except OSError:
        return None
    program = next(
        (who for part in place.parts[:-1] for name, who in _IN_STEP.items() if part.casefold().startswith(name)), None
    )
    if program:
        return f"it lies in a folder that {program} keeps in step with other copies, which can tear it apart"
    if str(place.drive).startswith("\\\\"):
        return "it lies on another machine's disk, where SQLite's locks and its log are not safe"
    kind = _mounted(place, mounts)
    if kind and _ELSEWHERE.fullmatch(kind):
        return f"it lies on a file system of the type {kind}, where SQLite's locks and its log are not safe"
    return None


def _mounted(place: Path, mounts: Path) -> str:
    """The type of the file system that a place is on; "" where nobody says."""
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
