"""A view, a macro (of a table or of a value) or a table of results, as text."""

import hashlib
from dataclasses import dataclass
from typing import Literal

ObjectKind = Literal["view", "macro", "scalar", "table"]


@dataclass(frozen=True)
class Definition:
    """A view, a macro or a table of results.

    Attributes:
        name: as SQL writes it.
        kind: what it is.
        sql: the statement that creates it.
        title: its comment, Chinese first.
        columns: its columns' comments.
    """

    name: str
    kind: ObjectKind
    sql: str
    title: str
    columns: dict[str, str]

    @property
    def sha256(self) -> str:
        """SHA-256 of its statement."""
        return hashlib.sha256(self.sql.encode()).hexdigest()
