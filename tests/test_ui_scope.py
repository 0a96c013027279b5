"""A reader of one guidance fund finds nothing of another on any page, whatever the address asks."""

import pytest
from acting import portfolio
from ui_pages import page, whole

from fundtrack.service import people
from fundtrack.service.actor import ROLES, Actor
from fundtrack.service.scope import Sight
from fundtrack.store.editions import Store
from fundtrack.ui.frame import NAMES

OWN = ("示例丙天使基金", "示例天使引导基金", "PF000003")
OTHERS = ("示例甲一号创投基金", "示例乙成长创投基金", "示例丁筹备基金", "PF000001", "PA000002")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    return portfolio(tmp_path_factory.mktemp("scope"))


@pytest.fixture
def angel(once, monkeypatch):
    """The reader of GF000002 at the pages."""
    monkeypatch.setenv("FUNDTRACK_DATA", str(once))
    reader = Actor("os:angel", "天使", frozenset(ROLES), frozenset({"GF000002"}), "local")
    monkeypatch.setattr(people, "of_system", lambda _: reader)
    return once


def test_the_ledger_holds_only_what_belongs(once):
    whole_one = Store(once).ledger()
    own = Sight(str(once), ("GF000002",)).store.ledger()
    assert own["participation"]["guidance_fund_id"].unique().to_list() == ["GF000002"]
    assert own["partner_fund"]["partner_fund_id"].to_list() == ["PF000003"]
    assert set(own["cash_flow"]["participation_id"]) <= set(own["participation"]["participation_id"])
    assert 0 < own["partner_fund"].height < whole_one["partner_fund"].height
    assert own["target"].equals(whole_one["target"]), "targets are everybody's"
    assert own.log("partner_fund")["partner_fund_id"].unique().to_list() == ["PF000003"]
    assert own.default_as_of == whole_one.default_as_of
    assert Sight(str(once)).store.ledger()["partner_fund"].equals(whole_one["partner_fund"])
    assert Sight(str(once), ()).store.ledger()["partner_fund"].is_empty()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *[pytest.param(name, {}, id=name) for name in NAMES if name not in {"forecast"}],
        pytest.param("funds", {"fund": "PF000001"}, id="another's fund by address"),
        pytest.param("findings", {"fund": "PF000001"}, id="another's findings by address"),
        pytest.param(
            "trace", {"figure": "partner_fund.PF000001.committed_size"}, id="another's value by address"
        ),
        pytest.param("trace", {"figure": "irr", "of": "PA000001"}, id="another's return by address"),
        pytest.param("corrections", {"q": "PF000001"}, id="another's row in the editor"),
    ],
)
def test_no_page_says_anything_of_another_guidance_fund(angel, name, query):
    at = page(name, lang="zh", **query).run()
    said = whole(at) + "".join(str(each.value) for each in (*at.error, *at.warning, *at.info, *at.dataframe))
    found = [word for word in OTHERS if word in said and not any(word in asked for asked in query.values())]
    assert found == []
    if name == "funds" and not query:
        assert OWN[0] in said
        assert "只显示您负责的引导基金（GF000002）" in said
