"""How a review looks: the list of what was sent in, one of it as it would be now, and the two buttons."""

from typing import Final

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.service import reviewing
from fundtrack.service.reviewing import Looked
from fundtrack.store.proposed import Proposal
from fundtrack.text.problems import error_sentence
from fundtrack.ui import correcting, loaded, loading
from fundtrack.ui.address import forget, put
from fundtrack.ui.context import made_here
from fundtrack.ui.html import Col, empty, esc, facts, grid, link, say_soft, show
from fundtrack.ui.identity import desk
from fundtrack.ui.language import lang, t

_SHOWN: Final = 200


def draw_done() -> None:
    """Say once what became of a proposal."""
    said = st.session_state.pop("reviewed", None)
    if said:
        st.success(said)


def draw_list() -> None:
    """Everything sent in that the reader may see, what waits first."""
    found = reviewing.listed(desk())
    if not found:
        show(empty(t("cli.no_proposals")))
        return
    found.sort(key=lambda each: each.status != "waiting")
    columns = [
        Col(
            t("proposal.id"),
            lambda row: link(
                row["each"].proposal_id, "review", proposal=row["each"].proposal_id, lang=lang()
            ),
            "fix",
        ),
        Col(t("proposal.status"), lambda row: esc(t(f"proposal.status_{row['each'].status}")), "fix"),
        Col(t("proposal.kind"), lambda row: esc(t(f"proposal.kind_{row['each'].kind}")), "fix"),
        Col(t("proposal.sender"), lambda row: esc(row["each"].by.name), "fix"),
        Col(t("proposal.at"), lambda row: esc(row["each"].at[:16].replace("T", " ")), "fix"),
        Col(t("proposal.files"), lambda row: esc(_what(row["each"]))),
        Col(t("proposal.reason"), lambda row: esc(row["each"].reason)),
        Col(t("proposal.reviewer"), lambda row: esc(_settled(row["each"]))),
    ]
    if len(found) > _SHOWN:
        say_soft(t("load.cut", shown=_SHOWN, all=len(found)))
    show(grid([{"each": each} for each in found[:_SHOWN]], columns, label=t("page.review"), tall=True))


def _what(each: Proposal) -> str:
    if each.kind == "correction":
        return "；".join(f"{loaded.table_title(one['table'])} {one['key']}" for one in each.about["edits"])
    return "、".join(name for name, _ in each.files) or str(each.about.get("batch", ""))


def _settled(each: Proposal) -> str:
    if not each.events:
        return ""
    last = each.events[-1]
    batches = "、".join(last.batch_ids)
    return " ".join(part for part in (last.by.name, last.comment, batches) if part)


def draw_one(proposal_id: str) -> None:
    """One proposal: who sent it, what it would change now, and what to do with it."""
    bar = st.progress(0.0, t("load.reading"))

    def tell(name: str, done: float) -> None:
        bar.progress(min(done, 1.0), name)

    seen = reviewing.look_over(desk(), proposal_id, tell)
    bar.empty()
    each = seen.proposal
    show(facts([
        (t("proposal.id"), esc(each.proposal_id)), (t("proposal.status"), esc(t(f"proposal.status_{each.status}"))),
        (t("proposal.kind"), esc(t(f"proposal.kind_{each.kind}"))), (t("proposal.sender"), esc(each.by.name)),
        (t("proposal.at"), esc(each.at[:16].replace("T", " "))), (t("proposal.files"), esc(_what(each))),
        (t("proposal.reason"), esc(each.reason or "—")),
    ]))  # fmt: skip
    if each.status != "waiting":
        say_soft(t("review.settled", status=t(f"proposal.status_{each.status}"), words=_settled(each)))
        return
    _draw_now(seen)
    _draw_form(seen)


def _draw_now(seen: Looked) -> None:
    """What it would change, against the newest edition."""
    if seen.wrong is not None:
        st.error(error_sentence(seen.wrong, lang()))
        return
    say_soft(t("review.checked", edition=seen.edition or 0, then=seen.proposal.edition or 0))
    if seen.changed:
        st.warning(t("cli.proposal_changed"))
    if seen.result is not None:
        loaded.draw_senders(seen.result)
        loaded.draw_problems(seen.result.problems)
        loaded.draw_diff(seen.result)
        loaded.draw_effects(*loading.effects(seen.result))
    if seen.corrected is not None:
        correcting.draw_changes(seen.corrected)
        loaded.draw_problems(seen.corrected.problems)
    if seen.reversal is not None:
        rows = [{"table": table, "count": rows.height} for table, rows in seen.reversal.puts.items()]
        columns = [Col(t("load.sheet"), lambda row: esc(loaded.table_title(row["table"]))),
                   Col(t("load.rows"), lambda row: esc(row["count"]), "num")]  # fmt: skip
        show(
            f"<h2>{esc(t('review.reverses', batch=seen.proposal.about['batch']))}</h2>",
            grid(rows, columns, label=t("load.diff")),
        )


def _draw_form(seen: Looked) -> None:
    """Publish or return; a sender may only take back."""
    actor, each = desk().actor, seen.proposal
    own = each.by.subject == actor.subject
    if not own and not actor.may("review"):
        say_soft(t("review.not_yours"))
        return
    if own:
        say_soft(t("review.own"))
    with st.form("review"):
        comment = st.text_input(t("proposal.comment"), max_chars=300)
        with st.container(horizontal=True):
            agreed = not own and st.form_submit_button(
                t("review.publish"), type="primary", disabled=not seen.possible
            )
            back = st.form_submit_button(t("review.take_back" if own else "review.return"))
    if agreed or back:
        _settle(each.proposal_id, comment, seen.digest, publish=bool(agreed))


def _settle(proposal_id: str, comment: str, digest: str, *, publish: bool) -> None:
    try:
        with st.spinner(t("load.publishing")):
            if publish:
                done, made = reviewing.publish(desk(), proposal_id, comment, seen=digest)
                made_here(made)
                words = {
                    "edition": made.edition,
                    "batches": "、".join(made.batch_ids),
                    "sender": done.by.name,
                }
                said = t(
                    "cli.proposal_published", proposal=proposal_id, reviewer=done.events[-1].by.name, **words
                )
            else:
                reviewing.send_back(desk(), proposal_id, comment)
                said = t("cli.proposal_returned", proposal=proposal_id)
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
        return
    st.session_state["reviewed"] = said
    forget("edition", "as_of")
    put("proposal", None)
    st.rerun()
