"""The list of partner funds: what a reader asks for, and the rows that answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from fundtrack.model.fields import name_key
from fundtrack.text.numbers import percent, unknown, wan
from fundtrack.text.say import Lang
from fundtrack.ui.address import along, given, pick, search
from fundtrack.ui.drawn import Same
from fundtrack.ui.figures import currency_col
from fundtrack.ui.frame import narrowed
from fundtrack.ui.funds_listing import Line, Listing, lines_of
from fundtrack.ui.html import Col, empty, esc, framed, line, link, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.paging import page_of
from fundtrack.ui.traced import traced

ALL: Final = ""
ORDERS: Final = ("name", "committed_size", "paid_in", "established_on", "guidance_committed")

MOST_HOUSES: Final = 400
"""Managers among whom a reader chooses from a list."""


@dataclass(frozen=True)
class Asked:
    """What a reader asks for; an empty text asks for all."""

    guidance: str
    status: str
    manager: str
    counted: str
    words: str
    order: str
    unit: str = ""


def ask(found: Listing, guidance: str, unit: str) -> Asked:
    """Let the reader choose; everything chosen stands in the address. Guidance fund and currency are the bar's."""
    managers = found.managers
    if len(managers) > MOST_HOUSES:  # nobody looks through so many: they are searched for by name
        house = given("manager")
        managers = {house: managers[house]} if house in managers else {}
    houses = {ALL: t("ui.all"), **managers}
    places = st.columns([1, 1.4, 1, 1.4, 1.1])
    with places[0]:
        status = pick(
            "status",
            t("funds.status"),
            (ALL, *found.statuses),
            lambda word: status_word(word) if word else t("ui.all"),
        )
    with places[1]:
        manager = pick("manager", t("funds.manager"), tuple(houses), houses.__getitem__) if managers else ALL
    with places[2]:
        counted = pick(
            "counted",
            t("funds.counted"),
            (ALL, "yes", "no"),
            lambda word: t(f"ui.{word}") if word else t("ui.all"),
        )
    with places[3]:
        words = search("q", t("funds.search"), t("funds.search_hint"))
    with places[4]:
        order = pick("order", t("funds.order"), ORDERS, lambda name: t(f"funds.{name}"))
    return Asked(guidance, status, manager, counted, words, order, unit)


def answer(rows: Iterable[Line], stakes: Mapping[str, set[str]], asked: Asked) -> list[Line]:
    """The rows that match, in the order asked for; amounts and dates largest first, unknown ones last."""
    wanted = name_key(asked.words)
    found = [
        row
        for row in rows
        if (not asked.guidance or asked.guidance in stakes.get(row["partner_fund_id"], set()))
        and (not asked.unit or row["currency"] == asked.unit)
        and (not asked.status or row["status"] == asked.status)
        and (not asked.manager or row["manager_id"] == asked.manager)
        and (not asked.counted or bool(row["counted"]) == (asked.counted == "yes"))
        and (
            not wanted
            or any(
                wanted in name_key(str(row[name] or "")) for name in ("name", "manager", "partner_fund_id")
            )
        )
    ]
    found.sort(key=lambda row: str(row["partner_fund_id"]))
    if asked.order == "name":
        return sorted(found, key=lambda row: str(row["name"]))
    known = [row for row in found if row[asked.order] is not None]
    return sorted(known, key=lambda row: row[asked.order], reverse=True) + [
        row for row in found if row[asked.order] is None
    ]


def status_word(status: str) -> str:
    """A stage in the language to speak."""
    return t(f"stage.{status}")


def _columns(query: Mapping[str, object]) -> list[Col]:
    def figure(name: str, words: Callable[[Any, Lang], str]) -> Col:
        def cell(row: Line) -> str:
            if row[name] is None:  # of a fund that is not set up there is nothing to know yet
                return esc(unknown(lang()) if row["established_on"] else "—")
            return traced(words(row[name], lang()), name, row["partner_fund_id"])

        return Col(t(f"funds.{name}"), cell, "num")

    return [
        Col(
            t("funds.name"),
            lambda row: link(str(row["name"]), "funds", fund=row["partner_fund_id"], **query),
            "wide",
        ),
        Col(t("funds.manager"), lambda row: esc(row["manager"])),
        Col(t("funds.status"), lambda row: esc(status_word(row["status"]) if row["status"] else ""), "fix"),
        Col(t("funds.counted"), lambda row: esc(t("ui.yes" if row["counted"] else "ui.no")), "fix"),
        Col(t("funds.established_on"), lambda row: esc(row["established_on"]), "fix"),
        currency_col(),
        figure("committed_size", wan),
        figure("paid_in", wan),
        figure("paid_in_rate", percent),
        figure("guidance_committed", wan),
        figure("guidance_paid_in", wan),
        figure("guidance_share", percent),
    ]


def draw(found: Listing, rows: Sequence[Line], query: Mapping[str, object]) -> None:
    """The table, a page of it at a time, with how many it holds."""
    say_soft(
        t("funds.found", count=len(rows), counted=sum(bool(row["counted"]) for row in rows))
        + " "
        + t("ui.unit_line")
    )
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    columns, written = _columns(query), lines_of(Same(found), lang(), along())
    lines = []
    for row in rows[page_of(len(rows))]:
        fund = str(row["partner_fund_id"])
        if fund not in written:
            written[fund] = line(row, columns)
        lines.append(written[fund])
    show(framed(lines, columns, label=t("page.funds")))


def stage_line(row: Line) -> str:
    """A fund's id, manager, stage, and whether it counts."""
    counted = t("funds.counts_from", day=row["counted_from"]) if row["counted"] else t("funds.not_counted")
    parts = (
        row["partner_fund_id"],
        row["manager"],
        status_word(row["status"]) if row["status"] else "",
        counted,
    )
    return " · ".join(str(part) for part in parts if part)


@narrowed
def listed(found: Listing, guidance: str, unit: str, query: Mapping[str, object]) -> None:
    """What a reader asks for, and the funds that answer."""
    draw(found, answer(found.rows, found.stakes, ask(found, guidance, unit)), query)
