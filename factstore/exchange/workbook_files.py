"""Opens workbooks of any kind; a fault of a file is one sentence that names it, whichever part of it is read then."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from factstore.errors import InputError
from factstore.exchange import compound_files, xlsb_extent
from factstore.exchange.cell_details import letters
from factstore.exchange.xlsx_details import farthest

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

#: The most bytes that a workbook's parts may have in total when unpacked.
UNPACKED = 2**30
#: The most cells that a sheet may span, including empty ones, since the reader allocates room for each.
CELLS = 30_000_000
#: The first bytes of a ZIP archive, as .xlsx, .xlsb and .ods are.
PACKED = b"PK\x03\x04"
#: The flag of an encrypted part of it, and where and how .ods says that its parts are.
_LOCK, _MANIFEST, _ENCRYPTED = 1, "META-INF/manifest.xml", b"encryption-data"

_DAMAGED = "this is not a workbook that can be read; it is damaged or cut short"
_LOCKED = "it is protected with a password; save it without one"
_OTHER = "this is not a workbook that can be read; save it as .xlsx or .csv"


@contextmanager
def workbook(content: bytes, name: str) -> Iterator[CalamineWorkbook]:
    """A workbook, to be read in the block. Raises InputError, also from the block, if it cannot be read."""
    try:
        import python_calamine as calamine
    except ImportError:
        raise InputError(f"{name}: reading workbooks needs `pip install 'factstore-timeline[sheets]'`") from None
    if fault := _fault(content):
        raise InputError(f"{name}: {fault}")
    try:
        yield calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError:
        raise InputError(f"{name}: {_LOCKED}") from None
    except calamine.CalamineError:
        raise InputError(f"{name}: {_OTHER}") from None
    except OSError:
        raise InputError(f"{name}: {_DAMAGED}") from None
    except BaseException as error:
        # How the reader fails on a part that it did not expect; the class cannot be imported, and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{name}: {_DAMAGED}") from None


@lru_cache(1)
def _fault(content: bytes) -> str:
    """What is wrong with a file that the reader would take for something else, or would not survive; "" if nothing is."""
    try:
        if content.startswith(compound_files.MARK[:4]):
            return _LOCKED if compound_files.is_encrypted(content) else ""
        return _fault_of_packed(content) if content.startswith(b"PK") else "" if content else "it is empty"
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError, OSError):
        return _DAMAGED


def _fault_of_packed(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > UNPACKED:
            return f"unpacked it is larger than {UNPACKED // 2**20} MiB; split it"
        if any(part.flag_bits & _LOCK for part in parts):
            return _LOCKED
        if _MANIFEST in packed.namelist() and _ENCRYPTED in packed.read(_MANIFEST):
            return _LOCKED
        reach = xlsb_extent.farthest(packed, CELLS)
        far = f"{letters(reach[1])}{reach[0]}" if reach else farthest(packed, CELLS)
        if far:
            return f"its cells reach as far as {far}, and most of them are empty; delete what is that far out"
        return ""
