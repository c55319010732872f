"""Days, months, weather, numbers, colours and food: words that come in families."""

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic

# Each number with its place in a row, and what comes in so many.
NUMBERS = rows("""
    one     first    sunrise    beginning
    two     second   twins      halves
    three   third    wishes     corners
    four    fourth   seasons    wheels
    five    fifth    fingers    vowels
    six     sixth    dice       strings
    seven   seventh  dwarfs     seas
    eight   eighth   spiders    tentacles
    nine    ninth    muses      skittles
    ten     tenth    toes       commandments
    eleven  eleventh footballers substitutes
    twelve  twelfth  apostles   jurors
""")
DAYS = rows("monday tuesday wednesday thursday friday saturday sunday")[0]
MONTHS = rows("""
    january   winter  snow
    february  winter  ice
    march     spring  wind
    april     spring  rain
    may       spring  sunshine
    june      summer  sunshine
    july      summer  heat
    august    summer  thunderstorms
    september autumn  fog
    october   autumn  wind
    november  autumn  fog
    december  winter  snow
""")
COLOURS = rows("""
    red     roses     strawberries blood
    blue    sky       ocean        violets
    green   grass     frogs        leaves
    yellow  sunflowers lemons      butter
    white   snow      swans        milk
    black   coal      ravens       tar
    brown   bears     earth        chestnuts
    orange  carrots   pumpkins     flames
    grey    ashes     elephants    fog
    purple  plums     grapes       lavender
    pink    piglets   flamingos    peonies
""")
FOODS = rows("""
    bread    breakfast  butter
    eggs     breakfast  salt
    porridge breakfast  honey
    jam      breakfast  toast
    soup     lunch      salt
    sausages lunch      mustard
    salad    lunch      vinegar
    noodles  lunch      cheese
    rice     dinner     curry
    fish     dinner     lemon
    potatoes dinner     gravy
    beef     dinner     gravy
    cake     dessert    cream
    pudding  dessert    cream
    pears    dessert    honey
""")


def write(dice: Dice) -> str:
    """Return a sentence about numbers, the calendar, colours or food."""
    return dice.weighed((_number, _calendar, _colour, _food), (6, 3, 2, 2))(dice)


def _number(dice: Dice) -> str:
    at = int(dice.zipf(range(len(NUMBERS))))
    return _in_a_row(dice, at) if dice.chance(0.35) and 0 < at < len(NUMBERS) - 1 else _so_many(dice, at)


def _in_a_row(dice: Dice, at: int) -> str:
    """Return a sentence about a number between two others."""
    (before, first, *_), (number, middle, thing, _), (after, last, *_) = NUMBERS[at - 1 : at + 2]
    return dice.even(
        (
            f"{number} comes after {before} and before {after}",
            f"the {middle} comes after the {first} and before the {last}",
            f"{before} plus one is {number}",
            f"she saw {number} {thing} or was it {after}",
            f"he was not the {first} but the {middle} in the race",
        )
    )


def _so_many(dice: Dice, at: int) -> str:
    number, ordinal, *things = NUMBERS[at]
    thing, month = dice.even(things), MONTHS[at][0]
    return dice.even(
        (
            f"she counted to {number} and thought of the {thing}",
            f"he was the {ordinal} in the race and saw the {thing}",
            f"the {ordinal} chapter tells of the {thing}",
            f"on the {ordinal} day they spoke about {thing}",
            f"the {ordinal} row is for the {thing}",
            f"the {ordinal} of the {thing} was missing",
            f"the number {number} makes me think of {thing}",
            f"{number} {thing} will be enough",
            f"i have seen {number} {thing} in my life",
            f"the {ordinal} month of the year is {month}",
            f"{month} is month number {number}",
        )
    )


def _calendar(dice: Dice) -> str:
    day = dice.zipf(range(len(DAYS)))
    month, season, weather = dice.even(MONTHS)
    return dice.even(
        (
            f"{DAYS[day]} comes after {DAYS[day - 1]}",
            f"we met on {DAYS[day]} in {month}",
            f"on {DAYS[day]} there will be {weather}",
            f"in {month} there is much {weather}",
            f"{month} is a month in {season}",
            f"the {weather} in {season} was terrible",
            f"he was born on a {DAYS[day]} in {month}",
            f"the weather in {month} brings {weather}",
            f"every {season} there is {weather}",
        )
    )


def _colour(dice: Dice) -> str:
    colour, *things = dice.zipf(COLOURS)
    thing = dice.even(things)
    return dice.even(
        (
            f"the colour of {thing} is {colour}",
            f"she painted the door {colour} like {thing}",
            f"as {colour} as {thing}",
            f"a {colour} dress with a {dice.zipf(COLOURS)[0]} belt",
            f"he mixed {colour} with {dice.zipf(COLOURS)[0]} paint",
            f"{colour} is a colour that reminds me of {thing}",
        )
    )


def _food(dice: Dice) -> str:
    food, meal, side = dice.zipf(FOODS)
    return dice.even(
        (
            f"for {meal} we had {food} with {side}",
            f"the {food} tastes good with {side}",
            f"he ate {food} at {meal} and asked for more {side}",
            f"of all food they serve {food} at {meal}",
            f"a plate of {food} with {side} please",
        )
    )


TOPIC = Topic(
    weight=6,
    write=write,
    relations={"number and order": [(row[0], row[1]) for row in NUMBERS]},
    groups={
        "days": DAYS,
        "months": [row[0] for row in MONTHS],
        "colours": [row[0] for row in COLOURS],
        "food": [row[0] for row in FOODS],
        "numbers": [row[0] for row in NUMBERS],
    },
)
