"""A real OpenID provider and Chromium: each role signs in, opens what it may and is refused the rest; tokens end, roles go, headers lie."""

import contextlib
import re
import threading
from datetime import timedelta

import oidc_provider_mock
import pytest
from acting import HEAD, person
from playwright.sync_api import expect
from small_portfolio import FIFTH_FUND, write_portfolio
from ui_pages import publish

from browser.serving import dashboard, free_port, opened
from fundtrack.service.actor import page_action, roles_for
from fundtrack.store import access
from fundtrack.store.editions import Store
from fundtrack.text.say import say

pytestmark = pytest.mark.browser

PEOPLE = HEAD + "".join(
    person(role, role, name=name)
    for role, name in {
        "manager": "张经办",
        "reviewer": "李复核",
        "official": "赵领导",
        "auditor": "沈审计",
        "admin": "管理员",
    }.items()
)
COOKIES = "words of these tests only, long enough to sign with"
TITLE = "杭州市创投类引导基金 · 2017年目标推进情况"


@contextlib.contextmanager
def provider(lasting=timedelta(hours=1)):
    """A provider whose tokens last so long."""
    users = [oidc_provider_mock.User(sub="claimed", claims={"name": "郑声明", "groups": ["auditor"]})]
    with oidc_provider_mock.run_server_in_thread(user_claims=users, access_token_max_age=lasting) as server:
        yield f"http://localhost:{server.server_port}"


@contextlib.contextmanager
def office(folder, issuer, *options, **environment):
    """The dashboard of an office in which people must sign in."""
    data, port = folder / "data", free_port()
    if not data.exists():
        publish(data, write_portfolio(folder / "first.xlsx"))
    (data / "people.toml").write_text(PEOPLE, encoding="utf-8")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{COOKIES}"\nclient_id = "fundtrack"\n'
        f'client_secret = "x"\nserver_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
    )
    secrets.chmod(0o600)
    known = {"FUNDTRACK_SECRETS": str(secrets), "STREAMLIT_SECRETS_FILES": str(secrets), **environment}
    with dashboard(data, folder, *options, port=port, **known) as address:
        yield data, address


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with provider() as issuer, office(tmp_path_factory.mktemp("office"), issuer) as made:
        yield made


def sign_in(page, sub):
    """From the dashboard to the provider and back."""
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator('input[name="sub"]').fill(sub)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_test_id("stPopover").or_(page.get_by_test_id("stAlert")).first).to_be_visible()


def signed_in(browser, address, sub, path=""):
    page = opened(browser, f"{address}/{path}", "zh")
    sign_in(page, sub)
    if path:  # the provider sends back to the first page
        page.goto(f"{address}/{path}")
    return page


def noted(data, **wanted):
    lines = access.lines(Store(data).folders)
    return [line for line in lines if all(line.get(name) == value for name, value in wanted.items())]


def test_without_a_sign_in_no_page_says_anything(browser, shared):
    _, address = shared
    for path in ("", "funds", "load", "access", "trace?figure=fund_scale", "no-such-page"):
        page = opened(browser, f"{address}/{path}", "zh")
        expect(page.get_by_text("本系统须登录后使用")).to_be_visible()
        assert "示例" not in page.content()
        expect(page.locator("h1")).to_have_text("fundtrack")
        page.context.close()


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("manager", "张经办"),
        ("reviewer", "李复核"),
        ("official", "赵领导"),
        ("auditor", "沈审计"),
        ("admin", "管理员"),
    ],
)
def test_each_role_opens_what_it_may_and_is_refused_the_rest_by_address(browser, shared, role, name):
    data, address = shared
    page = signed_in(browser, address, role)
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_test_id("stPopover")).to_contain_text(name)
    for asked in ("load", "corrections", "review", "access", "inbox"):
        page.goto(f"{address}/{asked}")
        may = role in roles_for(page_action(asked))
        if may:
            expect(page.locator("h1")).to_have_text(say(f"page.{asked}", "zh"))
        else:
            expect(page.get_by_text("无权进行")).to_be_visible()
            expect(page.get_by_text(say(f"action.{page_action(asked)}", "zh")).first).to_be_visible()
            assert page.locator("h1").count() == 0
            [*_, last] = noted(data, name=name, outcome="refused")
            assert (last["action"], last["what"]) == (page_action(asked), asked)
    assert noted(data, name=name, action="sign_in")
    assert noted(data, name=name, action="look", outcome="done")
    assert access.broken(Store(data).folders) == []
    page.context.close()


def test_a_role_may_come_from_a_claim_and_nobody_without_a_role_sees_anything(browser, shared):
    _, address = shared
    page = signed_in(browser, address, "claimed")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_test_id("stPopover")).to_contain_text("郑声明")
    page.context.close()
    page = signed_in(browser, address, "stranger")
    expect(page.get_by_text("未分配角色")).to_be_visible()
    assert "示例" not in page.content()
    page.context.close()


def test_signing_out_ends_the_sign_in_for_a_copied_cookie_too(browser, shared):
    _, address = shared
    page = signed_in(browser, address, "official")
    expect(page.locator("h1")).to_have_text(TITLE)
    cookies = page.context.cookies()
    page.get_by_test_id("stPopover").get_by_role("button").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("end_session"))
    page.goto(address)
    expect(page.get_by_text("本系统须登录后使用")).to_be_visible()
    page.context.add_cookies(cookies)
    page.goto(address)
    expect(page.get_by_text("您已退出登录")).to_be_visible()
    assert "示例" not in page.content()
    page.context.close()


