"""Changes between editions as lines: figures old and new, then rows and fields with their batch, file and cell."""

from decimal import Decimal
from typing import Any, Final

from fundtrack.metrics.catalog import CATALOG
from fundtrack.model.rows import TABLES
from fundtrack.reports.changes import ChangesReport
from fundtrack.reports.lines import Lines
from fundtrack.reports.value_words import in_percent, value_text
from fundtrack.store.between import Change
from fundtrack.text.numbers import exact_money, plain
from fundtrack.text.problems import field_title
from fundtrack.text.say import Lang, say, sentences

FIGURES: Final = ("entity", "figure", "old", "now")
CHANGES: Final = ("what", "sheet", "key", "field", "old", "now", "batch", "file", "cell")


def summary(report: ChangesReport, lang: Lang) -> str:
    """Which editions, on which day, through how many batches."""
    return say(
        "changes.summary", lang, first=report.from_edition, second=report.to_edition, as_of=report.as_of,
        batches=plain(report.batches.height, lang), figures=plain(len(report.figures), lang), changes=plain(len(report.changes), lang),
    )  # fmt: skip


def figure_lines(report: ChangesReport, lang: Lang) -> Lines:
    """Figures that are not what they were; to the cent, so that a change of one is seen."""
    rows = [
        [
            entity_text(row, lang),
            metric_name(row["metric"], lang),
            _figure(row, "old", lang),
            _figure(row, "new", lang),
        ]
        for row in report.figures
    ]
    return [say(f"changes.{name}", lang) for name in FIGURES], rows, [2, 3]


def _figure(row: dict[str, Any], name: str, lang: Lang) -> str:
    value, currency, metric = row[name], row["currency"], row["metric"]
    if not row[f"{name}_on_record"]:
        return say(f"changes.no_{name}", lang)
    if isinstance(value, Decimal) and currency:
        return exact_money(value, currency, lang)
    if isinstance(value, float) and in_percent(metric):
        return plain(Decimal(repr(value)) * 100, lang, 4) + "%"
    return value_text(value, currency, lang, metric)


def change_lines(report: ChangesReport, lang: Lang) -> Lines:
    """Rows and fields, one line each."""
    return (
        [say(f"changes.{name}", lang) for name in CHANGES],
        [change_line(one, lang) for one in report.changes],
        [4, 5],
    )


def change_line(one: Change, lang: Lang) -> list[str]:
    """A change as texts, in the order of CHANGES."""
    place = one.place
    where = (place.cell or str(place.row or "")) if place else ""
    return [
        say(f"changes.{one.what}", lang), str(getattr(TABLES[one.table].info, lang)), one.key,
        field_title(one.table, one.field, lang), _text(one.old, lang), _text(one.new, lang), one.batch_id,
        place.file if place else "", where,
    ]  # fmt: skip


def metric_name(metric: str, lang: Lang) -> str:
    """What a stored metric is called."""
    own = f"trace.figure.{metric}"
    if own in sentences(lang):
        return say(own, lang)
    if metric.startswith("horizon_irr_"):
        return f"{CATALOG['horizon_irr'].name(lang)} {metric.rsplit('_', 1)[1]}"
    return CATALOG[metric].name(lang) if metric in CATALOG else say("changes.actual", lang)


def entity_text(row: dict[str, Any], lang: Lang) -> str:
    """Whose figure it is."""
    key = f"target.{row['entity_id']}"
    if row["entity_type"] == "target" and key in sentences(lang):
        return say(key, lang)
    return say("trace.line.all", lang) if row["entity_type"] == "total" else str(row["entity_id"])


def _text(value: Any, lang: Lang) -> str:
    return "" if value is None else value_text(value, None, lang)
