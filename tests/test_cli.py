"""The commands as people and scripts call them: one JSON object, exit codes, one sentence for what goes wrong."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from running import run_fundtrack
from test_pipeline import OWN, SEEDS, workbook

from fundtrack import __main__ as cli
from fundtrack.commands import serving
from fundtrack.commands.command import Command
from fundtrack.load import pipeline
from fundtrack.store.editions import Store

ROOT = Path(__file__).parents[1]
CHINESE = {"LANG": "zh_CN.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}


@pytest.fixture(scope="module")
def targets(tmp_path_factory):
    """Seeds with the targets alone, which are soon read."""
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copy(SEEDS / "targets.csv", folder)
    return folder


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path, targets):
    """English, an empty data folder, the targets of the plan."""
    for name in ("LC_ALL", "LC_MESSAGES", "FUNDTRACK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDTRACK_SEEDS", str(targets))


@pytest.fixture(scope="module")
def operators(tmp_path_factory):
    """A data folder with the operator's part in it."""
    folder = tmp_path_factory.mktemp("operators")
    pipeline.load(Store(folder / "data"), [workbook(folder, *OWN)], by="王")
    return folder / "data"


@pytest.fixture
def filled(operators, tmp_path):
    """The data folder of this test, with the operator's part in it."""
    shutil.copytree(operators, tmp_path / "data", copy_function=shutil.copy2)
    return tmp_path / "data"


@pytest.fixture
def run(capsys):
    """Run a command in this process: exit code, stdout, stderr."""

    def call(*arguments):
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = left.code
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return call


def only_object(out):
    """The one JSON object that stdout holds, on one line."""
    assert out.count("\n") == 1
    return json.loads(out)


# --- wrong calls --------------------------------------------------------------------------------------------------------

USAGE = [
    ([], "COMMAND is missing.", "缺少 COMMAND。"),
    (["load"], "FILE is missing.", "缺少 FILE。"),
    (["undo", "B000001"], "--by is missing.", "缺少 --by。"),
    (["check", "a.xlsx", "--fast"], "--fast is not known.", "不认识 --fast。"),
    (
        ["template", "a.xlsx", "--part", "Z"],
        "--part cannot be 'Z', only 'A', 'B', 'C'.",
        "--part 不能是 'Z'，只能是 'A', 'B', 'C'。",
    ),
    (["progress", "--known-at"], "--known-at needs a value.", "--known-at 后面要有一个值。"),
    (
        ["progress", "--known-at", "x"],
        "“x” is no edition. Write its number, like 2, or a day, like 2017-10-20.",
        "“x”不是数据版本；请写版本号（如 2）或日期（如 2017-10-20）。",
    ),
    (["serve", "--port", "x"], "--port needs a whole number, not 'x'.", "--port 要填整数，不能是 'x'。"),
    (["progress", "--as-of", "30.9.2017"], "“30.9.2017” is not a date.", "“30.9.2017”不是日期"),
    (["progress", "--as-of", "2017-02-30"], "“2017-02-30” is not a date.", "“2017-02-30”不是日期"),
]


@pytest.mark.parametrize(
    ("arguments", "en", "zh"), USAGE, ids=[" ".join(case[0]) or "nothing" for case in USAGE]
)
def test_a_wrong_call_is_one_sentence_and_2(run, monkeypatch, arguments, en, zh):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert en in err
    assert err.count("\n") == 1
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert zh in err
    assert err.count("\n") == 1


def test_what_argparse_says_otherwise_is_passed_on(run):
    code, _, err = run("load", "--all=yes", "x")
    assert code == 2
    assert "ignored explicit argument 'yes'" in err
    assert "fundtrack load --help" in err


