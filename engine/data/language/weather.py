"""Weather reports: numbers that fit each other, in sentences that are nearly always the same."""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, words

PLACES = ("the coast", "the valley", "the islands", "the mountains", "the capital", "the north", "the plain")
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
COLD = ("snow", "sleet", "frost", "fog")
WARM = ("sunshine", "showers", "clouds", "thunder")


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield reports of a day each: what falls fits how warm it is, and the night is colder than the day."""
    day = 0
    while True:
        lines = [f"{DAYS[day % 7]}:\n"]
        for place in dice.some(PLACES, 3):
            high = dice.number(-8, 31)
            low = high - dice.number(3, 11)
            sky = dice.some(COLD if high < 3 else WARM, 2)
            wind = dice.number(1, 9) * 10
            lines.append(
                f"  {place[0].upper()}{place[1:]}: {sky[0]}, later {sky[1]}. {high} degrees by day, {low} at night. "
                f"Wind from the {dice.one(WINDS)}, {wind} km/h.{' Storm warning!' if wind > 70 else ''}\n"
            )
        day += 1
        yield "".join(lines) + "\n"