@pytest.mark.parametrize(
    ("headers", "options"),
    [
        pytest.param({"X-Forwarded-User": "admin", "X-Forwarded-Email": "a@b.c", "Remote-User": "admin", "Authorization": "Bearer x"}, (), id="headers"),
        pytest.param({"Cookie": "_streamlit_user=eyJzdWIiOiJhZG1pbiJ9"}, (), id="a cookie that nobody signed"),
    ],
)  # fmt: skip
def test_a_forged_header_changes_nothing(browser, shared, headers, options):
    _, address = shared
    context = browser.new_context(locale="zh-CN", extra_http_headers=headers)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    expect(page.get_by_text("本系统须登录后使用")).to_be_visible()
    assert "示例" not in page.content()
    context.close()


def test_a_server_set_to_trust_headers_serves_nobody(browser, tmp_path):
    with (
        provider() as issuer,
        office(tmp_path, issuer, "--server.trustedUserHeaders", '{"X-User":"sub","X-In":"is_logged_in"}') as (
            _,
            address,
        ),
    ):
        context = browser.new_context(locale="zh-CN", extra_http_headers={"X-User": "admin", "X-In": "true"})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        expect(page.get_by_text("trustedUserHeaders")).to_be_visible()
        assert "示例" not in page.content()
        context.close()


def test_a_role_withdrawn_is_gone_at_the_next_click_and_an_open_page_goes_by_itself(browser, tmp_path):
    with provider() as issuer, office(tmp_path, issuer) as (data, address):
        page = signed_in(browser, address, "manager", "load")
        expect(page.locator("h1")).to_have_text("数据导入")
        (data / "people.toml").write_text(
            PEOPLE.replace('roles = ["manager"]', 'roles = ["official"]'), encoding="utf-8"
        )
        page.get_by_text("English", exact=True).click()
        expect(page.get_by_text("may not do this")).to_be_visible()
        (data / "people.toml").write_text(
            PEOPLE.replace('roles = ["manager"]', "roles = []"), encoding="utf-8"
        )
        page.goto(f"{address}/funds?lang=zh")
        expect(page.get_by_text("未分配角色")).to_be_visible()
        (data / "people.toml").write_text(PEOPLE, encoding="utf-8")
        page.goto(f"{address}/?lang=zh")
        expect(page.locator("h1")).to_have_text(TITLE)
        (data / "people.toml").write_text("[[person", encoding="utf-8")
        expect(page.get_by_text("无法读取")).to_be_visible()  # within the watch's time, without a click
        # Streamlit takes what stood there away when the run has ended, a moment after the first words of the new one.
        page.wait_for_function("!document.documentElement.outerHTML.includes('示例')")
        assert noted(data, name="张经办", outcome="refused", action="check")
        page.context.close()


@pytest.mark.parametrize(
    ("lasting", "idle", "words"),
    [
        pytest.param(timedelta(seconds=45), "30", "登录已过期", id="an expired token"),
        pytest.param(timedelta(hours=1), "0.4", "没有操作", id="nothing done for too long"),
    ],
)
def test_a_page_left_open_goes_and_no_reload_brings_it_back(browser, tmp_path, lasting, idle, words):
    with provider(lasting) as issuer, office(tmp_path, issuer, FUNDTRACK_IDLE_MINUTES=idle) as (_, address):
        page = signed_in(browser, address, "official")
        expect(page.locator("h1")).to_have_text(TITLE)
        expect(page.get_by_text(words)).to_be_visible(timeout=120_000)
        assert "示例" not in page.content()
        page.goto(f"{address}/funds")
        expect(page.get_by_text(words)).to_be_visible()
        page.context.close()


def test_what_one_sends_in_another_publishes_in_the_browser(browser, tmp_path):
    with provider() as issuer, office(tmp_path, issuer) as (data, address):
        sender = signed_in(browser, address, "manager", "load")
        workbook = write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")
        sender.locator('input[type="file"]').set_input_files(str(workbook))
        sender.get_by_role("button", name="提交复核").click()
        expect(sender.get_by_text("已提交复核：P000001")).to_be_visible()
        assert Store(data).newest() == 1
        sender.goto(f"{address}/review?proposal=P000001")
        expect(sender.get_by_text("这是您自己报送的")).to_be_visible()
        expect(sender.get_by_role("button", name="同意，发布")).to_have_count(0)
        other = signed_in(browser, address, "reviewer", "review")
        other.get_by_role("link", name="P000001").click()
        expect(other.get_by_text("已按第 1 版核对")).to_be_visible()
        expect(other.get_by_text("示例戊数字创投基金").first).to_be_attached()
        other.get_by_label("意见").fill("同意")
        other.get_by_role("button", name="同意，发布").click()
        expect(other.get_by_text("P000001 已发布")).to_be_visible()
        batch = Store(data).ledger().batches().row(-1, named=True)
        assert (batch["loaded_by"], batch["reviewer"]) == ("张经办", "李复核")
        for page in (sender, other):
            page.context.close()


def test_many_sign_ins_at_once_are_each_their_own(shared):
    """The sessions of one server are kept by sign-in, whatever threads ask."""
    from fundtrack.ui.identity import Sessions

    held = Sessions()
    failed = []

    def use(token):
        try:
            for _ in range(200):
                held.ask(token, 30, click=True)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=use, args=(str(n),)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert len(held.used) == 8
