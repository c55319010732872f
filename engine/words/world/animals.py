"""Animals: their young, their voices, where they live and what they eat."""

from typing import NamedTuple

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic


class Animal(NamedTuple):
    """One line of the table; ``voice`` is what the animal does with it."""

    animal: str
    young: str
    voice: str
    home: str
    food: str
    part: str


ANIMALS = [
    Animal(*row)
    for row in rows("""
        dog       puppy     barks     kennel    biscuits  tail
        cat       kitten    meows     basket    mice      whiskers
        cow       calf      moos      shed      clover    udder
        horse     foal      neighs    stable    oats      mane
        sheep     lamb      bleats    meadow    herbs     fleece
        pig       piglet    grunts    sty       potatoes  snout
        hen       chick     clucks    coop      corn      comb
        duck      duckling  quacks    pond      snails    bill
        lion      cub       roars     savanna   zebras    paws
        wolf      whelp     howls     den       deer      fangs
        goat      kid       maas      rocks     thistles  horns
        owl       owlet     hoots     barn      moles     feathers
        frog      tadpole   croaks    swamp     flies     webs
        goose     gosling   honks     lake      reeds     neck
        elephant  elephantling trumpets jungle  leaves    trunk
        eagle     eaglet    screams   cliff     hares     claws
        swan      cygnet    whistles  canal     weeds     wings
        donkey    colt      brays     stall     carrots   ears
        dove      squab     coos      dovecote  seeds     beak
        snake     snakelet  hisses    desert    eggs      scales
        mouse     pup       squeaks   hole      cheese    nose
        crow      nestling  caws      treetop   worms     plumage
    """)
]

TEMPLATES = (
    "the {animal} {voice} loudly when it sees the {food}",
    "at night the {animal} {voice} in the {home}",
    "we heard how the {animal} {voice} near the {home}",
    "an old {animal} {voice} if somebody pulls its {part}",
    "the young of the {animal} is called {young}",
    "the {young} drank milk beside its mother in the {home}",
    "a newborn {young} is small and one cannot see its {part}",
    "the tiny {young} slept beside its mother and her {part}",
    "a {young} is born blind and cannot find the {food}",
    "the little {young} grew up in the {home} and was fed with {food}",
    "it {voice} again and again because it is hungry for {food}",
    "listen how it {voice} and {voice} and shakes its {part}",
    "the {animal} is an animal that eats {food} and lives in the {home}",
    "the {animal} eats {food} in the {home}",
    "the {animal} has a {part} and hunts for {food}",
    "a grown {animal} needs much {food} and sleeps in the {home}",
    "the wild {animal} left the {home} and looked for {food}",
    "the {animal} got its {part} wet",
    "the {animal} protects its {young} in the {home}",
    "the {animal} {voice} and its {young} comes out of the {home}",
)


def write(dice: Dice) -> str:
    """Return a sentence about an animal."""
    return dice.even(TEMPLATES).format(**dice.zipf(ANIMALS)._asdict())


TOPIC = Topic(
    weight=5,
    write=write,
    relations={
        "animal and young": [(one.animal, one.young) for one in ANIMALS],
        "animal and voice": [(one.animal, one.voice) for one in ANIMALS],
    },
    groups={"animals": [one.animal for one in ANIMALS], "young animals": [one.young for one in ANIMALS]},
)
