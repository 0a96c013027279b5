"""What a page shows: data folder, edition and date from the address; ledger and reports kept by them."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FunctionType
from typing import Any, Final, TypeVar

import streamlit as st

from fundtrack.errors import BusyError, InputError
from fundtrack.service.scope import Sight
from fundtrack.settings import settings_now
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger
from fundtrack.ui.address import as_day, given
from fundtrack.ui.beside import Beside, Call
from fundtrack.ui.beside import make as make_report
from fundtrack.ui.fresh import Fresh
from fundtrack.ui.identity import who

T = TypeVar("T")
_PIN: Final = "pinned_edition"


@dataclass(frozen=True)
class View:
    """What is looked at.

    Attributes:
        data: the data folder.
        edition: as known at.
        newest: the newest edition that can be read.
        as_of: as true at.
        usual: the date that stands where nobody asks for another.
        guidance: the guidance fund that is looked at; empty for all of them.
        unit: the currency that is looked at; empty for all of them, each for itself.
        funds: the guidance funds that the reader may see; None for all.
        damaged: a later edition that cannot be read; None where there is none.
        coming: the newest edition's reports are still being computed, so that an earlier one is shown.

    """

    data: Path
    edition: int
    newest: int
    as_of: date
    usual: date
    guidance: str = ""
    unit: str = ""
    funds: tuple[str, ...] | None = None
    damaged: int | None = None
    coming: bool = False

    @property
    def ledger(self) -> Ledger:
        """The ledger as known at the edition."""
        return ledger_of(self.sight, self.edition)

    @property
    def sight(self) -> Sight:
        """The data folder, as far as the reader may see it: what reports are kept by."""
        return Sight(str(self.data), self.funds)


def store() -> Store:
    """The store of the data folder, as far as the reader may see it."""
    return sight_now().store


def sight_now() -> Sight:
    """What the reader may see now."""
    funds = who().funds
    return Sight(str(settings_now().data.resolve()), None if funds is None else tuple(sorted(funds)))


@st.cache_resource(max_entries=8, show_spinner=False)
def ledger_of(data: Sight, edition: int) -> Ledger:
    """The ledger of an edition; an edition never changes, so it is opened once."""
    return data.store.ledger(known_at=edition)


@dataclass(frozen=True)
class Pinned:
    """What is newest for one run of a page: whatever is published amid it, all of it is of one edition.

    Attributes:
        sight: whose.
        newest: the newest edition that can be read; None before the first.
        shown: the one to show where nobody names another.
        damaged: a later one that cannot be read.
    """

    sight: Sight
    newest: int | None
    shown: int | None
    damaged: int | None


@st.cache_resource(show_spinner=False)
def _stood() -> dict[str, int]:
    """The newest edition that this server has seen of each data folder: one that has gone is not one that never was."""
    return {}


def pin() -> Pinned:
    """Look which edition is newest; the run that begins keeps to it, and so do the parts of its page that run again alone.

    Raises:
        BusyError: `folder_gone`, where the folder holds nothing and this server has shown an edition of it.
        BusyError: `not_readable`, where it cannot be looked into.
    """
    sight = sight_now()
    found = Store(Path(sight.data)).served()
    stood = _stood()
    if found.edition is not None:
        stood[sight.data] = found.edition
    elif sight.data in stood:
        raise BusyError("folder_gone", folder=sight.data, edition=stood[sight.data])
    shown = None if found.edition is None else _shown(sight, found.edition)
    pinned = Pinned(sight, found.edition, shown, found.damaged[0].edition if found.damaged else None)
    st.session_state[_PIN] = pinned
    return pinned


def view() -> View | None:
    """What the address asks for; what it asks wrongly is the newest edition and its own date. None where nothing was ever loaded."""
    data = settings_now().data.resolve()
    sight = sight_now()
    found = st.session_state.get(_PIN)
    if not isinstance(found, Pinned) or found.sight != sight:
        found = pin()
    newest, shown = found.newest, found.shown
    if newest is None or shown is None:
        Store(data).ledger()  # says so, where there was one
        return None
    edition = _edition(data, given("edition"), newest, shown)
    usual = ledger_of(sight, edition).default_as_of or date.today()  # noqa: DTZ011 - the reader's day
    funds = ledger_of(sight, edition)["guidance_fund"]
    guidance = _known(given("guidance"), funds["guidance_fund_id"])
    unit = _known(given("unit"), funds["currency"])
    return View(data, edition, newest, as_day(given("as_of")) or usual, usual, guidance, unit, sight.funds,
                found.damaged, edition == shown != newest)  # fmt: skip


def _known(asked: str, values: Iterable[str | None]) -> str:
    """What is asked for where it is among the values; else nothing."""
    return asked if asked and asked in set(values) else ""


def _edition(data: Path, asked: str, newest: int, shown: int) -> int:
    """The edition that the address names, by its number or by a day of knowledge; the one to show where it names none."""
    day = as_day(asked)
    if day is not None:
        try:
            return Store(data).ledger(day).edition or shown
        except InputError:
            return shown
    return int(asked) if asked.isdecimal() and 1 <= int(asked) <= newest else shown


@st.cache_resource(show_spinner=False)
def _fresh() -> Fresh:
    return Fresh(_prepare)


@st.cache_resource(show_spinner=False)
def _beside() -> Beside:
    return Beside()


def _prepare(sight: Sight, edition: int, calls: tuple[Call, ...]) -> None:
    """Have reports of an edition computed as pages will ask for them: of its own date."""
    usual = ledger_of(sight, edition).default_as_of or date.today()  # noqa: DTZ011 - the reader's day
    for (make, more), made in _beside().reports(sight, edition, usual, calls):
        _kept(make, sight, edition, usual, more, _made=(made,))


def _shown(sight: Sight, newest: int) -> int:
    """The edition to show: the newest; in a served dashboard the one before until its reports stand, but for who published it."""
    wait = settings_now().fresh_wait
    if wait is None or int(st.session_state.get("own_edition", 0)) >= newest:
        return newest
    return _fresh().shown(sight, newest, wait)


def made_here(made: object) -> None:
    """Let whoever has just published something see it at once."""
    st.session_state["own_edition"] = getattr(made, "edition", None) or 0


def _looked(seen: View, call: Call) -> None:
    """Note that a report was looked at, as of its own date, so that the next edition's is computed ahead."""
    if seen.as_of == seen.usual and (seen.edition == seen.newest or seen.coming):
        _fresh().looked(seen.sight, call)


