"""The papers that go with a pack: 数据移交清单 (what is handed over) and 电子数据真实性完整性承诺书 (blank, to be signed)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundtrack.reports.pack.fixed import blank, grid, heading, saved
from fundtrack.text.say import Lang, say


@dataclass(frozen=True)
class Handover:
    """What a pack holds.

    Attributes:
        edition, published_at, head_hash, batches: of the edition.
        as_of: its default date, as text.
        files: name in the database, Chinese name, rows, sums of money by column and currency, SHA-256 of its CSV.
        others: further files with their SHA-256.
    """

    edition: int
    published_at: datetime
    head_hash: str
    batches: int
    as_of: str
    files: Sequence[tuple[str, str, int, str, str]]
    others: Sequence[tuple[str, str]]


def handover_list(of: Handover, lang: Lang) -> bytes:
    """数据移交清单: every table with its rows, sums and SHA-256; blanks for those who hand over and take over."""
    document = blank()
    heading(document, say("pack.handover", lang))
    document.add_paragraph(_facts(of, lang))
    rows = [[str(place), name, str(count), sums or "—", digest]
            for place, (name, _, count, sums, digest) in enumerate(of.files, 1)]  # fmt: skip
    titled = [
        [row[0], f"{zh}\n{row[1]}" if zh else row[1], *row[2:]]
        for row, (_, zh, *_) in zip(rows, of.files, strict=True)
    ]
    grid(document, [1.0, 4.2, 1.4, 4.4, 5.0], [_heads(lang), *titled], points=7.5)
    document.add_paragraph()
    document.add_paragraph(say("pack.other_files", lang))
    grid(
        document,
        [7.0, 9.0],
        [[say("pack.file", lang), "SHA-256"], *([name, digest] for name, digest in of.others)],
        points=7.5,
    )
    document.add_paragraph()
    _sign(document, ("pack.handed_over_by", "pack.taken_over_by"), lang)
    return saved(document, of.published_at)


def _heads(lang: Lang) -> list[str]:
    return [say(f"pack.{key}", lang) for key in ("place", "table", "rows", "sums", "sha256_csv")]


def _facts(of: Handover, lang: Lang) -> str:
    return say(
        "pack.facts", lang, edition=of.edition, published=f"{of.published_at:%Y-%m-%d %H:%M}", as_of=of.as_of, batches=of.batches,
        head=of.head_hash, tables=len(of.files),
    )  # fmt: skip


def _sign(document: Any, keys: Sequence[str], lang: Lang) -> None:
    for key in keys:
        document.add_paragraph(say(key, lang))


def declaration(of: Handover, lang: Lang) -> bytes:
    """电子数据真实性完整性承诺书: the text, with everything that people fill in left blank."""
    document = blank()
    heading(document, say("pack.declaration", lang))
    document.add_paragraph(say("pack.declaration_to", lang))
    for key in ("declaration_1", "declaration_2", "declaration_3", "declaration_4"):
        line = document.add_paragraph(
            say(f"pack.{key}", lang, edition=of.edition, head=of.head_hash, batches=of.batches)
        )
        line.paragraph_format.first_line_indent = 280_000
    document.add_paragraph()
    _sign(document, ("pack.declared_by", "pack.legal_head", "pack.data_keeper", "pack.signed_on"), lang)
    return saved(document, of.published_at)
