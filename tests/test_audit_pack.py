"""The auditor's pack: what is in it, the same bytes each time, and a verify.py that names whatever was done to it."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from audit_ledger import audit_store

from fundtrack.errors import InputError
from fundtrack.load.agree import agree
from fundtrack.reports.pack.tables import as_text, comma_separated
from fundtrack.reports.pack.write import export_audit
from fundtrack.store.definitions import all_definitions
from fundtrack.store.editions import Store
from fundtrack.store.migrate import table_words


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return audit_store(tmp_path_factory.mktemp("pack") / "data", check=agree)


@pytest.fixture(scope="module")
def made(store: Store) -> Path:
    return export_audit(store, store.folders.keys, store.folders.data.parent / "out").out


@pytest.fixture
def pack(made: Path, tmp_path: Path) -> Path:
    """A copy to do with as a test likes; the note that lies elsewhere beside it."""
    shutil.copy(made / "checkpoint.json", tmp_path / "note.json")
    return Path(shutil.copytree(made, tmp_path / "pack"))


def checked(pack: Path, *, plain: bool = False, own_note: bool = False) -> tuple[int, str]:
    """Run verify.py as an auditor does; plain: by a Python that has nothing but its own library."""
    note = [] if own_note else ["--checkpoint", str(pack.parent / "note.json")]
    done = subprocess.run(
        [sys.executable, "-I", *(["-S"] if plain else []), str(pack / "verify.py"), *note], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def relist(pack: Path) -> None:
    """What a careful forger does: list every file anew with its SHA-256."""
    listed = [
        (path.relative_to(pack).as_posix(), path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(pack.rglob("*")) if path.is_file() and path.name != "manifest.csv"
    ]  # fmt: skip
    with (pack / "manifest.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("file", "bytes", "sha256"), *listed])


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace a text that stands in a file just so."""

    def act(pack: Path) -> None:
        content = (pack / name).read_bytes()
        assert old.encode() in content, name
        (pack / name).write_bytes(content.replace(old.encode(), new.encode(), 1))

    return act


def test_all_holds(made: Path, tmp_path: Path):
    shutil.copy(made / "checkpoint.json", made.parent / "note.json")
    code, said = checked(made)
    assert (code, said.count("✔"), "核验通过" in said) == (0, 6, True)
    assert "fund_scale 3200" in said  # 1,500 + 1,000 + 700
    assert "partner_funds 3" in said
    assert "new_managers 0" in said
    code, said = checked(made, plain=True)
    assert code == 0
    assert "DuckDB 未安装" in said
    code, said = checked(made, own_note=True)
    assert code == 0
    assert "包外留存" in said


def test_two_exports_are_the_same_to_the_byte(store: Store, made: Path, tmp_path: Path):
    again = export_audit(store, store.folders.keys, tmp_path / "again").out
    one, other = (
        {path.relative_to(of): path.read_bytes() for path in of.rglob("*") if path.is_file()}
        for of in (made, again)
    )
    assert one.keys() == other.keys()
    assert [str(name) for name in one if one[name] != other[name]] == []


