"""How a load looks: problems by sheet, what would change, what the targets become, the receipt, the batches."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import streamlit as st
from polars import DataFrame

from fundtrack.errors import Problem
from fundtrack.load.effects import Effect
from fundtrack.load.outcome import Result
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.store.proposed import Proposal
from fundtrack.text.numbers import plain
from fundtrack.text.problems import field_title, problem_sentence
from fundtrack.ui.choosing import some
from fundtrack.ui.html import Col, empty, esc, grid, link, plain_col, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.loading import declared, minted
from fundtrack.ui.values import shown, target_value

LONGEST: Final = 200
"""Rows shown of a long list; the rest is counted."""


def table_title(table: str) -> str:
    """The title of a sheet."""
    return str(getattr(TABLES[table].info, lang())) if table in TABLES else table


def _count(number: int) -> str:
    return plain(number, lang())


def _cut(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    if len(rows) > LONGEST:
        show(f'<p class="soft">{esc(t("load.cut", shown=LONGEST, all=len(rows)))}</p>')
    return rows[:LONGEST]


def draw_senders(result: Result) -> None:
    """Each sender with what becomes of it."""
    rows = [
        {"name": each.name, "files": "、".join(item.file.name for item in each.files), "outcome": each.outcome,
         "errors": sum(problem.severity == "error" for problem in each.problems),
         "warnings": sum(problem.severity == "warning" for problem in each.problems)}
        for each in result.senders
    ]  # fmt: skip
    columns = [
        Col(t("load.sender"), lambda row: esc(row["name"])),
        Col(t("load.file"), lambda row: esc(row["files"])),
        Col(t("load.becomes"), lambda row: esc(t(f"load.outcome_{row['outcome']}")), "fix"),
        Col(t("load.errors"), lambda row: esc(row["errors"]), "num"),
        Col(t("load.warnings"), lambda row: esc(row["warnings"]), "num"),
    ]
    show(grid(rows, columns, label=t("load.sender")))


def draw_problems(problems: Sequence[Problem]) -> None:
    """Everything wrong, by file and sheet, each at its cell with its cure."""
    if not problems:
        show(f"<p>{esc(t('load.no_problems'))}</p>")
        return
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file or "", problem.sheet or ""), []).append(problem)
    columns = [
        Col(t("load.cell"), lambda row: esc(row["cell"]), "fix"),
        Col(
            t("load.severity"),
            lambda row: f'<span class="{row["severity"]}">{esc(t("severity." + row["severity"]))}</span>',
            "fix",
        ),
        Col(t("load.seen"), lambda row: esc(row["seen"])),
        Col(t("load.cure"), lambda row: esc(row["words"]), "wide"),
    ]
    for (file, sheet), found in groups.items():
        title = " · ".join(part for part in (sheet, file) if part)
        show(
            f"<h3>{esc(title)}（{len(found)}）</h3>"
            if lang() == "zh"
            else f"<h3>{esc(title)} ({len(found)})</h3>"
        )
        rows = [
            {
                "cell": each.cell or each.row,
                "severity": each.severity,
                "seen": each.value,
                "words": problem_sentence(each, lang()),
            }
            for each in found
        ]
        show(grid(_cut(rows), columns, label=title, tall=True))


def draw_diff(result: Result) -> None:
    """What the files would change: rows by table, those that they lack, then each changed field, new and deleted rows."""
    diffs = [each for item in result.files() for each in item.diffs if each.table != "cover"]
    counts: dict[str, dict[str, Any]] = {
        table: {"table": table, "kept": 0, "removed": 0, **each} for table, each in result.counts().items()
    }
    for each in (each for each in diffs if each.table in counts):
        counts[each.table]["removed" if each.removes else "kept"] += each.missing.height
    if not counts:
        return
    columns = [Col(t("load.sheet"), lambda row: esc(table_title(row["table"])))]
    columns += [plain_col(t(f"load.{name}"), name, "num", _count) for name in ("new", "changed", "unchanged")]
    columns += [plain_col(t(f"missing.{name}"), name, "num", _count) for name in ("kept", "removed")]
    show(f"<h2>{esc(t('load.diff'))}</h2>", grid(list(counts.values()), columns, label=t("load.diff")))
    _draw_changes(result)
    removed = [
        {"table": each.table, **row}
        for each in diffs
        if each.removes
        for row in each.missing.iter_rows(named=True)
    ]
    new = [{"table": each.table, **row} for each in diffs for row in each.new.iter_rows(named=True)]
    if removed:
        _draw_rows(t("missing.removed_rows"), removed)
    if new:
        with st.expander(f"{t('missing.new_rows')} ({_count(len(new))})"):
            _draw_rows(t("missing.new_rows"), new)


def _draw_rows(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows by table and key, with what they are called and their first amount."""
    columns = [
        Col(t("load.sheet"), lambda row: esc(table_title(row["table"])), "fix"),
        Col(t("load.key"), lambda row: esc(row["row_key"])),
        Col(t("load.now"), lambda row: esc(_in_short(row)), "wide"),
    ]
    show(f"<h3>{esc(title)}</h3>", grid(_cut(rows), columns, label=title, tall=True))


