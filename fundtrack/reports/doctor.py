"""What an installation looks like from outside: versions, folders, permissions, disk, fonts, address, secrets."""

import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal

from packaging.requirements import Requirement

from fundtrack.errors import BusyError, FundtrackError
from fundtrack.settings import Settings
from fundtrack.store import access
from fundtrack.store.editions import Store
from fundtrack.store.folders import same_file
from fundtrack.text.problems import error_sentence
from fundtrack.text.say import Lang, say

Grade = Literal["good", "look", "bad"]
ROOM: Final = 1 << 30
"""Bytes free below which a disk is short, or three times the newest edition, whichever is more."""
PROJECT: Final = Path(__file__).resolve().parents[2] / ".streamlit"
_OTHERS_WRITE: Final = 0o002
_ANY_WRITE: Final = 0o222
_TRUSTING: Final = "STREAMLIT_SERVER_TRUSTED_USER_HEADERS"
_NOT_OWNER: Final = 0o077


@dataclass(frozen=True)
class Seen:
    """One thing looked at.

    Attributes:
        code: name of its sentence, under `doctor.check.`.
        grade: good; to be looked at; bad, which makes the command fail.
        about: the sentence's words.
    """

    code: str
    grade: Grade
    about: dict[str, Any] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """What was seen, and the cure where there is something to mend."""
        about = dict(self.about)
        if isinstance(error := about.get("error"), FundtrackError):
            about["error"] = error_sentence(error, lang)
        return say(f"doctor.check.{self.code}", lang, **about)

    def as_json(self, lang: Lang) -> dict[str, str]:
        """The check as JSON shows it."""
        return {"check": self.code, "grade": self.grade, "message": self.sentence(lang)}


def examine(settings: Settings, streamlit: Path = PROJECT) -> list[Seen]:
    """Everything that is looked at, in order.

    Args:
        settings: of this installation.
        streamlit: the folder of the dashboard's settings and secrets.
    """
    store = Store(settings.data)
    looks: tuple[Callable[[], Iterator[Seen]], ...] = (
        _versions,
        _user,
        lambda: _folders(store),
        lambda: _disk(store),
        lambda: _edition(store),
        lambda: _kept(store),
        lambda: _keys(settings, store),
        lambda: _address(streamlit / "config.toml"),
        lambda: _secrets(streamlit / "secrets.toml"),
        lambda: _access(store),
        lambda: _trusted(streamlit / "config.toml"),
        _fonts,
    )
    return [check for look in looks for check in look()]


def _versions() -> Iterator[Seen]:
    wrong = []
    for text in requires("fundtrack") or []:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            if not wanted.specifier.contains(found := version(wanted.name)):
                wrong.append(f"{wanted.name} {found}")
        except PackageNotFoundError:
            wrong.append(wanted.name)
    python = ".".join(map(str, sys.version_info[:3]))
    if wrong:
        yield Seen("versions_wrong", "bad", {"names": ", ".join(wrong)})
    else:
        yield Seen("versions", "good", {"python": python, "fundtrack": version("fundtrack")})


def _user() -> Iterator[Seen]:
    if os.geteuid() == 0:
        yield Seen("root", "look")


def _folders(store: Store) -> Iterator[Seen]:
    folder = store.folders.data
    if not folder.is_dir():
        yield Seen("no_folder", "look", {"folder": folder})
        return
    parts = (folder, store.folders.editions, store.folders.batches, store.folders.sources)
    open_ = [path for path in parts if path.is_dir() and path.stat().st_mode & _OTHERS_WRITE]
    shut = [path for path in parts if path.is_dir() and not os.access(path, os.W_OK | os.X_OK)]
    if open_:
        yield Seen("folder_open", "bad", {"folder": open_[0]})
    if shut:
        yield Seen("folder_shut", "bad", {"folder": shut[0]})
    if not open_ and not shut:
        yield Seen("folder", "good", {"folder": folder})


def _disk(store: Store) -> Iterator[Seen]:
    place = store.folders.data.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    newest = max(store.folders.numbers(), default=None)
    wanted = max(ROOM, 3 * store.folders.edition(newest).stat().st_size if newest else 0)
    about = {"free": f"{free / 1e9:.1f}", "wanted": f"{wanted / 1e9:.1f}", "folder": place}
    yield Seen("disk", "good", about) if free >= wanted else Seen("disk_short", "bad", about)


