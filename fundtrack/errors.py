"""What can be wrong: a Problem is a value about a file, a FundtrackError stops a command."""

import dataclasses
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, at its place; its sentence lives in text/*.toml under `problem.<code>`.

    Attributes:
        code: stable name of the kind of problem, e.g. `not_a_number`.
        severity: an `error` keeps the file out, a `warning` is shown and loaded.
        file: name of the file as given.
        sheet: name of the sheet as written in the file.
        row: row number as the spreadsheet shows it, from 1.
        column: column letters as the spreadsheet shows them.
        field: the field of the data dictionary.
        value: what was seen, as written.
        table: the table of the data dictionary.
        about: further words of the sentence (a limit, the other row, …).
    """

    code: str
    severity: Severity = "error"
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None
    value: str | None = None
    table: str | None = None
    about: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def cell(self) -> str | None:
        """The cell's address, e.g. `F12`, where both its row and its column are known."""
        return f"{self.column}{self.row}" if self.column and self.row else None

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON shows it, without its sentence."""
        out = asdict(self)
        out["cell"] = self.cell
        return out


def blocking(problems: Iterable[Problem]) -> bool:
    """True where at least one problem is an error."""
    return any(problem.severity == "error" for problem in problems)


class FundtrackError(Exception):
    """A failure with a sentence of its own, under `error.<code>` in text/*.toml.

    Attributes:
        code: name of the sentence.
        exit_code: what a command ends with: 1 the input, 2 usage, 3 busy or not writable, 4 integrity.
        about: the sentence's words.
    """

    exit_code = 1

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(code)
        self.code = code
        self.about = {name: str(value) for name, value in about.items()}

    def __str__(self) -> str:
        words = ", ".join(f"{name}={value}" for name, value in self.about.items())
        return f"{self.code} ({words})" if words else self.code


class InputError(FundtrackError):
    """Refused because of what was given."""


class UsageError(FundtrackError):
    """The command was called wrongly."""

    exit_code = 2


class BusyError(FundtrackError):
    """Somebody else is loading, or the folder cannot be written."""

    exit_code = 3


class AccessError(FundtrackError):
    """Whoever asks may not, or nobody knows who it is."""

    exit_code = 3


class IntegrityError(FundtrackError):
    """What is stored is not what was stored."""

    exit_code = 4
