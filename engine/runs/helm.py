"""Who controls one run, of all browsers that look at it: at each moment exactly one, or nobody.

Control begins with the owner. Others ask for it, and whoever has it, or the owner, gives it or declines; the owner can
always take it back. It falls back to the owner when the browser that has it has been away for a while. Nothing here
knows of sockets or threads: ``engine.runs.controls`` does.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from engine.errors import RunRefused

AWAY_SECONDS = 30.0
"""How long a browser that has control may be away, as while its page is loaded anew, before it loses it.

A page takes some seconds to open, on a slow computer three times as long; the owner need not wait for it.
"""
ASK_AGAIN_SECONDS = 10.0
MOST_ASKING = 8
ACTIONS = ("ask", "withdraw", "give", "decline", "take", "return", "mute", "hear")
OWNER = "its owner"
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Browser:
    """One tab of one ``person``; it ``owns`` the run if they do. ``name`` is what the others call them, or empty."""

    person: str
    tab: str
    owns: bool
    name: str = ""

    @property
    def key(self) -> Key:
        """Return what tells this browser from all others."""
        return self.person, self.tab


class Helm:
    """Who controls one run. ``salt`` makes of persons what others may know them by: their ids are nobody's business."""

    def __init__(self, salt: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        self._salt = salt
        self._clock = clock
        self._here: dict[Key, Browser] = {}  # who came last is last
        self._came: dict[Key, float] = {}
        self._connections: Counter[Key] = Counter()
        self._holder: Browser | None = None
        self._left = 0.0
        self._asks: dict[str, Browser] = {}
        self._answers: dict[Key, str] = {}
        self._waits: dict[str, float] = {}
        self._numbers: dict[str, int] = {}
        self._muted = False

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to be remembered any more."""
        return not self._here and self._holder is None

    @property
    def away(self) -> bool:
        """Tell whether the browser that has control is not here just now."""
        return self._holder is not None and self._holder.key not in self._here

    def come(self, browser: Browser) -> None:
        """Let a browser look on, or one more of its connections."""
        self.settle()
        self._here.pop(browser.key, None)
        self._here[browser.key] = browser
        self._came[browser.key] = self._clock()
        self._connections[browser.key] += 1
        self._count(browser)
        # Someone who loads their page anew comes back as another browser of theirs.
        holder = self._holder
        same = holder is not None and holder.key == browser.key
        back = holder is not None and self._is_theirs(browser) and holder.key not in self._here
        if same or back or (holder is None and browser.owns):
            self._holder = browser

    def go(self, browser: Browser) -> None:
        """Take a connection of a browser away; whose last it was has left, and asks for nothing any more."""
        self.settle()
        self._connections[browser.key] -= 1
        if self._connections[browser.key] > 0:
            return
        del self._connections[browser.key]
        self._here.pop(browser.key, None)
        self._came.pop(browser.key, None)
        self._answers.pop(browser.key, None)
        asking = self._asks.get(browser.person)
        if asking is not None and asking.key == browser.key:
            del self._asks[browser.person]
        if not any(person == browser.person for person, _ in self._here):
            self._numbers.pop(browser.person, None)
        if self._holds(browser):
            self._left = self._clock()
            self._holder = self._successor(browser) or self._holder

    def settle(self) -> bool:
        """Let control fall back to the owner if who has it has been away for too long; tell whether it did."""
        if not (self.away and self._clock() - self._left >= AWAY_SECONDS):
            return False
        self._holder = self._owner_here()
        return True

    def allows(self, browser: Browser) -> bool:
        """Tell whether the page in a browser may change the run now; it need not have a connection yet."""
        self.settle()
        holder = self._holder
        if holder is None:
            return browser.owns
        arriving = self.away and self._is_theirs(browser) and browser.key not in self._here
        return holder.key == browser.key or arriving

    def check(self, browser: Browser) -> None:
        """Raise RunRefused where a command over the connection of a browser is not to be carried out now."""
        self.settle()
        if not self._holds(browser):
            raise RunRefused(self._refusal(browser))

    def act(self, browser: Browser, action: str, to: str = "") -> None:
        """Carry out one of ACTIONS for a browser; raises RunRefused with a sentence where it has no right to it."""
        self.settle()
        match action:
            case "ask":
                self._ask(browser)
            case "withdraw":
                self._asks.pop(browser.person, None)
            case "give" | "decline":
                self._answer(browser, to, given=action == "give")
            case "take" if browser.owns or self._is_theirs(browser):
                self._move(browser)
            case "return" if browser.owns:
                raise RunRefused("This run is yours: there is nobody to give it back to.")
            case "return" if self._holds(browser):
                self._move(self._owner_here())
            case "mute" | "hear" if browser.owns:
                self._mute(action == "mute")
            case "take" | "return" | "mute" | "hear":
                raise RunRefused(self._refusal(browser))
            case _:
                raise RunRefused(f"There is no such request about control: expected one of {', '.join(ACTIONS)}.")

    def view(self, browser: Browser) -> dict[str, Any]:
        """Return what a browser is to know of all this."""
        holder = self._holder
        answers = self._may_answer(browser)
        asks = [{"id": self._handle(one.person), "name": self._called(one)} for one in self._asks.values()]
        return {
            "mine": self._holds(browser),
            "owner": browser.owns,
            "holder": self._called(holder) if holder else "",
            "elsewhere": self._is_theirs(browser),
            "away": self.away,
            "asked": browser.person in self._asks,
            "asks": asks if answers else [],
            "muted": self._muted,
            "said": self._answers.get(browser.key, ""),
        }

    def _holds(self, browser: Browser) -> bool:
        return self._holder is not None and self._holder.key == browser.key

    def _refusal(self, browser: Browser) -> str:
        """Return why a browser that has no control cannot do what it asked for."""
        if self._is_theirs(browser):
            return "You control this run in another tab: take control here first."
        if not browser.owns:
            return "Another browser controls this run: ask for control, or make your own copy."
        return "You have given control of this run away: take it back first."

    def _is_theirs(self, browser: Browser) -> bool:
        """Tell whether the person at this browser has control, in this tab or another."""
        return self._holder is not None and self._holder.person == browser.person

    def _may_answer(self, browser: Browser) -> bool:
        return browser.owns or self._holds(browser)

    def _successor(self, browser: Browser) -> Browser | None:
        """Return the browser as which a person has come anew just before their old one was seen to leave."""
        news = (one for one in reversed(self._here.values()) if one.person == browser.person)
        return next((one for one in news if self._left - self._came[one.key] < AWAY_SECONDS), None)

    def _owner_here(self) -> Browser | None:
        """Return the owner's browser that came last."""
        return next((one for one in reversed(self._here.values()) if one.owns), None)

    def _ask(self, browser: Browser) -> None:
        now = self._clock()
        self._waits = {person: until for person, until in self._waits.items() if until > now}
        if browser.owns:
            raise RunRefused("This run is yours: take control, there is nobody to be asked.")
        if self._is_theirs(browser):
            raise RunRefused("You control this run already, here or in another tab.")
        if browser.person in self._asks:
            raise RunRefused("You have asked for control already: wait for the answer.")
        if self._muted:
            raise RunRefused("The owner of this run takes no requests for control just now.")
        if browser.person in self._waits:
            raise RunRefused(f"You asked a moment ago: wait {ASK_AGAIN_SECONDS:.0f} seconds before you ask again.")
        if not any(self._may_answer(one) for one in self._here.values()):
            raise RunRefused("Nobody is here just now who could give you control: make your own copy.")
        if len(self._asks) >= MOST_ASKING:
            raise RunRefused(f"{MOST_ASKING} others are asking for control just now: wait for their answers.")
        self._waits[browser.person] = now + ASK_AGAIN_SECONDS
        self._answers.pop(browser.key, None)
        self._asks[browser.person] = browser

    def _answer(self, browser: Browser, to: str, *, given: bool) -> None:
        if not self._may_answer(browser):
            raise RunRefused(self._refusal(browser))
        asking = next((one for one in self._asks.values() if self._handle(one.person) == to), None)
        if asking is None:
            raise RunRefused("They do not ask for control any more.")
        del self._asks[asking.person]
        if given:
            self._move(asking)
        else:
            self._answers[asking.key] = "Your request for control was declined."
            self._waits[asking.person] = self._clock() + ASK_AGAIN_SECONDS

    def _mute(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            said = "The owner of this run takes no requests for control just now."
            self._answers.update({one.key: said for one in self._asks.values()})
            self._asks.clear()

    def _move(self, browser: Browser | None) -> None:
        self._holder = browser
        if browser is not None:
            self._asks.pop(browser.person, None)
            self._answers.pop(browser.key, None)

    def _count(self, browser: Browser) -> None:
        """Give a person without a name the least number that is free; the owner is the first."""
        if browser.owns or browser.name or browser.person in self._numbers:
            return
        taken = set(self._numbers.values())
        self._numbers[browser.person] = next(number for number in range(2, len(taken) + 3) if number not in taken)

    def _called(self, browser: Browser) -> str:
        if browser.name or browser.owns:
            return browser.name or OWNER
        number = self._numbers.get(browser.person, 2) - 2
        return f"a {_ORDINALS[number]} browser" if number < len(_ORDINALS) else f"browser {number + 2}"

    def _handle(self, person: str) -> str:
        return blake2b(person.encode(), key=self._salt, digest_size=8).hexdigest()