def _edition(store: Store) -> Iterator[Seen]:
    try:
        newest = store.newest()
        if newest is None:
            yield Seen("no_data", "look", {"folder": store.folders.data})
            return
        editions = store.ledger().editions()
    except FundtrackError as error:
        yield Seen("edition_bad", "bad", {"error": error})
        return
    seen = store.served()
    if seen.damaged:
        wrong = seen.damaged[0]
        about = {"edition": wrong.edition, "detail": wrong.detail, "served": seen.edition}
        yield Seen("edition_damaged", "bad", about)
        return
    at = editions["published_at"][-1]
    yield Seen("edition", "good", {"edition": newest, "at": f"{at:%Y-%m-%d %H:%M}"})
    if at > datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=5):
        yield Seen("clock_back", "bad", {"at": f"{at:%Y-%m-%d %H:%M}"})
    if not same_file(store.edition_path(newest), store.folders.published):
        yield Seen("published_old", "look", {"file": store.folders.published})


def _kept(store: Store) -> Iterator[Seen]:
    """What never changes must not be writable, and nothing may be left over."""
    folders = store.folders
    kept = [path for part in (folders.editions, folders.batches, folders.sources) if part.is_dir()
            for path in part.iterdir() if path.is_file() and not path.name.startswith((".", "draft-"))]  # fmt: skip
    writable = [path for path in kept if path.stat().st_mode & _ANY_WRITE]
    if writable:
        yield Seen("file_writable", "look", {"count": len(writable), "file": writable[0]})
    if left := list(folders.leftovers()):
        yield Seen("left_over", "look", {"count": len(left)})


def _keys(settings: Settings, store: Store) -> Iterator[Seen]:
    folder = settings.keys or store.folders.keys
    for path in sorted(folder.glob("*.pem")):
        if path.stat().st_mode & _NOT_OWNER:
            yield Seen("key_open", "bad", {"file": path})
    if settings.keys is None and folder.is_dir():
        yield Seen("key_beside", "look", {"folder": folder})


def _address(config: Path) -> Iterator[Seen]:
    try:
        said = tomllib.loads(config.read_text("utf-8")).get("server", {}).get("address", "0.0.0.0")  # noqa: S104
    except (OSError, tomllib.TOMLDecodeError):
        yield Seen("config_unread", "bad", {"file": config})
        return
    try:
        inside = ip_address(said).is_loopback
    except ValueError:
        inside = said == "localhost"
    about = {"address": said}
    yield Seen("address", "good", about) if inside else Seen("address_open", "look", about)


def _secrets(secrets: Path) -> Iterator[Seen]:
    if secrets.is_file() and secrets.stat().st_mode & _NOT_OWNER:
        yield Seen("secrets_open", "bad", {"file": secrets})


def _access(store: Store) -> Iterator[Seen]:
    """The access log: whether its chain holds, and nobody else reads or writes it."""
    files = access.files_of(store.folders)
    if not files:
        return
    if found := access.broken(store.folders):
        yield Seen(
            "access_broken", "bad", {"file": found[0].file, "row": found[0].row or "—", "count": len(found)}
        )
    else:
        yield Seen("access", "good", {"days": len(files), "first": files[0].stem})
    folder = access.folder_of(store.folders)
    if folder.stat().st_mode & 0o007:
        yield Seen("access_open", "look", {"folder": folder})


def _trusted(config: Path) -> Iterator[Seen]:
    """Streamlit can be told to believe headers that say who somebody is; whoever reaches it could then be anybody."""
    if os.environ.get(_TRUSTING):
        yield Seen("headers_trusted", "bad", {"place": _TRUSTING})
    try:
        said = tomllib.loads(config.read_text("utf-8")).get("server", {})
    except (OSError, tomllib.TOMLDecodeError):
        return  # said by the look at the address
    if said.get("trustedUserHeaders"):
        yield Seen("headers_trusted", "bad", {"place": config})


def _fonts() -> Iterator[Seen]:
    try:
        from fundtrack.reports.paper.typeset import faces  # noqa: PLC0415 - what is missing is told, not stumbled over

        found = faces()
    except (BusyError, ImportError):
        yield Seen("no_fonts", "look")
    else:
        yield Seen("fonts", "good", {"names": ", ".join(dict.fromkeys((found.serif, found.sans)))})