def test_a_wrong_setting_is_a_sentence(run, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_LOCK_WAIT", "soon")
    assert run("progress")[0::2] == (
        2,
        "The environment variable FUNDTRACK_LOCK_WAIT cannot be “soon”. Correct or remove it.\n",
    )


def test_help_and_version(run):
    code, out, _ = run("--help")
    assert code == 0
    assert all(name in out for name in cli.COMMANDS)
    assert run("--version")[1].startswith("fundtrack 0")


@pytest.mark.parametrize(
    ("environment", "option", "said"),
    [
        ({"LANG": "zh_CN.UTF-8"}, [], "用法有误"), ({"LANG": "en_US.UTF-8"}, [], "Usage"), ({"LANG": "de_DE.UTF-8"}, [], "Usage"),
        ({"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, [], "用法有误"), ({"LANG": "en_US.UTF-8", "FUNDTRACK_LANG": "zh"}, [], "用法有误"),
    ],
)  # fmt: skip
def test_the_language_is_the_settings_else_the_locales(run, monkeypatch, environment, option, said):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert said in run(*option)[2]


def test_the_option_beats_both(run, monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDTRACK_LANG", "en")
    assert "找不到这个文件" in run("check", tmp_path / "x.xlsx", "--lang", "zh")[2]


# --- each command -------------------------------------------------------------------------------------------------------


def test_a_life_in_json(run, tmp_path):
    """Every command that stands on a load prints one object and nothing else."""
    file, late = workbook(tmp_path, *OWN), workbook(tmp_path, "fund_report")
    told = only_object(run("check", file, "--json")[1])
    assert (told["outcome"], told["edition"], told["diff"]["manager"]["new"]) == (
        "accepted",
        None,
        ["VC-01", "VC-02", "VC-03"],
    )
    assert told["diff"]["participation"]["changed"] == []
    told = only_object(run("load", file, "--by", "王", "--json")[1])
    assert (told["outcome"], told["edition"], told["problems"]) == ("published", 1, [])
    assert told["senders"] == [
        {"sender": "示例受托公司", "outcome": "published", "files": [file.name], "problems": 0}
    ]
    assert told["rows"]["partner_fund"] == {"new": 3, "changed": 0, "unchanged": 0}
    batch = told["batch_ids"][0]
    code, out, _ = run("progress", "--as-of", "2017-09-30", "--json")
    assert code == 0
    assert {row["code"]: row["actual"] for row in only_object(out)["targets"]}["fund_scale"] == "600000000.00"
    assert len(only_object(run("funds", "--json")[1])["funds"]) == 3
    assert only_object(run("load", late, "--json")[1])["edition"] == 2
    assert only_object(run("verify", "--json")[1]) == {"ok": True, "problems": []}
    code, out, err = run("undo", batch, "--by", "李", "--json")
    assert code == 1
    assert only_object(out)["error"] == "undo_still_referred"
    assert err.count("\n") == 1
    done = only_object(run("undo", "B000999", "--by", "李", "--json")[1])
    assert (done["error"], done["exit"]) == ("batch_unknown", 1)


def test_a_life_in_words(run, tmp_path):
    file = workbook(tmp_path, "manager", manager=[{"name": "示例甲资本"}])
    code, out, err = run("check", file)
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "No errors; ready to load."
    code, out, err = run("load", file, "--by", "王")
    assert (code, out) == (0, "")
    assert "  Managers: 1 new, 0 changed, 0 unchanged" in err.splitlines()
    assert "  New IDs, Managers: VC000001" in err.splitlines()
    assert err.splitlines()[-1].startswith("Published edition 1, batches B0000")
    batch = err.split()[-1].strip(".")
    assert (
        run("load", file)[2].splitlines()[-1]
        == "Nothing new: the files say what is known already. No edition was made."
    )
    code, out, _ = run("progress")
    assert (code, out.splitlines()[0]) == (0, "Edition 1, as of 2017-09-30")
    assert run("funds")[0] == 0
    assert "Verified: " in run("verify")[2]
    assert run("undo", batch, "--by", "李")[2] == f"Batch {batch} is reversed; this is edition 2.\n"


def test_a_changed_value_is_shown_with_what_it_was(run, filled, tmp_path):
    changed = workbook(
        tmp_path,
        "manager",
        manager=[{"manager_id": "VC-01", "name": "示例甲资本", "location": "杭州"}],
        name="later",
    )
    told = only_object(run("check", changed, "--json")[1])["diff"]["manager"]
    assert told["changed"][0] | {} == {"row_key": "VC-01", "field": "location", "old": None, "new": "杭州"}


def test_problems_in_json_say_everything_and_exit_1(run, tmp_path):
    file = workbook(
        tmp_path,
        *OWN,
        manager=[{"manager_id": f"VC-0{n}", "name": None if n == 2 else f"示例{n}"} for n in (1, 2, 3)],
    )
    for command in ("check", "load"):
        code, out, _ = run(command, file, "--json")
        told = only_object(out)
        assert (code, told["outcome"], told["edition"]) == (1, "refused", None)
        assert told["problems"] == [{
            "code": "missing_value", "severity": "error", "file": file.name, "sheet": "合作创投机构", "row": 3, "column": "B", "cell": "B3",
            "field": "name", "table": "manager", "value": None, "about": {},
            "message": "合作创投机构!B3 (Name): This is required; fill it in.",
        }]  # fmt: skip
    code, out, err = run("load", file, "--lang", "zh")
    assert (code, out) == (1, "")
    assert "[错误] 合作创投机构!B3（名称）：此处必填，请补上。" in err
    assert not list(Path(os.environ["FUNDTRACK_DATA"]).glob("editions/*.duckdb"))


def test_partly_is_exit_1(run, tmp_path):
    good, bad = (
        workbook(tmp_path, *OWN),
        workbook(tmp_path, "company", sender="示例乙", company=[{"company_id": "C1", "name": None}]),
    )
    code, out, _ = run("check", good, bad, "--json")
    assert (code, only_object(out)["outcome"]) == (1, "partial")
    assert (
        run("check", good, bad)[2].splitlines()[-1]
        == "Some senders have errors; the others are ready to load."
    )
    code, _, err = run("load", good, bad, "--all")
    assert (code, err.splitlines()[-1]) == (
        1,
        "Not loaded. Correct what is listed above and send it again; the data are as they were.",
    )
    code, out, _ = run("load", good, bad, "--json")
    assert (code, only_object(out)["outcome"]) == (1, "partial")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"), (b"PK\x03\x04 and then nothing of a zip", "damaged|incomplete|not complete"),
        (b"%PDF-1.7 a report", "is no spreadsheet|not a workbook|not a spreadsheet"),
        (None, "is not there"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_one_sentence(run, tmp_path, content, sentence):
    import re

    file = tmp_path / "x.xlsx"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run("load", file)
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert len([line for line in lines if "[error]" in line]) == 1
    assert re.search(sentence, err), err
    assert only_object(run("load", file, "--json")[1])["outcome"] == "refused"


@pytest.mark.parametrize("arguments", [["progress"], ["funds"], ["verify"]])
def test_before_the_first_load_commands_say_so(run, arguments):
    code, out, err = run(*arguments, "--json")
    assert code == 1
    assert only_object(out)["error"] == "no_such_folder"
    assert err.count("\n") == 1


def test_templates(run, tmp_path):
    code, out, _ = run("template", tmp_path / "a.xlsx", "--json", "--part", "B")
    assert (code, only_object(out)) == (0, {"out": str(tmp_path / "a.xlsx"), "parts": ["B"], "lang": "zh"})
    assert (
        run("template", tmp_path / "b.xlsx", "--lang", "en")[2]
        == f"Template written: {tmp_path / 'b.xlsx'}\n"
    )
    for out_file in (tmp_path / "no" / "c.xlsx", tmp_path):
        code, out, err = run("template", out_file, "--json")
        assert (code, only_object(out)["error"]) == (3, "not_writable_file")
        assert err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["at the end", "at once"])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["words", "json"])
def test_an_output_that_cannot_be_written_is_one_sentence(small_folder, options, unbuffered):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fundtrack", "progress", "--data", small_folder, "--lang", "en", *options],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


def test_the_unforeseen_is_a_sentence_too(run, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "COMMANDS", {"verify": Command(_named("verify", _broken))})
    code, out, err = run("verify", "--json")
    assert (code, only_object(out)["error"]) == (4, "unexpected")
    assert "ZeroDivisionError" in err
    monkeypatch.setenv("FUNDTRACK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("verify")


def _named(name, run):
    run.__name__ = name
    return run


def _broken(args, settings, lang):
    """Verify."""
    return 1 // 0


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt, 130)])
def test_leaving_is_quiet(run, monkeypatch, raised, code):
    def leave(args, settings, lang):
        """Leave."""
        raise raised

    monkeypatch.setattr(cli, "COMMANDS", {"verify": Command(_named("verify", leave))})
    assert run("verify") == (code, "", "")


def test_verify_tells_what_was_altered(run, filled):
    source = next((filled / "sources").iterdir())
    source.chmod(0o644)
    source.write_bytes(source.read_bytes() + b" ")
    code, out, err = run("verify")
    assert (code, out) == (4, "")
    assert "was altered" in err
    assert err.splitlines()[-1] == "Verification failed in 1 place."


def test_serve_starts_streamlit_on_this_machine_only(run, monkeypatch, tmp_path):
    called = {}

    def call(command, env, cwd, preexec_fn=None):
        called.update(command=command, env=env, cwd=cwd)
        return 0

    monkeypatch.setattr(serving.subprocess, "call", call)
    code, out, err = run("serve", "--port", "8600", "--data", tmp_path / "d")
    who = f"Single user on this machine: {pwd.getpwuid(os.getuid()).pw_name} (no sign-in, everything allowed).\n"
    assert (code, out, err) == (
        0,
        "",
        "Dashboard: http://127.0.0.1:8600 (this machine only; Ctrl+C ends it)\n" + who,
    )
    assert called["command"][:4] == [sys.executable, "-m", "streamlit", "run"]
    assert called["command"][called["command"].index("--server.address") + 1] == "127.0.0.1"
    assert called["env"]["FUNDTRACK_DATA"] == str(tmp_path / "d")
    assert called["cwd"] == ROOT

    def interrupted(command, env, cwd, preexec_fn=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(serving.subprocess, "call", interrupted)
    assert run("serve")[0] == 0


def test_the_demo_is_served_unless_told_otherwise(run, monkeypatch):
    monkeypatch.setattr("fundtrack.load.demo.load_demo", lambda *_, **__: 2)
    assert run("demo", "--no-serve", "--json") == (0, '{"edition": 2}\n', "")
    monkeypatch.setattr(serving.subprocess, "call", lambda *_, **__: 7)
    assert run("demo")[0] == 7


# --- other processes ----------------------------------------------------------------------------------------------------


def process(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "fundtrack", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **options.pop("env", {})}, cwd=ROOT, **options,
    )  # fmt: skip


def test_a_second_loader_is_told_who_is_loading(tmp_path):
    data, file = tmp_path / "data", workbook(tmp_path, *OWN)
    with Store(data).lock("李经办"):
        waited = process(
            "load", file, "--data", data, "--json", env={"FUNDTRACK_LOCK_WAIT": "0.2", **CHINESE}
        )
    assert waited.returncode == 3
    assert waited.stderr.startswith("李经办 正在导入（2")
    assert waited.stderr.count("\n") == 1
    assert only_object(waited.stdout)["error"] == "busy"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_a_folder_that_cannot_be_written_is_3_before_anything_is_read(tmp_path):
    """As nobody, since root may write everything; the file is not even a workbook, and is not looked at."""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:
        if parent.owner() == "root" and parent != Path(tempfile.gettempdir()):
            parent.chmod(parent.stat().st_mode | 0o055)
    data, file = tmp_path / "data", tmp_path / "x.xlsx"
    data.mkdir(mode=0o755)
    file.write_bytes(b"no workbook")
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("COV")
    }  # nobody can write its data
    code = (
        "import os, sys; from fundtrack.text.say import sentences; sentences('zh'); os.setgid(65534); os.setuid(65534); from fundtrack.__main__ import main; "
        f"sys.exit(main(['load', {str(file)!r}, '--data', {str(data)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", "import fundtrack.__main__, fundtrack.store.editions, fundtrack.load.pipeline; " + code],
                          capture_output=True, text=True, check=False, timeout=60, env=clean | CHINESE)  # fmt: skip
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert done.stderr == f"无法写入数据文件夹 {data}，请检查权限或磁盘，或用 --data 另指一个。\n"
    assert list(data.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(filled):
    """As in `fundtrack progress --json | head -0`."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "fundtrack", "progress", "--json", "--data", str(filled)], stdout=writing, stderr=subprocess.PIPE,
        text=True, check=False, timeout=60, cwd=ROOT,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_today_is_no_part_of_an_answer(run, filled):
    told = only_object(run("progress", "--json")[1])
    assert told["as_of"] == str(date(2017, 9, 30))


def test_a_filled_workbook_is_not_written_over_by_the_template(tmp_path):
    out = tmp_path / "mine.xlsx"
    assert run_fundtrack("template", out).returncode == 0
    assert run_fundtrack("template", out, "--lang", "en").returncode == 0, "a blank template may be replaced"
    book = openpyxl.load_workbook(out)
    book["Cover"]["B1"] = "示例单位"
    book.save(out)
    filled = out.read_bytes()
    done = run_fundtrack("template", out, "--lang", "zh")
    assert (done.returncode, out.read_bytes()) == (1, filled)
    assert "没有覆盖" in done.stderr
    assert run_fundtrack("template", out, "--force").returncode == 0
    assert out.read_bytes() != filled


@pytest.mark.parametrize("command", ["progress", "funds", "verify"])
def test_a_mistyped_data_folder_is_said_not_shown_as_empty(tmp_path, command):
    done = run_fundtrack(command, "--data", tmp_path / "none", "--lang", "en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "There is no folder" in done.stderr
