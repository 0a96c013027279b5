"""Sources of the seeds have a name in both languages, so that an English page names them in English."""

import csv
import re

import pytest
from ui_pages import ROOT

from fundtrack.reports.own_sources import source_name


@pytest.mark.parametrize("seed", ["fx_rates", "lending_rates", "targets", "policies"])
def test_every_source_of_a_seed_has_its_name_in_both_languages(seed):
    with (ROOT / "seeds" / f"{seed}.csv").open(encoding="utf-8-sig") as file:
        said = {row["source"] for row in csv.DictReader(file)}
    assert said
    for source in said:
        assert source_name(source, "zh") == source
        assert not re.search(r"[\u4e00-\u9fff]", source_name(source, "en")), source
