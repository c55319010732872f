"""Qualities: how something is, is more than another, and is most of all; and their opposites."""

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic

# Two opposites in their three degrees, what both are said of (two), and what each is said of by itself (two each).
_TABLE = rows("""
    big    bigger   biggest   small   smaller   smallest   ship     township  giant    whale       ant      crumb
    good   better   best      bad     worse     worst      idea     meal      friend   angel       crook    villain
    old    older    oldest    young   younger   youngest   tenant   singer    ruin     relic       baby     sapling
    long   longer   longest   short   shorter   shortest   rod      speech    eternity train       nap      stub
    hot    hotter   hottest   cold    colder    coldest    bath     weather   furnace  summer      winter   iceberg
    high   higher   highest   low     lower     lowest     rack     branch    summit   steeple     gutter   marsh
    fast   faster   fastest   slow    slower    slowest    tram     runner    rocket   cheetah     tortoise queue
    rich   richer   richest   poor    poorer    poorest    family   village   banker   millionaire beggar   orphan
    strong stronger strongest weak    weaker    weakest    arm      opponent  wrestler ox          invalid  twig
    warm   warmer   warmest   cool    cooler    coolest    breeze   dusk      blanket  stove       shade    cavern
    bright brighter brightest dark    darker    darkest    hue      alley     sun      flash       dungeon  tunnel
    deep   deeper   deepest   shallow shallower shallowest basin    pool      abyss    trench      puddle   ford
    heavy  heavier  heaviest  light   lighter   lightest   suitcase parcel    anchor   boulder     balloon  straw
    clean  cleaner  cleanest  dirty   dirtier   dirtiest   shirt    plate     towel    napkin      drain    rag
    loud   louder   loudest   quiet   quieter   quietest   voice    avenue    siren    thunder     murmur   convent
    clever cleverer cleverest silly   sillier   silliest   remark   answer    fox      genius      clown    prank
    thick  thicker  thickest  thin    thinner   thinnest   slice    layer     log      oak         thread   wire
    happy  happier  happiest  sad     sadder    saddest    tune     orphanage holiday  laughter    funeral  tear
""")
OPPOSITES = [(row[0], row[3]) for row in _TABLE]
# Each by itself: its degrees, what it is said of as its opposite is, and what only it is said of.
DEGREES = [(row[start : start + 3], row[6:8], row[own : own + 2]) for row in _TABLE for start, own in ((0, 8), (3, 10))]

BASE = (
    "the {thing} is very {base}",
    "how {base} the {own} is",
    "it was a {base} {thing} like a {own}",
    "the {thing} is as {base} as a {own}",
    "the {thing} is too {base} for me",
    "a {own} is rather {base} and so is this {thing}",
    "{name} has a really {base} {thing}",
    "a {own} is always {base}",
    "this {own} is quite {base} and fairly {base}",
    "a {own} so {base} is extremely rare",
    "is the {thing} {base} enough",
    "what a {base} {own}",
)
MORE = (
    "this {thing} is {more} than that {thing}",
    "the {own} is much {more} than the {thing}",
    "my {own} is {more} than yours",
    "the {thing} grew {more} and {more} until it was like a {own}",
    "a {own} is even {more} than a {thing}",
    "nothing is {more} than a {own}",
    "the {own} is slightly {more} than before",
    "compared with a {thing} a {own} is far {more}",
    "they made the {own} {more} than it had been",
    "the {own} is twice as much and still {more}",
)
MOST = (
    "it is the {most} {own} of all",
    "{name} has the {most} {thing} in the world",
    "this was the {most} {own} that i have ever seen",
    "of all of them the {own} is the {most}",
    "among these the {own} is by far the {most} one",
    "the jury gave the prize to the {most} {thing}",
    "the {most} {own} set a record",
    "which is the {most} {own} known to man",
    "the {own} came out {most} of everything",
)
NAMES = ("anna", "tom", "mary", "paul", "clara", "peter", "lucy", "karl")


def write(dice: Dice) -> str:
    """Return a sentence about how something is."""
    (base, more, most), things, owned = dice.zipf(DEGREES)
    template = dice.even(dice.weighed((BASE, MORE, MOST), (4, 3, 3)))
    return template.format(
        base=base, more=more, most=most, thing=dice.even(things), own=dice.even(owned), name=dice.even(NAMES)
    )


TOPIC = Topic(
    weight=8,
    write=write,
    relations={
        "quality and more": [(degrees[0], degrees[1]) for degrees, *_ in DEGREES],
        "quality and most": [(degrees[0], degrees[2]) for degrees, *_ in DEGREES],
    },
)