def _in_short(row: Mapping[str, Any]) -> str:
    """The first few fields of a row that are known, in words."""
    names = [
        column.name
        for column in COLUMNS[row["table"]]
        if row.get(column.name) is not None and not column.masked
    ]
    parts = [
        f"{field_title(row['table'], name, lang())} {shown(find_column(row['table'], name), row)}"
        for name in names
    ]
    return "；".join(parts[:5]) if lang() == "zh" else "; ".join(parts[:5])


def ask_complete(result: Result) -> None:
    """Let the loader say of which tables the files are all there is, where they lack rows that their sender put earlier."""
    lacking = [each.table for item in result.files() for each in item.diffs if each.missing.height]
    titles = {table: table_title(table) for table in dict.fromkeys([*lacking, *declared()])}
    if titles:
        key = f"declared_{st.session_state.get('uploads', 0)}"
        some(
            t("missing.declare"),
            titles,
            declared(),
            key=key,
            help=t("missing.declare_help"),
            placeholder=t("missing.declare_none"),
        )


def _draw_changes(result: Result) -> None:
    """Each changed field, old and new."""
    changes = [
        {"table": each.table, **row}
        for item in result.files() for each in item.diffs if each.table != "cover" for row in each.changes().iter_rows(named=True)
    ]  # fmt: skip
    if changes:
        changed = [
            Col(t("load.sheet"), lambda row: esc(table_title(row["table"])), "fix"),
            Col(t("load.key"), lambda row: esc(row["row_key"])),
            Col(t("load.field"), lambda row: esc(field_title(row["table"], row["field"], lang())), "fix"),
            Col(t("load.old"), lambda row: f'<span class="old">{esc(row["old"])}</span>'),
            Col(t("load.now"), lambda row: esc(row["new"])),
        ]
        show(
            f"<h3>{esc(t('load.changed_fields'))}</h3>",
            grid(_cut(changes), changed, label=t("load.changed_fields"), tall=True),
        )


def draw_effects(as_of: object, found: Iterable[Effect]) -> None:
    """The four targets before and after."""
    rows = [{"before": each.before, "after": each.after} for each in found]
    if not rows:
        return
    columns = [
        Col(t("load.target"), lambda row: esc(t(f"target.{row['after']['code']}"))),
        Col(t("load.before"), lambda row: esc(target_value(row["before"])), "num"),
        Col(t("load.after"), lambda row: f"<b>{esc(target_value(row['after']))}</b>", "num"),
    ]
    show(
        f"<h2>{esc(t('load.effect', as_of=as_of))}</h2>",
        f'<p class="lead">{esc(_effect_sentence(rows))}</p>',
        grid(rows, columns, label=t("load.target")),
    )


