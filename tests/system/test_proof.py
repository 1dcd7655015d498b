"""Runs the commands of docs/guide/proof.md: signs with a key made for the test, and stamps with a local authority."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factstore.store import Store
from tests.conftest import NewStore
from tests.ledger.test_chain import CHRONOLOGY

TEXT = (Path(__file__).parents[2] / "docs" / "guide" / "proof.md").read_text(encoding="utf-8")
SCRIPT = Path(__file__).parents[2] / "docs" / "reference" / "verify_ledger.py"
#: Keys of a type that is fast to generate.
KEY = "ec -pkeyopt ec_paramgen_curve:prime256v1"
AUTHORITY = """
[ tsa ]
default_tsa = local
[ local ]
serial = ./serial
signer_cert = ./stamp.pem
certs = ./authority.pem
signer_key = ./stamp.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[ stamping ]
extendedKeyUsage = critical, timeStamping
"""


def commands(heading: str) -> list[str]:
    """The shell commands below a heading."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


def needed(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not here")


def typed(command: str, folder: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "FACTSTORE_DB": str(folder / "facts.db")}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout + done.stderr


@pytest.fixture
def folder(new_store: NewStore, tmp_path: Path) -> Path:
    store = new_store()
    store.load(CHRONOLOGY, message="first reading")
    shutil.copyfile(store.path, tmp_path / "facts.db")
    return tmp_path


def test_a_statement_is_signed_and_checked(folder: Path) -> None:
    needed("ssh-keygen")
    typed("ssh-keygen -q -t ed25519 -N '' -C ann -f ann", folder)
    told = [typed(line, folder) for line in commands("Signed")]
    assert "ann@example.org" in told[-2]
    assert told[-1].startswith("ok: ")
    assert "rewrite" not in told[-1]
    by_script = typed(f"{sys.executable} {SCRIPT} facts.db head.json", folder)
    assert by_script == "verified {}:{}\n".format(*Store(folder / "facts.db").head())
    (folder / "head.json").write_text((folder / "head.json").read_text().replace('"position": ', '"position": 1'))
    with pytest.raises(AssertionError):
        typed(commands("Signed")[-2], folder)


def test_a_statement_is_timestamped_and_checked(folder: Path) -> None:
    needed("openssl")
    (folder / "tsa.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    for line in (
        f"openssl req -x509 -newkey {KEY} -nodes -keyout authority.key -out authority.pem -days 2 -subj /CN=authority",
        f"openssl req -newkey {KEY} -nodes -keyout stamp.key -out stamp.csr -subj /CN=stamp",
        "openssl x509 -req -in stamp.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -out stamp.pem "
        "-extfile tsa.cnf -extensions stamping",
    ):
        typed(line, folder)
    typed(commands("Signed")[0], folder)
    told = []
    for line in commands("Timestamped"):
        # Nothing goes over the network: the authority is on this machine.
        here = "openssl ts -reply -queryfile head.tsq -config tsa.cnf -section local -out head.tsr"
        told.append(typed(here if line.startswith("curl") else line, folder))
    assert "Time stamp:" in told[2]
    assert "Verification: OK" in told[3]
    assert told[4].startswith("ok: ")
    (folder / "head.json").write_text("{}")
    with pytest.raises(AssertionError):
        typed(commands("Timestamped")[3], folder)


def test_a_part_is_checked_with_and_without_factstore(folder: Path) -> None:
    told = [typed(line, folder) for line in commands("A part")]
    head = "{}:{}".format(*Store(folder / "facts.db").head())
    assert all(said.startswith("part verified") and head in said for said in told[-2:])
    without = commands("A part")[-1].removesuffix(" --part")
    with pytest.raises(AssertionError, match="--part verifies what is there"):
        typed(without, folder)


def test_a_head_is_one_line_to_be_printed(folder: Path) -> None:
    assert re.fullmatch(r"[0-9]+:[0-9a-f]{64}\n", typed(commands("Published")[0], folder))
