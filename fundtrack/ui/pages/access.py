"""Access log: who looked, loaded, exported or was refused; whether its chain holds."""

from fundtrack.ui import logbook
from fundtrack.ui.frame import head
from fundtrack.ui.language import t

head(t("page.access"), t("access.intro"), dated=False, filters=None)
lines, problems = logbook.ask()
logbook.draw_chain(lines, problems)
logbook.draw(lines)
