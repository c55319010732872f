"""Work that takes seconds or minutes, done in a process of its own: told while it goes on, shared, and cancelled."""

from engine.jobs.forge import Forge, Limits
from engine.jobs.job import Course, Order, Progress
from engine.jobs.jobs import Jobs

__all__ = ["Course", "Forge", "Jobs", "Limits", "Order", "Progress"]
