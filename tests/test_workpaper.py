"""审计取证单: what a paper says of a finding and of a query, worked out from tests/audit_ledger.py."""

import hashlib
import json
from pathlib import Path

import docx
import polars as pl
import pytest
from audit_ledger import audit_store

from fundtrack.__main__ import main
from fundtrack.store.editions import Store

FINDING = {
    "finding_id": "OVER_CAP-1", "rule_id": "OVER_CAP", "entity_table": "participation", "entity": "PA1", "partner_fund_id": "PF1",
    "occurrence": "paid_in", "status": "suspected", "review": None, "force": "依据", "value": 300 / 950, "limit_value": 0.2, "unit": "share",
    "amount": "110.00", "currency": "CNY", "source": "参股协议",
}  # fmt: skip
EVIDENCE = [
    {"finding_id": "OVER_CAP-1", "ordinal": 1, "table_name": "cash_flow", "row_key": "PA1|call|2015-03-01|1", "field": "amount", "role": "value"},
    {"finding_id": "OVER_CAP-1", "ordinal": 2, "table_name": "participation", "row_key": "PA3", "field": "signed_on", "role": "limit"},
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    finding = pl.DataFrame([FINDING]).with_columns(pl.col("amount").cast(pl.Decimal(18, 2)))
    results = {"finding": finding, "finding_evidence": pl.DataFrame(EVIDENCE)}
    return audit_store(tmp_path_factory.mktemp("paper") / "data", check=lambda *_: [results])


def written(store: Store, out: Path, *options: str) -> int:
    return main(["export", "workpaper", str(out), "--data", str(store.folders.data), *options])


def items(path: Path) -> dict[str, str]:
    """The paper's own table: item and text."""
    return {row.cells[0].text: row.cells[1].text for row in docx.Document(str(path)).tables[0].rows}


def test_a_finding(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "取证单.docx"
    assert (
        written(
            store,
            out,
            "--finding",
            "OVER_CAP-1",
            "--unit",
            "示例受托公司",
            "--made-on",
            "2018-02-01",
            "--json",
        )
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert (said["edition"], said["rows"], said["totals"]) == (3, 2, [["amount", "CNY", "110.00"]])
    found = items(out)
    assert list(found) == [
        "项目名称", "被审计（调查）单位", "事项", "事项摘要", "法规依据（依据／参照）", "数据来源", "SQL 全文", "结果行数与金额合计", "审计人员", "编制日期",
        "证据提供单位意见", "附件页数",
    ]  # fmt: skip
    assert found["被审计（调查）单位"] == "示例受托公司"
    assert found["编制日期"] == "2018-02-01"
    assert found["事项"] == "超比例：PA1（示例一号）"
    assert "数值 31.6%，界限 20.0%，所涉金额 110.00 CNY" in found["事项摘要"]
    assert found["法规依据（依据／参照）"] == "参股协议（依据）"
    assert "FROM finding_evidence WHERE finding_id = 'OVER_CAP-1'" in found["SQL 全文"]
    assert found["结果行数与金额合计"] == "2 行；金额合计：amount CNY 110.00"
    assert "（盖章）" in found["证据提供单位意见"]
    assert "违规" not in "".join(found.values())
    made = docx.Document(str(out))
    head = store.ledger().editions()["head_hash"][-1]
    assert head in made.sections[0].footer.paragraphs[0].text, "every page names edition and head hash"
    rows = [[cell.text for cell in row.cells] for row in made.tables[2].rows]
    assert rows[2] == ["2", "参股", "PA3", "协议日期", "界限"]
    sources = [[cell.text for cell in row.cells] for row in docx.Document(str(out)).tables[1].rows][1:]
    assert ["补报.xlsx", hashlib.sha256(b"late").hexdigest(), "参股!J3", "2017-12-20"] in sources


def test_a_query(store: Store, tmp_path: Path):
    question = tmp_path / "q.sql"
    question.write_text(
        "SELECT * FROM audit_changes WHERE target_effect <> 0 ORDER BY target_effect DESC", "utf-8"
    )
    out = tmp_path / "paper.docx"
    assert written(store, out, "--sql", str(question), "--lang", "en") == 0
    found = items(out)
    assert found["SQL, full text"].startswith("SELECT * FROM audit_changes")
    # 700 and 300 yuan and one fund are not added
    assert found["Rows and sums"] == "3 rows; sums: none (no currency stands beside the amounts)"
    assert found["Project"] == "____________________"
    again = tmp_path / "again.docx"
    assert written(store, again, "--sql", str(question), "--lang", "en") == 0
    assert again.read_bytes() == out.read_bytes()


def test_sums_by_currency(store: Store, tmp_path: Path):
    question = tmp_path / "q.sql"
    question.write_text("SELECT kind, amount, currency FROM cash_flow", "utf-8")
    assert written(store, tmp_path / "paper.docx", "--sql", str(question), "--lang", "zh") == 0
    assert items(tmp_path / "paper.docx")["结果行数与金额合计"] == "4 行；金额合计：amount CNY 672.00"


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("SELECT * FROM nothing", "nothing"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("DELETE FROM batch", "read-only"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("", "0 statements"),
    ],
)
def test_only_a_question_is_asked(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], sql: str, word: str
):
    question, out = tmp_path / "q.sql", tmp_path / "paper.docx"
    question.write_text(sql, "utf-8")
    assert written(store, out, "--sql", str(question), "--lang", "en") == 1
    said = capsys.readouterr().err
    assert word in said
    assert "Traceback" not in said
    assert not out.exists()


def test_an_unknown_finding(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert written(store, tmp_path / "paper.docx", "--finding", "NONE", "--lang", "zh") == 1
    assert "没有编号为“NONE”的疑点" in capsys.readouterr().err