def _effect_sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """本次导入后，合作基金总数（累计）84只 → 86只（目标90只）: the targets that move."""
    moved = [
        t("missing.change", name=t(f"target.{row['after']['code']}"), before=target_value(row["before"]), after=target_value(row["after"]),
          target=target_value({**row["after"], "actual": row["after"]["target"]}))
        for row in rows if (row["before"] or {}).get("actual") != row["after"]["actual"]
    ]  # fmt: skip
    return (
        t("missing.sentence", changes=("；" if lang() == "zh" else "; ").join(moved))
        if moved
        else t("missing.no_change")
    )


def draw_receipt(receipt: dict[str, Any]) -> None:
    """What was published, or sent for review: edition, batches, ids given, rows."""
    if "proposal" in receipt:
        draw_sent(receipt["proposal"])
        return
    if "undone" in receipt:
        made = receipt["published"]
        st.success(
            t(
                "load.undone",
                batch=receipt["undone"],
                edition=made.edition,
                reversal="、".join(made.batch_ids),
            )
        )
        return
    result: Result = receipt["result"]
    refused = sum(each.outcome == "refused" for each in result.senders)
    words = t(
        f"outcome.{result.outcome}",
        edition=result.edition,
        batches="、".join(result.batch_ids),
        refused=refused,
    )
    (st.error if result.outcome == "refused" else st.warning if result.outcome == "partial" else st.success)(
        words
    )
    lines = [
        f"<li>{esc(t('cli.counts', table=table_title(table), **counts))}</li>"
        for table, counts in result.counts().items()
    ]
    lines += [
        f"<li>{esc(t('cli.minted', table=table_title(table), ids='、'.join(ids)))}</li>"
        for table, ids in minted(result).items()
    ]
    show(f"<ul>{''.join(lines)}</ul>")
    if refused:
        draw_problems(result.problems)


def local_time(moment: datetime | None) -> str:
    """A moment of the ledger on this computer's clock."""
    return "" if moment is None else moment.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _rows_of(counts: str | None) -> str:
    sums = json.loads(counts or "{}")
    totals = {name: sum(each.get(name, 0) for each in sums.values()) for name in ("new", "changed")}
    return t("load.rows_of", **totals)


def draw_sent(made: Proposal) -> None:
    """Say that something waits for review now, and that the data are as they were."""
    st.info(t("cli.proposed", proposal=made.proposal_id))
    show(f"<p>{link(t('review.to_page'), 'review', proposal=made.proposal_id, lang=lang())}</p>")


def draw_batches(batches: DataFrame) -> None:
    """The batches, newest first."""
    if batches.is_empty():
        show(empty(t("load.no_batches")))
        return
    columns = [
        Col(t("load.batch"), lambda row: esc(row["batch_id"]), "fix"),
        Col(t("ui.edition"), lambda row: esc(row["edition"]), "num"),
        Col(t("load.kind"), lambda row: esc(t(f"load.kind_{row['kind']}")), "fix"),
        Col(t("load.sender"), lambda row: esc(row["sender"])),
        Col(t("load.file"), lambda row: esc(row["file_name"])),
        Col(t("ui.as_of"), lambda row: esc(row["as_of"]), "fix"),
        Col(t("load.rows"), lambda row: esc(_rows_of(row["counts"])), "fix"),
        Col(t("load.by"), lambda row: esc(row["loaded_by"]), "fix"),
        Col(t("proposal.reviewer"), lambda row: esc(row["reviewer"]), "fix"),
        Col(t("load.at"), lambda row: esc(local_time(row["loaded_at"])), "fix"),
        Col(
            t("load.reason"),
            lambda row: esc(" ".join(part for part in (row["reverses"], row["reason"]) if part)),
        ),
    ]
    show(grid(_cut(batches.reverse().to_dicts()), columns, label=t("load.batches"), tall=True))
