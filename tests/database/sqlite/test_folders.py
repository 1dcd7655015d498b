"""Places where a ledger is not safe are warned about, as far as they can be recognized."""

from __future__ import annotations

from pathlib import Path

import pytest

from factstore.database.sqlite import folders
from factstore.database.sqlite.file import LedgerFile
from factstore.store import Store
from tests.cli.test_cli import run

MOUNTS = r"""sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /mnt/case\040files nfs4 rw 0 0
//server/desk /mnt/desk cifs rw 0 0
/dev/sdb1 /mnt/desk/local ext4 rw 0 0
remote /home/ann/remote fuse.sshfs rw 0 0
/dev/sdc1 /mnt/stick fuseblk rw 0 0
odd
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/mnt/case files/2026/facts.db", "nfs4"),
        ("/mnt/desk/facts.db", "cifs"),
        ("/home/ann/remote/facts.db", "fuse.sshfs"),
        ("/home/ann/facts.db", None),
        ("/mnt/desk/local/facts.db", None),
        ("/mnt/stick/facts.db", None),
        ("/mnt/case/facts.db", None),
    ],
)
def test_a_disk_of_another_machine_is_recognized_by_its_mount(place: str, kind: str | None, mounts: Path) -> None:
    found = folders.caution(Path(place), mounts)
    assert (kind or "nothing") in (found or "nothing")


@pytest.mark.parametrize(
    ("place", "who"),
    [
        ("/home/ann/Dropbox/facts.db", "Dropbox"),
        ("/home/ann/Dropbox (Desk)/case/facts.db", "Dropbox"),
        ("/home/ann/OneDrive - Desk/facts.db", "OneDrive"),
        ("/Users/ann/Library/Mobile Documents/com~apple~CloudDocs/facts.db", "iCloud"),
        ("/home/ann/Nextcloud/facts.db", "Nextcloud"),
    ],
)
def test_a_synced_folder_is_recognized_by_its_name(place: str, who: str, tmp_path: Path) -> None:
    assert who in (folders.caution(Path(place), tmp_path / "none") or "")


def test_a_ledger_may_have_any_name(tmp_path: Path) -> None:
    assert folders.caution(Path("/home/ann/dropbox.db"), tmp_path / "none") is None


def test_the_commands_that_make_or_check_a_ledger_warn(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    db = folder / "facts.db"
    assert "Dropbox" in (LedgerFile(db).caution() or "")
    for words in (["init"], ["verify"], []):
        assert "is at risk: " in run(*words, db=db).err, words
    assert "is at risk: " not in run("facts", db=db).err
    loaded = run("add", "Bells rang", "--source", "herald", "--publisher", "The Herald", db=folder / "new.db")
    assert (loaded.code, "is at risk: " in loaded.err) == (0, True)
    assert "is at risk: " not in run("init", db=tmp_path / "here.db").err
    assert Store(db).verify().ok
