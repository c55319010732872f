"""Women and men: the same parts in life, told by he and she."""

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic

# Who, as a man and as a woman, and what belongs to this part in life whoever has it.
PAIRS = rows("""
    man          woman          hat        coat        umbrella
    boy          girl           ball       swing       kite
    father       mother         cradle     children    kitchen
    king         queen          crown      throne      kingdom
    brother      sister         bicycle    toys        bedroom
    son          daughter       homework   toys        parents
    uncle        aunt           cousins    visit       presents
    husband      wife           wedding    ring        marriage
    prince       princess       castle     ball        throne
    grandfather  grandmother    armchair   fairytales  spectacles
    actor        actress        stage      film        theatre
    waiter       waitress       restaurant tray        bill
    duke         duchess        estate     carriage    hunt
    hero         heroine        novel      adventure   danger
    nephew       niece          birthday   cousins     presents
    lord         lady           servants   estate      manor
    grandson     granddaughter  fairytales birthday    sweets
    emperor      empress        empire     crown       army
    host         hostess        party      guests      dinner
    wizard       witch          spell      wand        broom
    groom        bride          wedding    bouquet     vows
    landlord     landlady       rent       tenants     flat
    monk         nun            prayer     abbey       hood
    steward      stewardess     passengers plane       drinks
    heir         heiress        fortune    lawyer      debts
    widower      widow          grave      tombstone   memories
""")
HE = {"he": "he", "his": "his", "him": "him", "himself": "himself", "title": "mr"}
SHE = {"he": "she", "his": "her", "him": "her", "himself": "herself", "title": "mrs"}
MEN = rows("tom paul peter karl hugo emil otto felix anton victor oscar leo martin simon jonas bruno")[0]
WOMEN = rows("anna mary clara lucy emma ida rosa julia martha eva nora sophie helen alice greta vera")[0]

TEMPLATES = (
    "the {who} said that {he} was tired and thought of the {thing}",
    "{name} is a {who} and {he} likes {his} {thing}",
    "when the {who} came home {he} looked for {his} {thing}",
    "everybody knows the {who} because {he} talks about the {thing}",
    "the {who} told {himself} that {he} would think of the {other}",
    "the {who} lost {his} {thing} and {he} was upset",
    "{he} is the {who} who has the {thing} and the {other}",
    "they asked the {who} about {his} {other} but {he} said nothing",
    "the {who} hurt {himself} with the {thing}",
    "{name} was a {who} and {his} {thing} was famous",
    "the {who} dreamed of the {thing} and {he} smiled",
    "{he} dreamed that {he} was a {who} with a {thing}",
    "the {who} came with {his} {thing} and {his} {other}",
    "{name} did not know that the {who} had the {thing} for {himself}",
    "{title} {surname} said {he} would take {his} hat and go home",
    "{title} {surname} the {who} has {his} {thing} with {him}",
    "{name} put on {his} coat and {he} went out by {himself}",
    "{he} washed {himself} and {name} waited for {him}",
    "the {who} spoke to the {partner} about the {thing}",
)


def write(dice: Dice) -> str:
    """Return a sentence about a man or a woman."""
    man, woman, *things = dice.zipf(PAIRS)
    female = dice.chance(0.5)
    thing, other = dice.two(things)
    return dice.even(TEMPLATES).format(
        who=woman if female else man,
        partner=man if female else woman,
        name=dice.zipf(WOMEN if female else MEN),
        surname=dice.name(),
        thing=thing,
        other=other,
        **(SHE if female else HE),
    )


TOPIC = Topic(
    weight=6,
    write=write,
    relations={"man and woman": [(row[0], row[1]) for row in PAIRS] + [("he", "she"), ("himself", "herself")]},
    groups={"men's names": MEN, "women's names": WOMEN},
)
