"""What we write opens in other people's office programs: LibreOffice turns it into pages that contain all of it.

Skipped if there is no `soffice` (Debian: libreoffice-writer-nogui and libreoffice-calc-nogui).
"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from factstore.exchange import word, workbook
from factstore.exchange.extract import Extract, clean
from tests.support import pdf
from tests.support.pdf import flat

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(SOFFICE is None, reason="this machine has no LibreOffice (soffice)"),
]


@pytest.fixture(scope="module")
def printed(seed: Extract, hard: Extract, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[pdf.Page]]:
    """Each document on pages, by its name."""
    folder = tmp_path_factory.mktemp("office")
    for name, held in (("seed", seed), ("hard", hard)):
        (folder / f"{name}.docx").write_bytes(word.write(held).content)
        (folder / f"{name}-sheets.xlsx").write_bytes(workbook.write(held).content)
    made = sorted(folder.glob("*.*x"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    converting = [str(SOFFICE), "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder / "pdf")]
    subprocess.run([*converting, *map(str, made)], capture_output=True, check=True, timeout=300)
    return {path.stem: [*pdf.read(path).pages] for path in (folder / "pdf").glob("*.pdf")}


@pytest.mark.parametrize("name", ["seed", "hard"])
def test_a_word_document_has_every_fact_and_footnote_on_numbered_pages(
    printed: dict[str, list[pdf.Page]], name: str, request: pytest.FixtureRequest
) -> None:
    held: Extract = request.getfixturevalue(name)
    written = [page.text for page in printed[name]]
    whole = "".join(written)
    for number, page in enumerate(written, 1):
        assert flat(f"page {number} of {len(written)}") in page
        assert len(page) > 200  # none is blank
    for fact in held.facts:
        assert flat(clean(fact.title)) in whole, fact.title
    assert len(re.findall(r"https://www[.]themoscow|gazette[.]example/a", whole)) > 2
    assert flat("About this document") in whole
    # The header of the table is on each page that has rows of it.
    assert all(flat("What happened") in page for page in written[:-1])


@pytest.mark.parametrize("name", ["seed", "hard"])
def test_a_workbook_prints_every_sheet_in_letters_that_can_be_read(
    printed: dict[str, list[pdf.Page]], name: str, request: pytest.FixtureRequest
) -> None:
    held: Extract = request.getfixturevalue(name)
    pages = printed[f"{name}-sheets"]
    whole = "".join(page.text for page in pages)
    told = [text for fact in held.facts for text in (fact.title, fact.id)]
    told += [one.quote for _, one in held.citations() if one.quote]
    for text in told:
        # A cell keeps characters that turn the direction of a line, and the program draws it that way.
        assert flat(text) in whole or "\u202e" in text, text
    assert flat("Each sheet has one row for each thing") in whole
    # Pages side by side: the id is on each page that shows a part of a row.
    sharing = [page for page in pages if flat(held.facts[0].id) in page.text]
    assert len(sharing) > 2
    assert min(size for page in pages for size in page.sizes) >= 5
