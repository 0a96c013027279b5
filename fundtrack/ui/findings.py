"""How findings look: the board by rule, the list under its filters, and one finding with evidence, limit and history."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from fundtrack.metrics.rules.finding import STATUSES
from fundtrack.model.frames import find_column
from fundtrack.model.rows import TABLES
from fundtrack.reports.finding_words import figure, review_word, status_word
from fundtrack.reports.findings import FindingsReport
from fundtrack.store.ledger import Ledger
from fundtrack.text.numbers import currency_name, percent, wan
from fundtrack.text.problems import field_title
from fundtrack.ui.address import KEPT, given, pick, search
from fundtrack.ui.html import Col, empty, esc, facts, grid, link, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, Listed, linked, traced
from fundtrack.ui.values import shown_as

MOST: Final = 300
_OPEN, _ALL = "open", "all"
_CLASS: Final = {"suspected": "far_behind", "hint": "behind", "incomplete": "soft", "clear": "done"}
Row = Mapping[str, Any]


def status(row: Row) -> str:
    """A status with its shape and colour, as HTML."""
    return f'<span class="status {_CLASS[row["status"]]}">{esc(status_word(row["status"], lang()))}</span>'


def _to(**query: object) -> dict[str, object]:
    return {name: given(name) for name in KEPT} | query


def summary(report: FindingsReport) -> str:
    """The line about findings as HTML: counts lead to their lists, sums to their traces."""
    known: list[tuple[str, Asked | Listed]] = []
    for each in report.summary_figures(lang()):
        if each.figure:
            known.append((each.text, Asked(each.figure, "", each.currency)))
        else:
            query = (
                (("rule", each.rule), ("status", each.status)) if each.rule else (("status", each.status),)
            )
            known.append((each.text, Listed("findings", query)))
    return linked(report.summary(lang()), known)


def draw_board(report: FindingsReport) -> None:
    """A line a rule: whom it examined and what it found; the number leads to the list."""

    def count(name: str) -> Col:
        return Col(status_word(name, lang()), lambda row: _number(row, name), "num")

    columns = [
        Col(t("findings.rule"), lambda row: link(report.name(row["rule_id"], lang()), "findings", **_to(rule=row["rule_id"], status=_ALL)), "wide"),
        *[count(name) for name in STATUSES],
        Col(t("findings.open"), lambda row: link(str(row["open"]), "findings", **_to(rule=row["rule_id"], status=_ALL)) if row["open"] else "", "num"),
        Col(t("findings.finds"), lambda row: esc(t(f"rule.{row['rule_id']}.finds")), "fix"),
    ]  # fmt: skip
    show(grid(report.board(), columns, label=t("findings.board"), tall=True))


def _number(row: Row, name: str) -> str:
    if not row[name]:
        return '<span class="soft">0</span>'
    return link(str(row[name]), "findings", **_to(rule=row["rule_id"], status=name))


def ask(report: FindingsReport) -> tuple[str, str, str, str]:
    """Which rule, status and review to list, and words to find."""
    rules = [_ALL, *[row["rule_id"] for row in report.board()]]
    reviews = [_ALL, "none", "dismissed", "confirmed", "waived", "rectifying", "rectified", "reopened"]
    one, two, three, four = st.columns(4)
    with one:
        rule = pick(
            "rule",
            t("findings.rule"),
            rules,
            lambda name: t("findings.all_rules") if name == _ALL else report.name(name, lang()),
        )
    with two:
        state = pick("status", t("findings.status"), [_OPEN, *STATUSES, _ALL], _state)
    with three:
        review = pick(
            "review",
            t("findings.review"),
            reviews,
            lambda name: t("findings.all") if name == _ALL else t(f"finding.review_{name}"),
        )
    with four:
        words = search("q", t("findings.search"), t("findings.search_hint"))
    return rule, state, review, words.casefold()


def _state(name: str) -> str:
    return (
        t(f"findings.{'status_open' if name == _OPEN else 'all'}")
        if name in {_OPEN, _ALL}
        else status_word(name, lang())
    )


def answer(report: FindingsReport, asked: tuple[str, str, str, str], fund: str = "") -> list[dict[str, Any]]:
    """The findings that the filters leave, suspected first."""
    rule, state, review, words = asked
    rows = report.rows
    if rule != _ALL:
        rows = rows.filter(rows["rule_id"] == rule)
    if state != _ALL:
        rows = rows.filter(rows["status"].is_in(["suspected", "hint"] if state == _OPEN else [state]))
    if review != _ALL:
        rows = rows.filter(rows["review"].is_null() if review == "none" else rows["review"] == review)
    if fund:
        rows = rows.filter(rows["partner_fund_id"] == fund)
    found = [
        row for row in rows.to_dicts()
        if words in f"{row['entity']} {row['partner_fund_id']} {row['fund']} {row['name']} {row['finding_id']}".casefold()
    ]  # fmt: skip
    return sorted(found, key=lambda row: STATUSES.index(row["status"]))


def draw_list(report: FindingsReport, rows: Sequence[Row]) -> None:
    """The findings as a table, each leading to its own page."""
    if said := report.counted_only(lang()):
        say_soft(said)
    if not rows:
        show(empty(t("findings.none")))
        return
    columns = [
        Col(t("findings.status"), status, "fix"),
        Col(t("findings.rule"), lambda row: esc(report.name(row["rule_id"], lang()))),
        Col(t("findings.fund"), _fund),
        Col(t("findings.says"), lambda row: link(report.says(row, lang()), "findings", **_to(finding=row["finding_id"])), "wide"),
        Col(t("findings.amount"), lambda row: "" if row["amount"] is None else traced(wan(row["amount"], lang()), row["finding_id"]), "num"),
        Col(t("findings.review"), lambda row: esc(review_word(row["review"], lang()) if row["review"] else ""), "fix"),
        Col(t("findings.first_seen"), lambda row: esc(_edition(row)), "fix"),
    ]  # fmt: skip
    show(grid(rows[:MOST], columns, label=t("findings.list"), tall=True))
    if len(rows) > MOST:
        say_soft(t("findings.more", n=len(rows), shown=MOST))


def _fund(row: Row) -> str:
    if row["partner_fund_id"] is None:
        return esc(row["name"])
    own = (
        "" if row["entity"] == row["partner_fund_id"] else f' <span class="soft">{esc(row["entity"])}</span>'
    )
    return (
        link(
            row["fund"] or row["partner_fund_id"], "findings", **_to(fund=row["partner_fund_id"], status=_ALL)
        )
        + own
    )


def _edition(row: Row) -> str:
    seen = row["first_seen_edition"]
    return "" if seen is None else t("findings.edition", n=seen)


def draw_one(report: FindingsReport, row: Row, ledger: Ledger) -> None:
    """One finding: what it says, what bound, the rows behind it, what was decided."""
    show(f"<p>{status(row)} {esc(review_word(row['review'], lang()) if row['review'] else '')}</p>",
         f'<p class="lead">{linked(report.says(row, lang()), [], Asked(row["finding_id"]))}</p>')  # fmt: skip
    show(facts(_facts(report, row)))
    advice = t(f"rule.{row['rule_id']}.todo")
    show(f"<h2>{esc(t('findings.todo'))}</h2>", f"<p>{esc(advice)}</p>")
    show(f"<h2>{esc(t('findings.evidence'))}</h2>")
    say_soft(t("findings.evidence_help"))
    _draw_evidence(report.behind(row["finding_id"]), ledger)
    show(f"<h2>{esc(t('findings.history'))}</h2>")
    _draw_history(report.history(row["finding_id"]))


def _facts(report: FindingsReport, row: Row) -> list[tuple[str, str]]:
    bound = t(f"finding.bound_{row['bound_by']}") if row["bound_by"] else t("finding.no_value")
    unit, currency = row["unit"], row["currency"]
    pairs = [
        (t("findings.fund"), _fund(row)),
        (
            t("findings.entity"),
            _name(f"{row['name']}（{row['entity']}）" if row["name"] != row["entity"] else row["entity"]),
        ),
        (
            t("findings.value"),
            traced(figure(row["value"], unit, currency, lang()), row["finding_id"])
            if row["value"] is not None
            else "",
        ),
        (
            t("findings.limit"),
            traced(figure(row["limit_value"], unit, currency, lang()), row["finding_id"])
            if row["limit_value"] is not None
            else "",
        ),
        (
            t("findings.amount"),
            "" if row["amount"] is None else traced(wan(row["amount"], lang()), row["finding_id"]),
        ),
        (t("findings.source"), _name(f"{row['source'] or ''}（{bound}）")),
        (t("findings.from"), esc(row["rule_from"])),
        (t("findings.occurred"), esc(row["occurred_on"])),
        (t("findings.first_seen"), _name(_edition(row))),
        (t("findings.id"), _name(row["finding_id"])),
    ]
    if row["rule_id"] == "OVER_CAP":
        shares = report.public.filter(report.public["partner_fund_id"] == row["partner_fund_id"]).to_dicts()
        known = shares and shares[0]["committed_size"]
        pairs.append(
            (
                t("findings.public"),
                traced(
                    percent(float(shares[0]["public_all"] / shares[0]["committed_size"]), lang()),
                    "public_share",
                    row["partner_fund_id"],
                )
                if known
                else "",
            )
        )
    return [(name, value) for name, value in pairs if value]


def _name(text: str) -> str:
    """A name, source or id as HTML: its digits are no figure."""
    return f'<span class="name">{esc(text)}</span>' if text else ""


def _draw_evidence(behind: Sequence[Row], ledger: Ledger) -> None:
    if not behind:
        show(empty(t("findings.no_evidence")))
        return
    lines = [
        dict(each) | {"line": _line(ledger, each["table_name"], each["row_key"])} for each in behind[:MOST]
    ]
    columns = [
        Col(t("findings.table"), lambda row: esc(getattr(TABLES[row["table_name"]].info, lang())), "fix"),
        plain_col(t("findings.key"), "row_key", "wide"),
        Col(t("findings.field"), lambda row: esc(field_title(row["table_name"], row["field"], lang()) if row["field"] else "")),
        Col(t("findings.shown"), _evidence, "num"),
        Col(t("findings.role"), lambda row: esc(t(f"finding.role_{row['role']}")), "fix"),
    ]  # fmt: skip
    show(grid(lines, columns, label=t("findings.evidence"), tall=True))


def _evidence(row: Row) -> str:
    """A field as the ledger holds it; money says its unit, which differs from line to line."""
    if not (row["field"] and row["line"]):
        return ""
    text = shown_as(row["table_name"], row["field"], row["line"])
    if find_column(row["table_name"], row["field"]).kind != "money" or row["line"][row["field"]] is None:
        return text
    unit = t("findings.unit", currency=currency_name(row["line"].get("currency") or "CNY", lang()))
    return f'{text} <span class="soft name">{esc(unit)}</span>'


def _line(ledger: Ledger, table: str, key: str) -> dict[str, Any] | None:
    rows = ledger[table]
    found = rows.filter(rows["row_key"] == key).to_dicts()
    return found[0] if found else None


def _draw_history(actions: Sequence[Row]) -> None:
    if not actions:
        say_soft(t("findings.no_history"))
        return
    columns = [
        plain_col(t("findings.acted_on"), "acted_on", "fix"),
        Col(t("findings.action"), lambda row: esc(review_word(row["action"], lang())), "fix"),
        plain_col(t("findings.reason"), "reason", "wide"),
        plain_col(t("findings.owner"), "owner"),
        plain_col(t("findings.due_on"), "due_on", "fix"),
        plain_col(t("findings.document"), "voucher_no"),
        plain_col(t("findings.acted_by"), "acted_by", "fix"),
    ]
    show(grid(actions, columns, label=t("findings.history")))