def test_a_folder_that_holds_something_is_left_alone(store: Store, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="out_not_empty"):
        export_audit(store, store.folders.keys, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_table_and_view_in_three_forms(store: Store, made: Path):
    with store.connect() as con:
        names = {name for (name,) in con.sql(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND schema_name = 'main' "
            "UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall()}  # fmt: skip
        counts = {name: con.sql(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for name in names}
    assert {path.stem for path in (made / "csv").iterdir()} == names
    for name, count in counts.items():
        content = (made / "csv" / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert len(rows(made / "csv" / f"{name}.csv")) == count, name
        assert pl.read_parquet(made / "parquet" / f"{name}.parquet").height == count
        text = (made / "pipe" / f"{name}.txt").read_text("utf-8")
        assert len(list(csv.reader(io.StringIO(text), delimiter="|"))) == count + 1
    assert [row["引导基金"] for row in rows(made / "zh" / "审计家底.csv")] == ["引导基金甲"]


def test_control_totals_by_hand(made: Path):
    found = {
        (row["name"], row["field"], row["currency"]): (row["rows"], row["total"])
        for row in rows(made / "control_totals.csv")
    }
    assert found["cash_flow", "amount", "CNY"] == ("4", "672.00")  # 300 + 200 + 70 + 102
    assert found["cash_flow", "principal", "CNY"] == ("4", "160.00")
    assert found["partner_fund", "committed_size", "CNY"] == ("3", "3200.00")
    assert found["partner_fund_log", "committed_size", "CNY"] == (
        "4",
        "4400.00",
    )  # and PF1 before its correction
    assert found["manager", "", ""] == ("1", "")


def test_nobodys_contact_and_no_natural_person(made: Path):
    for folder in ("csv", "zh", "pipe", "queries"):
        for path in (made / folder).iterdir():
            content = path.read_text("utf-8")
            assert "赵五" not in content, path.name
            assert "张三" not in content, path.name
            assert "钱六" not in content, path.name
    for path in (made / "parquet").iterdir():
        texts = pl.read_parquet(path).select(pl.col(pl.String)).to_dict(as_series=False)
        assert not any(word in str(texts) for word in ("赵五", "张三", "钱六")), path.name
    paid = {row["investor"]: row["row_key"] for row in rows(made / "csv" / "fund_paid_in.csv")}
    assert paid["自然人0001"] == "PF1|自然人0001||1|2015-03-01|1"
    assert "示例控股" in paid
    assert "contact" not in rows(made / "csv" / "partner_fund_log.csv")[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [("=1+1", "'=1+1"), (" @x", "' @x"), ("＋86", "'＋86"), ("-示例", "'-示例"), ("-12.50", "-12.50"), ("+3", "+3"), ("'=1", "''=1"),
     ("'好", "'好"), ("示例-1", "示例-1"), ("\tx", "'\tx"), ("-1-1", "'-1-1")],
)  # fmt: skip
def test_no_text_becomes_a_formula_and_verify_reads_it_back(made: Path, text: str, written: str):
    frame = pl.DataFrame({"a": [text]})
    assert as_text(frame)["a"].to_list() == [written]
    space: dict[str, object] = {"__name__": "pack_verify"}
    exec((made / "verify.py").read_text("utf-8"), space)  # noqa: S102 - the auditor's program, as it is given
    assert space["plain"](written) == text  # type: ignore[operator]


def test_negative_amounts_stay_numbers():
    frame = pl.DataFrame({"a": ["-7.00"], "b": ["x"]}).with_columns(pl.col("a").cast(pl.Decimal(18, 2)))
    assert comma_separated(as_text(frame)).decode("utf-8-sig") == "a,b\r\n-7.00,x\r\n"


def test_the_dictionary_names_every_column(store: Store, made: Path):
    listed = {(row["name"], row["column"]) for row in rows(made / "dictionary.csv")}
    both = {(row["words_zh"], row["words_en"]) for row in rows(made / "dictionary.csv")}
    with store.connect() as con:
        standing = set(con.sql(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall())  # fmt: skip
    assert {pair for pair in listed if pair[1]} >= standing
    macros = {one.name for one in all_definitions() if one.kind in {"macro", "scalar"}}
    assert {name for name, _ in listed} == {name for name, _ in standing} | macros | {
        one.name for one in table_words()
    }
    assert all(zh and en for zh, en in both)


def test_the_questions_stand_with_their_answers(store: Store, made: Path):
    found = sorted(path.stem for path in (made / "queries").glob("*.sql"))
    assert len(found) == 10
    with duckdb.connect(str(made / "proof" / "edition-000003.duckdb"), read_only=True) as con:
        for name in found:
            answer = con.sql((made / "queries" / f"{name}.sql").read_text("utf-8")).fetchall()
            assert len(answer) == len(rows(made / "queries" / f"{name}.expected.csv")), name
    [stake] = rows(made / "queries" / "03_stake.expected.csv")
    assert (stake["basis"], stake["guidance"], stake["total"]) == ("实缴", "300.00", "950.00")


def test_papers(made: Path):
    import docx

    listed = docx.Document(str(made / "数据移交清单.docx"))
    cells = [[cell.text for cell in row.cells] for row in listed.tables[0].rows]
    [cash] = [row for row in cells if row[1] == "资金往来\ncash_flow"]
    assert cash[2] == "4"
    assert "amount CNY 672.00" in cash[3]
    assert cash[4] == hashlib.sha256((made / "csv" / "cash_flow.csv").read_bytes()).hexdigest()
    words = "\n".join(
        line.text for line in docx.Document(str(made / "电子数据真实性完整性承诺书.docx")).paragraphs
    )
    head = json.loads((made / "checkpoint.json").read_text("utf-8"))["head_hash"]
    assert head in words
    assert "承诺单位（盖章）：____" in words
    with zipfile.ZipFile(made / "数据移交清单.docx") as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# --- tampering: each found with the manifest left alone, and by another check where a forger lists every file anew -----


def reordered(pack: Path) -> None:
    one, other = (pack / "proof/batches" / f"B00000{n}.jsonl" for n in (1, 2))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def rechained(pack: Path) -> None:
    """Change a row of the first batch and recompute the chain after it, as someone without the key would."""
    previous, hashes = "", {}
    for path in sorted((pack / "proof/batches").glob("*.jsonl")):
        head, rest = path.read_text("utf-8").split("\n", 1)
        said = json.loads(head) | {"previous_hash": previous}
        rest = rest.replace('"committed_size":"1000.00"', '"committed_size":"9000.00"')
        path.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n" + rest, "utf-8")
        previous = hashlib.sha256(path.read_bytes()).hexdigest()
        hashes[path.stem] = previous
    found = (pack / "csv/batch.csv").read_text("utf-8-sig")
    for row in rows(pack / "csv/batch.csv"):
        found = found.replace(row["hash"], hashes[row["batch_id"]])
    (pack / "csv/batch.csv").write_text(found, "utf-8-sig", newline="")
    for name in ("partner_fund", "partner_fund_log"):
        edit(f"csv/{name}.csv", "1000.00", "9000.00")(pack)


def swapped(pack: Path) -> None:
    """An earlier edition under the newest one's name."""
    path = pack / "proof/edition-000003.duckdb"
    path.unlink()
    shutil.copy(pack.parent / "earlier.duckdb", path)


def cut(pack: Path) -> None:
    (pack / "proof/batches/B000003.jsonl").unlink()


@pytest.mark.parametrize(
    ("act", "names"),
    [
        pytest.param(edit("csv/cash_flow.csv", ",300.00,", ",350.00,"), ["csv/cash_flow.csv:2 amount", "350.00"], id="a cell of a CSV"),
        pytest.param(edit("csv/cash_flow_log.csv", "示例控股", "示例控服"), ["csv/cash_flow_log.csv:5 buyer"], id="a text of a log"),
        pytest.param(edit("csv/progress.csv", "3200.00", "3900.00"), ["csv/progress.csv:2 actual", "fund_scale"], id="a target"),
        pytest.param(edit("csv/audit_money_trail.csv", "594.00", "590.00"), ["csv/audit_money_trail.csv balance_computed CNY"], id="a view's amount"),
        pytest.param(edit("control_totals.csv", "672.00", "673.00"), ["csv/cash_flow.csv amount CNY", "672.00"], id="a control total"),
        pytest.param(edit("proof/batches/B000001.jsonl", '"amount":"300.00"', '"amount":"301.00"'),
                     ["B000002.jsonl：与上一批次的哈希不衔接", "B000001.jsonl：存档哈希"], id="a line of an archive changed"),
        pytest.param(edit("proof/batches/B000003.jsonl", '"commitment":"100.00"', '"commitment":"101.00"'),
                     ["B000003.jsonl：存档哈希", "checkpoint：head_hash"], id="a line of the last archive changed"),
        pytest.param(lambda pack: (pack / "proof/batches/B000001.jsonl").write_text(
            "\n".join((pack / "proof/batches/B000001.jsonl").read_text("utf-8").split("\n")[:-3]) + "\n", "utf-8"),
            ["B000001.jsonl：存档哈希", "csv/fund_report.csv:2"], id="lines removed"),
        pytest.param(reordered, ["B000001.jsonl：存档首行的批次号为 B000002", "B000002.jsonl：与上一批次的哈希不衔接"], id="batches reordered"),
        pytest.param(cut, ["B000003.jsonl：批次存档缺失", "checkpoint：batches 为 3，核算为 2"], id="the last batch cut off"),
        pytest.param(lambda pack: (pack / "proof/batches/B000002.jsonl").unlink(),
                     ["B000003.jsonl：批次号不连续，此处应为 B000002"], id="a batch removed"),
        pytest.param(rechained, ["checkpoint：head_hash"], id="the chain recomputed without the key"),
        pytest.param(swapped, ["proof/edition-000003.duckdb：edition 为 2"], id="the edition swapped"),
    ],
)  # fmt: skip
def test_tampering_is_named(store: Store, pack: Path, act: Callable[[Path], None], names: list[str]):
    shutil.copy(store.edition_path(2), pack.parent / "earlier.duckdb")
    act(pack)
    code, said = checked(pack)
    assert code == 4
    assert "✘ 1" in said  # whoever forgets the manifest is found by it
    relist(pack)
    code, said = checked(pack)
    assert code == 4
    assert "✔ 1" in said
    for name in names:
        assert name in said, said


def test_a_file_missing_and_a_file_beside(pack: Path):
    (pack / "csv/manager.csv").unlink()
    (pack / "mine.txt").write_text("mine")
    code, said = checked(pack)
    assert code == 4
    assert "csv/manager.csv：文件缺失" in said
    assert "mine.txt：不在文件清单内" in said
