"""核验审计数据包 / Check an audit pack. Needs Python 3.9 or later and nothing else; DuckDB is used where it is installed.

    python3 verify.py [--checkpoint NOTE.json]

What it does, in this order; every finding names the file and the place in it:
 1 文件清单     every file of manifest.csv: there, and of the SHA-256 listed; none beside them
 2 校验链       proof/batches: each archive's SHA-256 follows from the one before, up to the head hash of the checkpoint
 3 台账         csv/<table>.csv and csv/<table>_log.csv: cell by cell what the archives hold
 4 控制数       control_totals.csv: rows and sums of every CSV, counted anew
 5 目标         csv/progress.csv: the targets counted anew out of the CSV files, by the counting rules, without any database
 6 数据库       with DuckDB only: the edition in proof/ is the checkpoint's, and its rows and sums are those of the CSV files

Give --checkpoint a note that was kept outside this pack: whoever can rewrite the pack can rewrite the note in it as well.
The signature of the note is checked by `fundtrack verify`, not here. Exit code 0: all holds; 4: something does not; 2: called wrongly.
"""

import argparse
import csv
import hashlib
import importlib
import json
import re
import sys
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
MOST = 20


class Pack:
    """One pack and what was found wrong with it."""

    def __init__(self, home, note):
        self.home, self.problems = home, []
        self.about = json.loads(self.text("pack.json"))
        self.note = json.loads(note.read_text("utf-8") if note else self.text("checkpoint.json"))

    def text(self, name):
        return (self.home / name).read_text("utf-8-sig")

    def wrong(self, where, zh, en):
        self.problems.append(f"{where}：{zh} / {en}")

    def table(self, name):
        """The rows of csv/<name>.csv as they were before the spreadsheet's apostrophes; empty is None."""
        with (self.home / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            heads = next(lines)
            return heads, [
                {head: plain(cell) if cell else None for head, cell in zip(heads, line)} for line in lines
            ]

    def rows(self, name):
        return self.table(name)[1]


def looks_like_formula(text):
    return text.lstrip("' ").startswith(STARTS) and not NUMBER.fullmatch(text)


def plain(cell):
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and looks_like_formula(cell[1:]) else cell


def sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


# --- 1 files ------------------------------------------------------------------------------------------------------


def check_files(pack):
    listed = {}
    with (pack.home / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            listed[line["file"]] = line["sha256"]
    for name, digest in listed.items():
        path = pack.home / name
        if not path.is_file():
            pack.wrong(name, "文件缺失", "the file is missing")
        elif sha256(path) != digest:
            pack.wrong(name, "SHA-256 与文件清单不符", "SHA-256 differs from manifest.csv")
    for path in sorted(pack.home.rglob("*")):
        name = path.relative_to(pack.home).as_posix()
        if path.is_file() and name not in listed and name != "manifest.csv" and "__pycache__" not in name:
            pack.wrong(name, "不在文件清单内", "not listed in manifest.csv")
    return f"{len(listed)} files"


# --- 2 chain ------------------------------------------------------------------------------------------------------


def check_chain(pack):
    previous, count, last = "", 0, ""
    known = {row["batch_id"]: row for row in pack.rows("batch")}
    for path in sorted((pack.home / "proof" / "batches").glob("*.jsonl")):
        where = f"proof/batches/{path.name}"
        lines = path.read_text("utf-8", errors="replace").split("\n")
        try:
            head = json.loads(lines[0])
        except ValueError:
            head = {}
        count, last = count + 1, head.get("batch_id")
        if last != path.stem:
            pack.wrong(where, f"存档首行的批次号为 {last}", f"its first line says batch {last}")
        if path.stem != f"B{count:06d}":
            pack.wrong(where, f"批次号不连续，此处应为 B{count:06d}", f"B{count:06d} should stand here")
        if head.get("previous_hash") != previous:
            pack.wrong(where, "与上一批次的哈希不衔接", "does not follow from the batch before")
        previous = sha256(path)
        row = known.pop(path.stem, None)
        if row is None:
            pack.wrong(where, "csv/batch.csv 无此批次", "csv/batch.csv does not have this batch")
        elif row["hash"] != previous:
            pack.wrong(where, "存档哈希与 csv/batch.csv 不符", "its hash differs from csv/batch.csv")
    for name in sorted(known):
        pack.wrong(f"proof/batches/{name}.jsonl", "批次存档缺失", "the batch's archive is missing")
    for field, found in (("head_hash", previous), ("batches", count), ("last_batch", last)):
        if pack.note[field] != found:
            pack.wrong(
                "checkpoint",
                f"{field} 为 {pack.note[field]}，核算为 {found}",
                f"says {pack.note[field]}, found {found}",
            )
    return f"{count} batches, head {previous[:16]}"


# --- 3 ledger -----------------------------------------------------------------------------------------------------


def archived(pack):
    """Every row of every archive: table, batch, its fields; persons masked as the CSV files mask them."""
    found = []
    for path in sorted((pack.home / "proof" / "batches").glob("*.jsonl")):
        for place, line in enumerate(path.read_text("utf-8", errors="replace").split("\n")[1:-1], 2):
            try:
                row = json.loads(line)
                found.append((row.pop("table"), path.stem, place, row))
            except (ValueError, KeyError, TypeError):
                pack.wrong(f"proof/batches/{path.name}:{place}", "该行无法读取", "the line cannot be read")
    people = sorted(
        {
            r["investor"]
            for t, _, _, r in found
            if t == "investor_commitment" and r.get("kind") == "natural_person" and r.get("investor")
        }
    )
    masks = {name: f"自然人{place:04d}" for place, name in enumerate(people, 1)}
    for _, _, _, row in found:
        if row.get("investor") in masks:
            mask = masks[row["investor"]]
            row["row_key"] = row["row_key"].replace(f"|{row['investor']}|", f"|{mask}|", 1)
            row["investor"] = mask
    keys = {}
    for table, _, _, row in found:  # a deleted row keeps only its key
        if table in ("investor_commitment", "fund_paid_in") and "investor" not in row:
            parts = row["row_key"].split("|")
            if len(parts) > 1 and parts[1] in masks:
                parts[1] = masks[parts[1]]
                row["row_key"] = "|".join(parts)
        keys.setdefault(table, None)
    return found


def check_ledger(pack):
    found = archived(pack)
    logs, current = {}, {}
    for table, batch, _, row in found:
        hidden = pack.about["hidden"].get(table, [])
        kept = {name: value for name, value in row.items() if name not in hidden}
        logs.setdefault(table, {})[batch, row["row_key"]] = kept | {"batch_id": batch}
        current.setdefault(table, {})[row["row_key"]] = kept | {"batch_id": batch}
    cells = 0
    for table in pack.about["tables"]:
        cells += compared(
            pack, f"{table}_log", logs.get(table, {}), lambda row: (row["batch_id"], row["row_key"])
        )
        stands = {key: row for key, row in current.get(table, {}).items() if row["op"] == "put"}
        cells += compared(pack, table, stands, lambda row: row["row_key"])
    return f"{cells} cells"


def compared(pack, name, expected, key_of):
    heads, rows = pack.table(name)
    seen, cells, told = set(), 0, len(pack.problems)
    for place, row in enumerate(rows, 2):
        key = key_of(row)
        if key in seen or key not in expected:
            pack.wrong(f"csv/{name}.csv:{place}", f"存档中无此行 {key}", "the archives do not have this row")
            continue
        seen.add(key)
        for head in heads:
            cells += 1
            if row[head] != expected[key].get(head) and len(pack.problems) - told < MOST:
                pack.wrong(
                    f"csv/{name}.csv:{place} {head}", f"为“{row[head]}”，存档为“{expected[key].get(head)}”",
                    f"reads “{row[head]}”, the archive “{expected[key].get(head)}” ({key})",
                )  # fmt: skip
    for key in sorted(expected.keys() - seen, key=str)[:MOST]:
        pack.wrong(f"csv/{name}.csv", f"缺少一行 {key}", "a row of the archives is missing")
    return cells


# --- 4 totals -----------------------------------------------------------------------------------------------------


def check_totals(pack):
    with (pack.home / "control_totals.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    known = {}
    for line in listed:
        name = line["name"]
        if name not in known:
            known[name] = pack.table(name)
        heads, rows = known[name]
        if str(len(rows)) != line["rows"]:
            pack.wrong(
                f"csv/{name}.csv",
                f"{len(rows)} 行，控制数 {line['rows']} 行",
                f"{len(rows)} rows, control total {line['rows']}",
            )
        if not line["field"]:
            continue
        of = line["currency"]
        total = sum(
            (Decimal(row[line["field"]]) for row in rows
             if row.get(line["field"]) and (row.get("currency") or "") == of), Decimal(0),
        )  # fmt: skip
        if line["field"] not in heads or total != Decimal(line["total"]):
            pack.wrong(
                f"csv/{name}.csv {line['field']} {of}", f"合计 {total}，控制数 {line['total']}",
                f"adds up to {total}, control total {line['total']}",
            )  # fmt: skip
    return f"{len(known)} tables and views, {len(listed)} totals"


# --- 5 targets ----------------------------------------------------------------------------------------------------


def day(text):
    return date.fromisoformat(text) if text else None


def fold(text):
    text = re.sub(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]",
        "",
        text or "",
    )
    text = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    text = text.translate(
        str.maketrans({"（": "(", "）": ")", "【": "[", "】": "]", "—": "-", "－": "-", "·": ".", "•": "."})
    )
    return re.sub(r"\((?:有限合伙|limitedpartnership|l\.?p\.?)\)$", "", text)


def right_uscc(code):
    letters = "0123456789abcdefghjklmnpqrtuwxy"
    if not re.fullmatch(r"9[1239][0-9]{6}[0-9a-hj-npqrtuwxy]{10}", code):
        return False
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
    return sum(weight * letters.index(letter) for weight, letter in zip(weights, code)) % 31 == 0


def united(rows, key, marks_of):
    """Of each row the least key among all that share a mark with it, directly or through others."""
    least = {row[key]: row[key] for row in rows}
    by_mark = {}
    for row in rows:
        for mark in marks_of(row):
            by_mark.setdefault(mark, []).append(row[key])
    moved = True
    while moved:
        moved = False
        for group in by_mark.values():
            lowest = min(least[one] for one in group)
            for one in group:
                if least[one] != lowest:
                    least[one], moved = lowest, True
    return least


class Count:
    """The targets counted out of the CSV files."""

    def __init__(self, pack):
        self.t = {name: pack.rows(name) for name in (
            "partner_fund", "participation", "guidance_fund", "guidance_flow", "investor_commitment", "cash_flow", "fund_paid_in",
            "fund_change", "manager", "indicator")}  # fmt: skip
        self.kinds = {row["guidance_fund_id"]: row["kind"] for row in self.t["guidance_fund"]}
        self.funds = {row["partner_fund_id"]: row for row in self.t["partner_fund"]}
        self.entity = united(self.t["partner_fund"], "partner_fund_id", self.fund_marks)
        self.set_up, self.set_up_from = {}, {}
        for key, row in self.funds.items():
            on = day(row["established_on"])
            if on is None:
                continue
            first = {"year": on.replace(month=1, day=1), "month": on.replace(day=1)}.get(
                row["established_on_precision"], on
            )
            order = (on, {"year": 2, "month": 1}.get(row["established_on_precision"], 0))
            of = self.entity[key]
            if of not in self.set_up_from or order < self.set_up_from[of][0]:
                self.set_up[of], self.set_up_from[of] = on, (order, first)
        self.stakes = [
            row
            for row in self.t["participation"]
            if self.kinds.get(row["guidance_fund_id"]) in ("venture", "angel")
        ]

    @staticmethod
    def fund_marks(row):
        uscc, code = fold(row["uscc"]), fold(row["amac_code"])
        return [
            mark
            for mark in (
                ("u", uscc) if right_uscc(uscc) else None,
                ("c", code) if re.fullmatch("s[0-9a-z]{5}", code) else None,
            )
            if mark
        ]

    def paid_days(self, stake):
        calls = [
            day(r["occurred_on"])
            for r in self.t["cash_flow"]
            if r["participation_id"] == stake["participation_id"]
            and r["kind"] in ("call", "fee_outside")
            and Decimal(r["amount"] or 0) > 0
        ]
        listed = [
            day(r["paid_on"])
            for r in self.t["fund_paid_in"]
            if (r["partner_fund_id"], r["guidance_fund_id"])
            == (stake["partner_fund_id"], stake["guidance_fund_id"])
            and Decimal(r["amount"] or 0) > 0
        ]
        return [one for one in calls + listed if one]  # fmt: skip

    def present(self, as_of):
        """The entities that count on a day."""
        found = set()
        for stake in self.stakes:
            of = self.entity.get(stake["partner_fund_id"])
            begun, signed, ended = self.set_up.get(of), day(stake["signed_on"]), day(stake["dropped_on"])
            if begun is None or signed is None or max(begun, signed) > as_of:
                continue
            if ended and ended <= as_of and not any(paid <= ended for paid in self.paid_days(stake)):
                continue
            found.add(of)
        return found

    def changes(self, fund):
        """Each investor's change in a fund: from when it counts (None: part of the opening size), and how much."""
        of = self.entity[fund["partner_fund_id"]]
        begun, first = self.set_up.get(of), self.set_up_from.get(of, (None, None))[1]
        for row in self.t["investor_commitment"]:
            if (
                row["partner_fund_id"] != fund["partner_fund_id"]
                or (row["currency"] or fund["currency"]) != fund["currency"]
            ):
                continue
            on, amount = day(row["effective_on"]), Decimal(row["amount"])
            if row["reason"] == "initial":
                yield None, amount
            elif begun is None or (on and on > begun):
                yield on, amount
            elif on and first < begun and on >= first:
                yield begun, amount
            else:
                yield None, amount

    def size(self, entity, as_of):
        """Currency and committed size of a fund on a day; of several rows the one of known size, then of the least id."""
        found = []
        for key, fund in self.funds.items():
            if self.entity[key] == entity:
                moves = list(self.changes(fund))
                opening = [amount for on, amount in moves if on is None]
                start = (
                    Decimal(fund["committed_size"])
                    if fund["committed_size"]
                    else sum(opening)
                    if opening
                    else None
                )
                now = (
                    None
                    if start is None
                    else start + sum(amount for on, amount in moves if on and on <= as_of)
                )
                found.append((start is None, key, fund["currency"], now))
        return min(found)[2:]

    def houses(self):
        firms = {row["manager_id"]: row for row in self.t["manager"]}

        def marks(row):
            uscc, code, house = fold(row["uscc"]), fold(row["amac_no"]), fold(row["group_name"])
            listed = (
                ("u", uscc) if right_uscc(uscc) else None,
                ("c", code) if re.fullmatch(r"p\d{7}", code) else None,
                ("h", house) if house else None,
            )
            return [mark for mark in listed if mark]

        house = united(self.t["manager"], "manager_id", marks)
        named = {}
        for key, row in sorted(firms.items(), reverse=True):
            named[row["name_key"]] = key
        return lambda who: house.get(who) or house.get(named.get(fold(who))) or who

    def manager_of(self, fund, on):
        """Who managed a fund on a day, by its changes of manager."""
        turns = sorted((row for row in self.t["fund_change"] if row["kind"] == "manager" and row["partner_fund_id"] == fund["partner_fund_id"]),
                       key=lambda row: row["effective_on"])  # fmt: skip
        done = [row for row in turns if day(row["effective_on"]) <= on]
        later = [row for row in turns if day(row["effective_on"]) > on]
        if done and done[-1]["after"]:
            return done[-1]["after"]
        if later:
            came = [row["after"] for row in turns]
            return later[0]["before"] or (None if done or fund["manager_id"] in came else fund["manager_id"])
        return None if done and done[-1]["before"] == fund["manager_id"] else fund["manager_id"]

    def actual(self, target, as_of):
        """What a target has reached on a day; None where that is not known."""
        code, currency = target["code"], target["currency"]
        if code in ("new_managers", "partner_funds", "fund_scale") and not any(self.stakes):
            return None
        if code == "partner_funds":
            return Decimal(len(self.present(as_of)))
        if code == "fund_scale":
            sizes = [self.size(one, as_of) for one in self.present(as_of)]
            own = [size for of, size in sizes if of == (currency or "CNY")]
            known = [size for size in own if size is not None]
            return sum(known, Decimal(0)) if known or not own else None
        if code == "new_managers":
            return self.new_managers(day(target["starts_on"]), min(as_of, day(target["due_on"])))
        if code == "cross_border":
            return self.cross_border(currency or "USD", as_of)
        starts, due = day(target["starts_on"]), day(target["due_on"])
        told = [
            (day(row["measured_on"]), row["value"])
            for row in self.t["indicator"]
            if row["code"] == code and row["value"]
        ]
        told = [
            one
            for one in told
            if one[0] <= as_of and (code == "invention_patents" or starts <= one[0] <= due)
        ]
        return Decimal(max(told)[1]) if told else None

    def new_managers(self, starts, until):
        house_of, first = self.houses(), {}
        for stake in self.stakes:
            signed, fund = day(stake["signed_on"]), self.funds.get(stake["partner_fund_id"])
            who = self.manager_of(fund, signed) if signed and fund else None
            if who:
                house = house_of(who)
                first[house] = min(first.get(house, signed), signed)
        return Decimal(sum(starts <= on <= until for on in first.values()))

    def cross_border(self, currency, as_of):
        own = [row for row in self.t["guidance_fund"] if row["kind"] == "cross_border"]
        if not own:
            return None
        begun = {row["guidance_fund_id"]: day(row["established_on"]) for row in own}
        flows = [row for row in self.t["guidance_flow"]
                 if row["kind"] == "committed" and begun.get(row["guidance_fund_id"]) and row["currency"] == currency]  # fmt: skip
        if any(on and on <= as_of for on in begun.values()) and not flows:
            return None
        counted = [
            Decimal(row["amount"])
            for row in flows
            if max(day(row["occurred_on"]), begun[row["guidance_fund_id"]]) <= as_of
        ]
        return sum(counted, Decimal(0))


def check_targets(pack):
    count, shown = Count(pack), []
    for place, target in enumerate(pack.rows("progress"), 2):
        actual = count.actual(target, day(target["as_of"]))
        said = Decimal(target["actual"]) if target["actual"] else None
        shown.append(f"{target['code']} {actual}")
        if actual != said:
            pack.wrong(
                f"csv/progress.csv:{place} actual",
                f"{target['code']} 为 {said}，重新计算为 {actual}",
                f"says {said}, counted anew {actual}",
            )
    return ", ".join(shown)


# --- 6 database ---------------------------------------------------------------------------------------------------


def check_database(pack):
    try:
        duckdb = importlib.import_module("duckdb")
    except ImportError:
        return "DuckDB 未安装，此项未核 / not checked: DuckDB is not installed"
    name = pack.about["edition_file"]
    con = duckdb.connect(str(pack.home / name), read_only=True)
    try:
        edition, last, head = con.execute(
            "SELECT edition, last_batch_id, head_hash FROM edition ORDER BY edition DESC LIMIT 1"
        ).fetchone()
        for field, found in (("edition", edition), ("last_batch", last), ("head_hash", head)):
            if pack.note[field] != found:
                pack.wrong(
                    name,
                    f"{field} 为 {found}，校验点为 {pack.note[field]}",
                    f"{field} is {found}, in the checkpoint {pack.note[field]}",
                )
        checked = 0
        for table in pack.about["tables"]:
            for of in (table, f"{table}_log"):
                hidden = pack.about["hidden"].get(table, [])
                heads, rows = pack.table(of)
                kinds = dict(
                    con.execute(
                        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [of]
                    ).fetchall()
                )
                listed = ", ".join(f'CAST("{head}" AS VARCHAR)' for head in heads)
                masked = (
                    {"row_key", "investor"} if table in ("investor_commitment", "fund_paid_in") else set()
                )
                stored = Counter(
                    tuple(value for head, value in zip(heads, row) if head not in masked)
                    for row in con.execute(f'SELECT {listed} FROM "{of}"').fetchall()
                )
                given = Counter(tuple(row[head] for head in heads if head not in masked) for row in rows)
                checked += len(rows)
                for row in list((stored - given).keys())[:3] + list((given - stored).keys())[:3]:
                    pack.wrong(f"{name} {of}", f"数据库与 CSV 不一致：{row[:6]}", "database and CSV differ")
                if set(kinds) - set(heads) - set(hidden):
                    pack.wrong(f"csv/{of}.csv", "缺列", "lacks a column of the database")
        return f"{checked} rows, DuckDB {duckdb.__version__}"
    finally:
        con.close()


CHECKS = (
    ("1 文件清单 / files", check_files), ("2 校验链 / chain", check_chain), ("3 台账 / ledger", check_ledger),
    ("4 控制数 / control totals", check_totals), ("5 目标 / targets", check_targets), ("6 数据库 / database", check_database),
)  # fmt: skip


def main():
    """Check the pack that this file lies in."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    words = argparse.ArgumentParser(description="核验审计数据包 / Check this audit pack.")
    words.add_argument(
        "--checkpoint", type=Path, help="校验点，应取自数据包以外 / a checkpoint kept outside this pack"
    )
    note = words.parse_args().checkpoint
    try:
        pack = Pack(Path(__file__).resolve().parent, note)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"无法读取 / cannot be read: {error}\n")
        return 4
    if note is None:
        print(
            "注意：所用校验点取自数据包本身；请用 --checkpoint 另给一份包外留存的 / The checkpoint is the pack's own; give one kept elsewhere by --checkpoint"
        )
    for title, check in CHECKS:
        before = len(pack.problems)
        try:
            result = check(pack)
        except Exception as error:  # noqa: BLE001 - whatever was done to the pack, the other checks still run
            pack.wrong(title, f"核验中断：{type(error).__name__} {error}", "could not be finished")
            result = ""
        print(f"{'✔' if len(pack.problems) == before else '✘'} {title}  {result}")
        for words_of in pack.problems[before:]:
            print(f"    {words_of}")
    total = len(pack.problems)
    print("核验通过 / all holds" if not total else f"核验未通过：{total} 处 / {total} findings")
    return 4 if total else 0


if __name__ == "__main__":
    sys.exit(main())
