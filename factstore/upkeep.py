"""What keeps a ledger sound and safe: its head, verification, repair, copies, parts, and upgrades."""

from __future__ import annotations

import os
from collections.abc import Iterable

from factstore.arguments import checked_calls
from factstore.chronology import Reader
from factstore.database.names import REVISION
from factstore.database.opening import open_engine
from factstore.dates.given import DateLike
from factstore.ledger import chain
from factstore.ledger.chain import Head
from factstore.maintenance import backups, comparing, filing, rebuilding, sharing, statements, verifying
from factstore.maintenance.comparing import Compared
from factstore.maintenance.faults import explained
from factstore.maintenance.filing import Filing
from factstore.maintenance.sharing import Shared
from factstore.maintenance.statements import Statement
from factstore.maintenance.verifying import Verified
from factstore.progress import Progress
from factstore.repository.named import Named, ids_of, known_of
from factstore.writing.turns import turn


@checked_calls
class Upkeep(Reader):
    """A ledger that can be questioned, verified, repaired and copied. `Store` can also write."""

    def head(self, known: DateLike | int | None = None) -> Head:
        """The last record's position and hash; with `known` as of a position, or the end of a moment or day (see `at`)."""
        with self.file.reading() as connection:
            return chain.head(connection) if known is None else statements.state(connection, known_of(known)).head

    def statement(self, known: DateLike | int | None = None) -> Statement:
        """The head with the ledger's id and the moment of its commit; its `text()` is to be signed or timestamped."""
        with self.file.reading() as connection:
            return statements.state(connection, known_of(known))

    def check_files(self, folder: str | os.PathLike[str]) -> Filing:
        """Compare the files of a folder, by name, with the SHA-256 that sources have for them."""
        with self.file.reading() as connection:
            return filing.check_files(connection, folder)

    def compare(self, other: str | os.PathLike[str]) -> Compared:
        """Compare this ledger with another copy of it, or a part: the same, ahead, behind, or diverging from a position on.

        The other's records are verified as well; `verify` says whether this one's are as they were written.
        """
        theirs = open_engine(other)
        theirs.identity()
        try:
            with self.file.reading() as connection, theirs.reading() as against:
                return comparing.compare(connection, against)
        finally:
            theirs.close()

    def verify(
        self,
        *,
        ledger_only: bool = False,
        head: Head | Statement | None = None,
        part: bool = False,
        progress: Progress | None = None,
    ) -> Verified:
        """Reread all bytes of the ledger, then the rest of the file, and compare the projection with a fresh fold.

        `head` is one published before, or a statement of one: the ledger must still have that record, with that hash. With
        `part` payloads may be missing, as in a file made by `share`. `progress` is called with the number of
        records done, and their total: once while they are reread and again while they are folded.
        """
        with self.file.reading() as connection:
            return verifying.verify(connection, ledger_only=ledger_only, head=head, part=part, progress=progress)

    def share(
        self,
        where: str | os.PathLike[str],
        facts: Iterable[Named],
        *,
        texts: bool = False,
        messages: bool = True,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Shared:
        """Write a part of the ledger to a new file: some facts, by their ids, and what these rest on.

        It has the headers of all records, so that it can be verified against the head of the whole, and is read-only. With
        `texts` it has the archived texts of its sources; without `messages` it does not show who made its commits, and why.
        Raises UnknownId, and Refused if a file has that name or there is nothing to share.
        """
        with self._asking() as repository:
            named = ids_of(repository, facts)
        with explained(self.file):
            return sharing.share(
                self.file, where, named, archived=texts, messages=messages, dry_run=dry_run, progress=progress
            )

    def rebuild(self, *, progress: Progress | None = None) -> Head:
        """Empty the projection and fold the ledger afresh; make missing triggers, views and indexes again.

        Raises Corrupt, and changes nothing, if the ledger is not as it was written or the file is too damaged to be
        repaired; and after the rebuild, if archived texts are damaged, which it cannot repair.
        """
        with turn(self.file):
            return rebuilding.rebuild(self.file, progress)

    def rebuild_into(self, where: str | os.PathLike[str], *, progress: Progress | None = None) -> Head:
        """Copy the ledger and its archived texts into a new file, and fold the ledger there.

        For a file that is damaged elsewhere, of which nothing else is read. Raises Refused if a file has that name,
        and Corrupt as `rebuild` does.
        """
        return self.copy(where, progress=progress)

    def copy(self, where: str | os.PathLike[str], *, progress: Progress | None = None) -> Head:
        """Copy the ledger and its archived texts, record by record, to a free place on any engine. Returns its head.

        The head is the same, and so are all answers, which are folded afresh there. Raises as `rebuild_into` does.
        """
        return backups.copy_records(self.file, where, progress)

    def backup(self, where: str | os.PathLike[str]) -> Head:
        """Copy the ledger, as it is at one moment, to a new file. Returns the head of the copy.

        Others can read and write meanwhile. The copy gets its name once it is complete, durable and verified: its pages, its
        ledger and its archived texts. Raises Refused if a file has that name, and Corrupt if the copy does not verify.
        """
        return backups.back_up(self.file, where)

    def upgrade(self) -> tuple[str, str]:
        """Bring an older file's schema up to date. Returns the schema before and after."""
        from factstore.maintenance import upgrade

        with turn(self.file):
            with self.file.reading(checked=False) as connection:
                self.file.check(connection, older=True)
                before = self.file.revision(connection)
            self.file.mark_as_ledger()  # first, so that nothing can fail after the upgrade
            if before != REVISION:
                upgrade.run(self.file)
        assert before is not None
        return before, REVISION
