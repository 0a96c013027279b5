"""Commands that keep the proof: verify."""

from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import tell, tell_problems
from fundtrack.text.problems import problem_sentence
from fundtrack.text.say import Lang, say


def verify(args: Args, settings: Settings, lang: Lang) -> int:
    """Recompute every hash and both engines."""
    from fundtrack.load.agree import recheck  # noqa: PLC0415
    from fundtrack.store.verify import verify as verify_store  # noqa: PLC0415

    store = standing(settings)
    problems = verify_store(store, engines=recheck)
    if args.json:
        found = [problem.as_dict() | {"message": problem_sentence(problem, lang)} for problem in problems]
        print_json({"ok": not problems, "problems": found})
    elif problems:
        tell_problems(problems, lang)
        tell(say("cli.not_verified", lang, count=len(problems)))
    else:
        ledger = store.ledger()
        editions = ledger.editions()
        tell(
            say(
                "cli.verified",
                lang,
                batches=ledger.batches().height,
                editions=editions.height,
                head=editions["head_hash"][-1][:16],
            )
        )
    return 4 if problems else 0


COMMANDS: Final = (Command(verify),)
