"""Loading from the browser: files put where the pipeline can read them, checked, published, taken back."""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol, cast

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.load import pipeline
from fundtrack.load.cells import Book
from fundtrack.load.checked import ReadFile
from fundtrack.load.effects import Effect
from fundtrack.load.effects import effects as effect_of
from fundtrack.load.outcome import Result
from fundtrack.load.profiles import Profile, check_profile
from fundtrack.load.reader import read_book
from fundtrack.load.state import State
from fundtrack.service import doing
from fundtrack.service.people import reviewing
from fundtrack.settings import settings_now
from fundtrack.store.proposed import Proposal
from fundtrack.text.problems import error_sentence
from fundtrack.ui.address import forget
from fundtrack.ui.context import ledger_of, made_here, sight_now, store
from fundtrack.ui.identity import desk
from fundtrack.ui.language import lang, t


class Upload(Protocol):
    """A file as the browser sent it."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes."""
        ...


_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,8}")


@contextmanager
def _staged(files: Sequence[Upload]) -> Iterator[list[tuple[Path, str]]]:
    """Files in a folder of their own for as long as they are read, each with the name its sender gave it."""
    with tempfile.TemporaryDirectory(prefix="fundtrack-") as folder:
        paths = []
        for n, file in enumerate(files):
            ending = Path(
                file.name
            ).suffix  # what browsers send is anything: only a plain ending becomes part of a path
            path = Path(folder) / f"{n}{ending if _ENDING.fullmatch(ending) else ''}"
            path.write_bytes(file.getvalue())
            paths.append((path, file.name))
        yield paths


def digest_of(file: Upload) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(file.getvalue()).hexdigest()


def book_of(file: Upload) -> Book:
    """The cells of a file; read once while it is uploaded."""
    key = digest_of(file)
    if st.session_state.get("book_key") != key:
        with _staged([file]) as paths:
            st.session_state["book"], st.session_state["book_key"] = read_book(paths[0][0]), key
    return cast("Book", st.session_state["book"])


def profiles_folder() -> Path:
    """Where profiles are saved."""
    return pipeline.profiles_of(store())


def state_now() -> State:
    """What is known, to try an answer against."""
    found = store()
    newest = found.served().edition
    return State(None if newest is None else ledger_of(sight_now(), newest))


def known_names() -> dict[str, list[str]]:
    """The names of the entities known that a row may refer to, by table."""
    state = state_now()
    return {
        table: state[table]["name"].drop_nulls().to_list()
        for table in ("guidance_fund", "manager", "partner_fund", "company")
    }


def _answers(files: Sequence[Upload]) -> dict[str, Profile]:
    """What was answered of these files since they were uploaded, by name."""
    kept: dict[str, Profile] = st.session_state.get("answers", {})
    return {file.name: kept[digest_of(file)] for file in files if digest_of(file) in kept}


def keep_answer(file: ReadFile, profile: Profile, alone: Mapping[str, object], name: str) -> None:
    """Save an answer as a profile, read the file again by it, and say so; what holds for this file alone is not saved."""
    try:
        saved = check_profile({**profile.model_dump(exclude_none=True), "name": name.strip()}, name)
        doing.keep_profile(desk(), saved)
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
        return
    except OSError:
        st.error(t("mapping.not_saved", folder=profiles_folder()))
        return
    own = saved.model_copy(update={key: value for key, value in alone.items() if value})
    st.session_state["answers"] = {**st.session_state.get("answers", {}), file.sha256: own}
    st.rerun()


def declared() -> list[str]:
    """The tables of which the loader has said that the files are all there is."""
    found: list[str] = st.session_state.get(f"declared_{st.session_state.get('uploads', 0)}", [])
    return found


def booked() -> bool:
    """Whether the loader has ticked that the changes which lists of investors imply shall be booked."""
    return bool(st.session_state.get(f"lists_{st.session_state.get('uploads', 0)}", False))


def check(files: Sequence[Upload]) -> Result:
    """What files would change; asked once per set of files, of answers about them, and edition."""
    digest = hashlib.sha256()
    answers = _answers(files)
    for file in files:
        digest.update(file.name.encode() + b"\x00" + digest_of(file).encode())
        digest.update(answers[file.name].text.encode() if file.name in answers else b"")
    key = (digest.hexdigest(), store().newest(), booked(), *declared())
    if st.session_state.get("checked_key") != key:
        bar = st.progress(0.0, t("load.reading"))

        def tell(name: str, done: float) -> None:
            bar.progress(min(done, 1.0), name)

        with _staged(files) as paths:
            found = doing.check(
                desk(), paths, answers=answers, complete=declared(), snapshot=booked(), progress=tell
            )
        bar.empty()
        st.session_state["checked"], st.session_state["checked_key"] = found, key
    return cast("Result", st.session_state["checked"])


def publish_words(result: Result) -> str:
    """What the button says that publishes, or sends for review."""
    return t("review.send" if reviewing(settings_now()) else f"load.publish_{result.outcome}")


def publish(files: Sequence[Upload], by: str, reason: str) -> None:
    """Publish what was checked, or send it for review, keep the receipt, and begin afresh."""
    with _staged(files) as paths, st.spinner(t("load.publishing")):
        result = doing.load(
            desk(),
            paths,
            by=by or None,
            reason=reason or None,
            answers=_answers(files),
            complete=declared(),
            snapshot=booked(),
        )
    made_here(result)
    _done({"proposal": result} if isinstance(result, Proposal) else {"result": result})


def undo(batch: str, by: str, reason: str) -> None:
    """Reverse a batch, or ask for its reversal, keep the receipt, and begin afresh."""
    with st.spinner(t("load.publishing")):
        made = doing.undo(desk(), batch, by=by or None, reason=reason)
    made_here(made)
    _done({"proposal": made} if isinstance(made, Proposal) else {"undone": batch, "published": made})


def _done(receipt: dict[str, Any]) -> None:
    st.session_state["receipt"] = receipt
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    for name in ("checked", "checked_key", "answers", "book", "book_key"):
        st.session_state.pop(name, None)
    forget("edition", "as_of")
    st.rerun()


def effects(result: Result) -> tuple[date | None, list[Effect]]:
    """The four targets before and after, both as of the date that would be shown after."""
    return effect_of(store().ledger(), result)


def minted(result: Result) -> dict[str, list[str]]:
    """The ids given, by table."""
    found: dict[str, list[str]] = {}
    for item in result.files():
        for table, ids in item.minted.items():
            found.setdefault(table, []).extend(ids)
    return found
