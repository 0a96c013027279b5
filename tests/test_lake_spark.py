"""Spark and one machine say the same: identical sums, counts and findings, ratios within 1e-12."""

import json
import math
import shutil
from datetime import date
from pathlib import Path

import pytest
from cities import CODES, funded, grow, random_city
from running import json_of
from test_lake import REPORTS, pushed

from fundtrack.errors import InputError, IntegrityError
from fundtrack.lake.delta import Lake
from fundtrack.lake.engines import Here
from fundtrack.lake.spark import Cluster
from fundtrack.lake.standing import cities
from fundtrack.reports.by_city import Standing

pytestmark = pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java 17: apt-get install openjdk-17-jre-headless")  # fmt: skip
TWO_EXECUTORS = "local-cluster[2,1,1024]"


@pytest.fixture(autouse=True)
def _workspace():
    """Executors leave their logs beside pyspark; what was not there before goes again."""
    import pyspark

    work = Path(pyspark.__file__).parent / "work"
    before = work.exists()
    yield
    if not before:
        shutil.rmtree(work, ignore_errors=True)


def differences(one, other, path="") -> list[str]:
    """Where two JSON values differ; floating point numbers may by 1e-12 of themselves."""
    if isinstance(one, float) and isinstance(other, float):
        return [] if math.isclose(one, other, rel_tol=1e-12, abs_tol=0) else [f"{path}: {one} {other}"]
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for name in one for found in differences(one[name], other[name], f"{path}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for place, pair in enumerate(zip(one, other, strict=True))
            for found in differences(*pair, f"{path}[{place}]")
        ]
    return [] if one == other and type(one) is type(other) else [f"{path}: {one!r} {other!r}"]


def test_the_comparison_sees_what_it_should():
    assert differences({"a": [1.0]}, {"a": [1.0 + 1e-13]}) == []
    assert differences({"a": [1.0]}, {"a": [1.0 + 1e-11]}) == [".a[0]: 1.0 1.00000000001"]
    assert differences({"a": "1.00"}, {"a": "1.01"}) and differences([1], [1, 2]) and differences(1, 1.0)


@pytest.mark.parametrize("count", [4, pytest.param(50, marks=pytest.mark.full)])
def test_two_executors_and_one_machine_agree(tmp_path, count):
    lake = Lake(str(tmp_path / "lake"))
    for seed in range(count):
        code = f"{33 + seed // 11}{seed % 11 + 1:02d}00"
        pushed(random_city(tmp_path / str(seed), 100 + seed), lake, code)
    held = cities(lake)
    assert len(held) == count
    with Cluster(TWO_EXECUTORS) as cluster:
        for name, report in (
            REPORTS | {"standing": Standing((date(2017, 9, 30), date(2017, 6, 30)))}
        ).items():
            here = json.loads(json.dumps(Here().answer(held, report).as_json()))
            there = json.loads(json.dumps(cluster.answer(held, report).as_json()))
            assert differences(here, there) == [], name
            assert len(here["cities"]) == count
            assert name == "standing" or sum(row["counted"] for row in here["totals"]) > count, (
                "nothing to compare"
            )


def test_what_a_worker_finds_wrong_comes_back_as_its_sentence(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    for code in CODES[:2]:
        pushed(grow(tmp_path / code, funded(code, "100")), lake, code)
    held = cities(lake)
    Path(held[1].files["target"][0]).unlink()
    with pytest.raises(IntegrityError) as caught:
        Cluster("local[1]").answer(held, REPORTS["progress"])
    assert caught.value.code == "lake_lost" and caught.value.about["jurisdiction"] == CODES[1]


def test_the_command_asks_a_cluster(tmp_path):
    lake = tmp_path / "lake"
    pushed(grow(tmp_path / "a", funded("甲", "100")), Lake(str(lake)))
    there = json_of("lake", "progress", lake, "--engine", "spark", "--master", "local[1]")
    assert there == json_of("lake", "progress", lake)


def test_no_cluster_is_a_sentence(tmp_path):
    pushed(grow(tmp_path / "a", funded("甲", "100")), lake := Lake(str(tmp_path / "lake")))
    with pytest.raises(InputError) as caught:
        Cluster("nonsense://nowhere").answer(cities(lake), REPORTS["progress"])
    assert caught.value.code == "spark_failed" and "\n" not in caught.value.about["detail"]
