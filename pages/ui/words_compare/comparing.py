"""A comparison that takes more than a moment: begun as soon as it is to be seen, and called off by a button."""

from engine.jobs import Order
from engine.jobs.job import Told
from pages.ui.words.jobs import ask, result_of
from pages.ui.words.room import words
from pages.ui.words_compare.slot import Desk


def compared(here: Desk, order: Order, doing: str) -> Told | None:
    """Return the result of a comparison; None while it goes on, which is told.

    It is begun without a button once. Where it was ended since, here or by the same person in another tab, only the
    button begins it again: two tabs would else end each other's for ever.
    """
    jobs = words().comparisons
    if jobs.course(order) is None and here.begun != order:
        here.begun = order
        ask(here, jobs, order)
    return result_of(here, jobs, order, "Compare", doing, f"{here.page}.job")