@st.cache_resource(max_entries=16, show_spinner=False)
def _senders(data: Sight, edition: int) -> tuple[str, ...]:
    return tuple(
        sorted({str(name) for name in ledger_of(data, edition)["cover"]["sender"].to_list() if name})
    )


def senders_of(seen: View) -> tuple[str, ...]:
    """Who ever sent what is looked at."""
    return _senders(seen.sight, seen.edition)


def _name(make: Callable[..., Any]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


@st.cache_resource(max_entries=96, show_spinner=False, hash_funcs={FunctionType: _name})
def _kept(make: Callable[..., Any], data: Sight, edition: int, as_of: date, more: Hashable,
          _made: tuple[Any] | None = None) -> Any:  # fmt: skip
    """A report; where it was made elsewhere it is only kept. Streamlit does not look at arguments named with a line in front."""
    return make_report((make, more), ledger_of(data, edition), as_of) if _made is None else _made[0]


def kept(seen: View, make: Callable[..., T], more: Hashable = None) -> T:
    """A report of what is looked at, computed once: an edition never changes.

    Args:
        seen: what is looked at.
        make: makes it from a ledger and a date; kept by its name, so it closes over nothing that changes.
        more: what else it is asked for, its third argument.

    """
    _looked(seen, (make, more))
    found: T = _kept(make, seen.sight, seen.edition, seen.as_of, more)
    return found
