"""Checked workbooks given back to their senders: where each marked copy goes, one for every file that could be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fundtrack.errors import BusyError, InputError, UsageError
from fundtrack.load.annotate import annotate
from fundtrack.load.checked import Checked
from fundtrack.load.outcome import Result
from fundtrack.text.say import Lang

_SUFFIX: Final = ".xlsx"


@dataclass(frozen=True)
class GivenBack:
    """A marked copy.

    Attributes:
        file: the file's name as its sender calls it.
        out: where the copy stands.
    """

    file: str
    out: Path


def give_back(result: Result, out: Path, lang: Lang, against: str = "") -> list[GivenBack]:
    """Write the marked copy of every file of a check that could be read, in the order of its senders.

    `out` is the copy itself where there is one file; of several files each copy is `out` with the file's stem behind its
    own. A folder, or a name that does not end in .xlsx, takes each copy under the file's stem. No file is overwritten by
    another's copy, nor any of the files that were checked. `against` as in `annotate`.

    Raises:
        UsageError: a copy would stand where one of the files checked stands.
        BusyError: `out` cannot be written.
    """
    checked = [item for sender in result.senders for item in sender.files]
    goals = places(out, [item.file.name for item in checked])
    sources = {item.file.path.resolve() for item in checked}
    if wrong := next((goal for goal in goals if goal.resolve() in sources), None):
        raise UsageError("annotated_over_source", file=wrong)
    for folder in {goal.parent for goal in goals}:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BusyError("not_writable_file", file=folder) from error
    return [_one(item, goal, lang, against) for item, goal in zip(checked, goals, strict=True)]


def _one(item: Checked, out: Path, lang: Lang, against: str) -> GivenBack:
    try:
        annotate(item.file.path, out, item.problems, lang, name=item.file.name, against=against)
    except InputError as error:
        if error.code != "not_annotated":
            raise
        raise BusyError("not_writable_file", file=out) from error
    return GivenBack(item.file.name, out)


def places(out: Path, names: Sequence[str]) -> list[Path]:
    """Where the copies of files by these names stand.

    >>> [str(path) for path in places(Path("marked.xlsx"), ["甲.xls"])]
    ['marked.xlsx']
    >>> [str(path) for path in places(Path("marked.xlsx"), ["甲.xls", "乙.xlsx", "甲.csv"])]
    ['marked-甲.xlsx', 'marked-乙.xlsx', 'marked-甲-2.xlsx']
    >>> [str(path) for path in places(Path("back"), ["甲.xls"])]
    ['back/甲.xlsx']
    """
    into_folder = out.is_dir() or out.suffix.lower() != _SUFFIX
    if len(names) == 1 and not into_folder:
        return [out]
    stems = _apart(Path(name).stem for name in names)
    if into_folder:
        return [out / f"{stem}{_SUFFIX}" for stem in stems]
    return [out.with_name(f"{out.stem}-{stem}{_SUFFIX}") for stem in stems]


def _apart(stems: Iterable[str]) -> list[str]:
    """Stems of which none stands twice, whatever the case of its letters."""
    out: list[str] = []
    for stem in stems:
        given, at = stem, 1
        while given.lower() in {one.lower() for one in out}:
            at += 1
            given = f"{stem}-{at}"
        out.append(given)
    return out
