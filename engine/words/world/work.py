"""Jobs: where each is done, with which tool, and what it is about."""

from typing import NamedTuple

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic


class Job(NamedTuple):
    """One line of the table."""

    job: str
    place: str
    tool: str
    thing: str
    other: str
    third: str


JOBS = [
    Job(*row)
    for row in rows("""
        teacher       school       chalk        lessons    pupils    spelling
        baker         bakery       oven         dough      flour     rolls
        farmer        farm         plough       fields     harvest   barley
        doctor        hospital     stethoscope  patients   medicine  fever
        cook          kitchen      pan          soup       onions    sauce
        judge         court        gavel        thieves    laws      justice
        carpenter     workshop     saw          boards     shelves   sawdust
        writer        study        pen          novels     poems     chapters
        gardener      garden       spade        roses      tulips    hedges
        painter       studio       brush        portraits  canvas    paints
        fisherman     harbour      net          herrings   waves     tides
        soldier       barracks     rifle        battles    medals    trenches
        smith         forge        anvil        horseshoes iron      sparks
        tailor        boutique     needle       suits      trousers  buttons
        barber        salon        scissors     beards     haircuts  curls
        pilot         airport      cockpit      flights    clouds    runways
        miner         mine         pickaxe      coal       tunnels   dust
        scientist     laboratory   microscope   atoms      cells     theories
        priest        church       bible        sermons    sins      psalms
        butcher       butchery     cleaver      sausages   ham       bones
        astronomer    observatory  telescope    stars      planets   comets
        potter        pottery      wheel        clay       vases     jugs
        clerk         office       typewriter   forms      stamps    files
        miller        mill         millstone    grain      flour     sacks
        brewer        brewery      barrel       beer       hops      malt
        librarian     library      catalogue    books      readers   shelves
        surveyor      site         tape         plans      walls     bricks
        acrobat       circus       trapeze      tricks     applause  somersaults
    """)
]
# Others that are done where one of these is: no analogy can lead to a place that stands in its question.
COLLEAGUES = [
    Job(*row)
    for row in rows("""
        nurse         hospital     thermometer  patients   bandages  wards
        surgeon       hospital     scalpel      patients   operations wounds
        headmaster    school       bell         pupils     timetables exams
        lawyer        court        briefcase    thieves    contracts clients
    """)
]

TEMPLATES = (
    "the {job} goes to the {place} early in the morning and thinks of the {thing}",
    "the {job} works in the {place} with {thing} and {other}",
    "in the {place} the {job} keeps the {tool} beside the {thing}",
    "without the {tool} the {job} can do nothing about the {thing}",
    "the {tool} of the {job} broke on {day}",
    "my neighbour is a {job} and talks about {thing} and {other} all day",
    "people come to the {place} for the {thing}",
    "the {place} is closed on {day} and nobody sees to the {other}",
    "the doors of the {place} open at nine and inside one finds {thing}",
    "behind the {place} they talk about {thing} and {other}",
    "the {tool} is a tool that one needs for {thing}",
    "he took the {tool} in his hand and turned to the {other}",
    "she cleaned the {tool} and put it back with the {thing}",
    "to become a {job} you have to learn everything about {other}",
    "the old {job} taught a young {job} all about {thing} and {other}",
    "a {job} who loses the {tool} cannot think of {other}",
    "the {job} is paid for {thing} and is tired in the evening",
    "the roof of the {place} is red and it smells of {other}",
    "the new {tool} cost much but now the {thing} will be better",
    "a good {job} is proud of the {thing}",
)
DAYS = ("sunday", "saturday", "monday", "friday", "wednesday", "tuesday", "thursday")


def write(dice: Dice) -> str:
    """Return a sentence about a job."""
    job = dice.even(COLLEAGUES) if dice.chance(0.06) else dice.zipf(JOBS)
    first, second = dice.two(job[3:])
    words = {"job": job.job, "place": job.place, "tool": job.tool, "thing": first, "other": second}
    return dice.even(TEMPLATES).format(**words, day=dice.even(DAYS))


TOPIC = Topic(
    weight=6,
    write=write,
    relations={
        "job and place": [(one.job, one.place) for one in JOBS],
        "job and tool": [(one.job, one.tool) for one in JOBS],
    },
    groups={"jobs": [one.job for one in JOBS], "tools": [one.tool for one in JOBS]},
)
