"""What the Load page gives to take away: workbooks with their problems marked, receipts."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fundtrack.load.annotate import annotate
from fundtrack.load.give_back import places
from fundtrack.load.outcome import Result
from fundtrack.reports.imprint import checked_against
from fundtrack.reports.receipt import receipt
from fundtrack.reports.sheets import comma_separated, excel
from fundtrack.text.say import Lang
from fundtrack.ui.context import store
from fundtrack.ui.handing import hand_out
from fundtrack.ui.language import lang, t
from fundtrack.ui.loading import Upload, minted

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marked(files: Sequence[Upload], result: Result, speak: Lang, against: str = "") -> tuple[str, bytes]:
    """The files' marked copies: name and bytes of one workbook, or of a zip where there are several."""
    problems = {item.file.sha256: item.problems for sender in result.senders for item in sender.files}
    contents = {hashlib.sha256(file.getvalue()).hexdigest(): file for file in files}
    chosen = [(digest, file) for digest, file in contents.items() if digest in problems]
    with tempfile.TemporaryDirectory(prefix="fundtrack-") as folder:
        goals = places(Path(folder) / "out", [file.name for _, file in chosen])
        for goal, (digest, file) in zip(goals, chosen, strict=True):
            source = Path(folder) / f"source{Path(file.name).suffix}"
            source.write_bytes(file.getvalue())
            goal.parent.mkdir(exist_ok=True)
            annotate(source, goal, problems[digest], speak, name=file.name, against=against)
        if len(goals) == 1:
            return goals[0].name, goals[0].read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for goal in goals:
                archive.write(goal, goal.name)
        return "marked.zip", packed.getvalue()


def _against(speak: Lang) -> str:
    """The edition that files are checked against, in words."""
    found = store()
    return checked_against(found.ledger() if found.newest() is not None else None, speak)


def marked_button(files: Sequence[Upload], result: Result) -> None:
    """Offer the marked copies where anything is wrong with a file that could be read; they are made on the click."""
    readable = [item for sender in result.senders for item in sender.files]
    if not any(item.problems for item in readable):
        return
    speak, one = lang(), len(files) == 1
    name = f"{Path(files[0].name).stem}-{t('give_back.file')}.xlsx" if one else f"{t('give_back.file')}.zip"
    hand_out(t("give_back.button"), lambda: marked(files, result, speak, _against(speak))[1], name, XLSX if one else "application/zip",
             key="marked", help=t("give_back.help"))  # fmt: skip


def receipt_buttons(made: dict[str, Any]) -> None:
    """Offer the receipt of what was just published or reversed, as a workbook and as CSV."""
    result = made.get("result")
    if "proposal" in made:
        return
    batches = result.batch_ids if result is not None else made["published"].batch_ids
    if not batches:
        return
    paper = receipt(store().ledger(), batches, minted(result) if result is not None else None)
    pages, name = paper.pages(lang()), f"{t('receipt.file')}-{batches[0]}"
    with st.container(horizontal=True):
        hand_out(t("receipt.excel"), lambda: excel(pages), f"{name}.xlsx", XLSX, key="receipt_xlsx")
        hand_out(
            t("receipt.csv"), lambda: comma_separated(pages), f"{name}.csv", "text/csv", key="receipt_csv"
        )
