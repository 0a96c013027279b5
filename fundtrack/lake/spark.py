"""A cluster: Apache Spark hands each city to one task, whose Python worker reads the lake itself and runs the report.

Spark never sees a city's tables: it carries which files are whose, brings the reports' JSON back, and adds up the
measures (decimal(38,2), exact). The workers need Python with fundtrack, reach the lake by the credentials of their own
environment, and Java 17 runs the cluster. `local[*]` is a laptop, `local-cluster[2,1,1024]` two executors on it.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self

import polars as pl
import pyarrow as pa

import fundtrack
from fundtrack.errors import BusyError, FundtrackError, InputError, IntegrityError
from fundtrack.lake.engines import MEASURE, Answers, Report
from fundtrack.lake.standing import City, CityLedger

_SAID: Final = pa.schema(
    [
        ("place", pa.int64()), ("shown", pa.string()), ("error", pa.string()), ("figure", pa.string()),
        ("unit", pa.string()), ("amount", pa.decimal128(38, 2)), ("counted", pa.int64()),
    ]
)  # fmt: skip
_SCHEMA: Final = "place bigint, shown string, error string, figure string, unit string, amount decimal(38,2), counted bigint"
_KINDS: Final = {kind.__name__: kind for kind in (InputError, BusyError, IntegrityError)}


class Cluster:
    """Spark, started for one question and stopped after it, or held for several by `with`.

    Attributes:
        master: Spark's address of a cluster.
    """

    def __init__(self, master: str) -> None:
        self.master = master
        self._held: Any = None

    def __enter__(self) -> Self:
        self._held = self._started()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.stop()
        self._held = None

    def answer(self, cities: Sequence[City], report: Report) -> Answers:
        """Compute a report of each city, one city a task.

        Raises:
            InputError: `spark_missing`, where pyspark is not installed; `spark_failed`, where no cluster starts or a task dies.
            IntegrityError: `lake_lost`, `lake_incomplete`, as a worker found it.
        """
        if find_spec("pyspark") is None:
            raise InputError("spark_missing")
        from py4j.protocol import Py4JError  # noqa: PLC0415 - an optional extra
        from pyspark.errors import PySparkException  # noqa: PLC0415

        try:
            with warnings.catch_warnings(action="ignore"):  # pyspark's own of pandas, which is not used
                return self._answer(list(cities), report)
        except FundtrackError:
            raise
        except (PySparkException, Py4JError, OSError) as error:
            raise InputError("spark_failed", master=self.master, detail=_said(error)) from error

    def _answer(self, cities: list[City], report: Report) -> Answers:
        from pyspark.sql import functions as fn  # noqa: PLC0415

        spark = self._held or self._started()
        try:
            each = spark.range(0, len(cities), 1, numPartitions=max(len(cities), 1))
            said = each.mapInArrow(_worker(cities, report), _SCHEMA).persist()
            told = said.where("figure IS NULL").select("place", "shown", "error").orderBy("place").collect()
            for row in told:
                if row["error"]:
                    raise _raised(row["error"])
            sums = (
                said.where("figure IS NOT NULL")
                .groupBy("figure", "unit")
                .agg(fn.sum("amount").alias("amount"), fn.sum("counted").alias("counted"))
                .collect()
            )
            totals = pl.DataFrame([tuple(row) for row in sums], schema=MEASURE, orient="row")
            return Answers(cities, [json.loads(row["shown"]) for row in told], totals.sort("figure", "unit"))
        finally:
            if self._held is None:
                spark.stop()

    def _started(self) -> Any:
        """Start a session; what Java and pyspark say meanwhile is kept from the terminal."""
        from pyspark.sql import SparkSession  # noqa: PLC0415

        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        home = str(Path(fundtrack.__file__).parents[1])
        paths = os.pathsep.join(dict.fromkeys([home, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]))
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "OFF",
            "spark.sql.shuffle.partitions": "8",
            "spark.sql.session.timeZone": "UTC",
            "spark.executorEnv.PYTHONPATH": paths.rstrip(os.pathsep),
            # A task has one core: Polars must not take the whole machine in each.
            "spark.executorEnv.POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", "1"),
        }
        if self.master.startswith("local"):  # Java only hands out tasks here: it need not warm up
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            settings |= {"spark.driver.extraJavaOptions": quick, "spark.executor.extraJavaOptions": quick}
        builder = SparkSession.builder.master(self.master).appName("fundtrack")
        for name, value in settings.items():
            builder = builder.config(name, value)
        with _quiet(), warnings.catch_warnings(action="ignore"):
            return builder.getOrCreate()


@contextmanager
def _quiet() -> Iterator[None]:
    """Send standard error to nowhere, for this process and for Java, which inherits it."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _worker(cities: list[City], report: Report) -> Any:
    """What a task runs: it is sent to the worker, which imports the report's function there."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place in batch.column("id").to_pylist():
                yield pa.RecordBatch.from_pylist(told(place, cities[place], report), _SAID)

    return work


def told(place: int, city: City, report: Report) -> list[dict[str, Any]]:
    """A city's report as rows: one with its JSON or its error, one for each measure."""
    try:
        shown, measures = report(CityLedger(city))
    except FundtrackError as error:
        failed = {"kind": type(error).__name__, "code": error.code, "about": error.about}
        return [{"place": place, "error": json.dumps(failed)}]
    rows: list[dict[str, Any]] = [{"place": place, "shown": json.dumps(shown, ensure_ascii=False)}]
    return rows + [{"place": place, **dict(zip(MEASURE, measure, strict=True))} for measure in measures]


def _raised(text: str) -> FundtrackError:
    failed = json.loads(text)
    return _KINDS.get(failed["kind"], InputError)(failed["code"], **failed["about"])


def _said(error: BaseException) -> str:
    """The line of a Java trace that says what went wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(("Caused by:", "java.", "[", "py4j"))]
    return (causes or lines or [type(error).__name__])[0]
