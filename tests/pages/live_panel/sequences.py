"""What tests of sequences do on the page: show panels, read the cells of a tensor with their colours."""

import json

from engine.figures.panel import Panel
from tests.pages.live_panel.conftest import Screen, record


def open_sequences(screen: Screen, *panels: Panel, frames: int = 1, theme: str = "light", **changes: object) -> None:
    """Show nothing but these panels, of a run that reads letters and has so many frames."""
    screen.harness.runs["one"].reads = True
    record(screen.harness, frames)
    screen.open(theme=theme)
    show_panels(screen, *panels, **changes)
    screen.until_step(10 * (frames - 1))


def show_panels(screen: Screen, *panels: Panel, **changes: object) -> None:
    """Show these panels in the place of others."""
    data = {"panels": [panel.to_json() for panel in panels], **changes}
    screen.ask(f"void harness.update({json.dumps(data)})")
