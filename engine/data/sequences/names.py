"""Names that nobody has, made by rules after the sound of ten languages: short words to be told apart letter by letter.

A name is a beginning, perhaps some middle parts, and an ending, each drawn from what is usual in that language; the
rules are ours, and simpler than any language. No name is of two languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.seeds import numpy_generator

MOST_TRIES = 20
"""For each name that is asked for: where the rules give no more, as many as there are will do."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What names of a language are made of: words of letters, with blanks between them. Between ``fewest`` and ``most``
    of the ``middles`` stand in the middle.
    """

    beginnings: str
    middles: str
    endings: str
    fewest: int = 0
    most: int = 1


LANGUAGES: MappingProxyType[str, Rules] = MappingProxyType(
    {
        "English": Rules(
            "ash bar black brad car clif cole dun east ed ford gar grant hal har hart hol king lang lin mar mil nor "
            "oak ox prest red rich shel stan stock thorn wal west whit wood",
            "a er ing en bur hamp",
            "ton ham ley ford wood field worth by son man well shaw ridge more den ward",
        ),
        "Finnish": Rules(
            "aal haa hei hyt jaak jok kal kar kes kin kos lai leh ma nie nur ota paa pel puh rau saa sal tuo uus vaa "
            "vii yli",
            "ka la ta na ri lo ki ni sa ma ko",
            "nen lainen maki jarvi niemi ranta salo vaara kangas lahti",
            most=2,
        ),
        "French": Rules(
            "beau bel bou cha char cler de du four gau gi gue la le lam mar mo mont per pi re ri rou sau tre vau vi "
            "ville",
            "bou che dou ge lan mar nan quet ri tel ver",
            "gnier let nois reau mont ville quin rand ssard teau tin lier vin sson chet iot",
        ),
        "German": Rules(
            "alt bau beck berg brand dorn eich fei frei grun hart hein hoch kalt kirch klein kra land lich neu ober "
            "rein roth schar schlo schu schwar stein stoll unter vogt wald weis win zim",
            "en er el ken mer ner",
            "bach berger burg er haus heim hofer horn mann meier muller ner schmidt stein thaler wig",
        ),
        "Italian": Rules(
            "al bel ber bian bo ca can car co cor de di fer fra gal gio gra la lo lu ma mar mo na or pa pel pie ro ros "
            "sal san spa ta va ven vi",
            "ba cca che da de gli la len li lo man na nte ri ro san ti ve",
            "lli ni netti rini gnolo cci ta rdi sso tti zzi lini rano vese lotti",
            most=2,
        ),
        "Japanese": Rules(
            "a aki chi da e fu go ha hi ho i ike ka ki ko ku ma mi mo mu na ni no o sa shi shira su ta tsu u wa ya yo",
            "chi da ga go ha ka ki ku ma mi mo mu na ra ri sa shi ta to tsu wa",
            "da gawa guchi hara hashi kawa ki ma moto mura no saka saki shita ta tani to yama zaki",
        ),
        "Polish": Rules(
            "bar bo bor bra cza do dom dra gaj gor gra jab jan kaw kli kow kra kro lis maj mal now ol paw pie ryb sad "
            "sob sta szy tom wal wis woj zal zie",
            "a e i o ko lo mi no sza wi ze",
            "czak czyk ecki ewicz icki inski kiewicz kowski lak nik nowski owicz rek szewski ski wiak zak",
        ),
        "Spanish": Rules(
            "al ar ba be ca ca car cas ce del es fe fer gar gon gu her he ji lo ma mar mo mu na ore or pe ra ri ro ru "
            "sal san sua ve vi za",
            "ba ca ci da do lan len li ma mar me na nan ra ri ta te va ve",
            "ez ndez guez rrez nero dor llo lla ra res tos zano nte rales varez rrera",
        ),
        "Swedish": Rules(
            "ahl alm an berg bjork bo dahl ek en fors gran gustaf hag hed holm jo karl kull lind lund lilje ma nil nor "
            "ny o ol ost sand sjo sten strom sund sven wall wik",
            "a er e den ing",
            "berg blom borg dahl felt gren holm kvist lund mark sson strand strom stedt vall",
        ),
        "Turkish": Rules(
            "ak al ar as ay bal bas boz bu can ce de do dur er ge gok gu gul ha ka kan kara kay koc ko o oz sa sag say "
            "se so ta tas te tu ul yal yil yu zey",
            "a bu ca da gi ka la li ma ra ri ta ya",
            "can demir dogan gun kaya lar li lu oglu soy tas tekin turk yuz kan bay",
        ),
    }
)


def names(count: int, seed: int) -> dict[str, list[str]]:
    """Return at most ``count`` names of each language, no name twice, in no order; fewer where its rules give no more.

    A name that two languages might have is of none. Letters are those of ASCII, the first one is large.
    """
    found = {language: list(_some(language, rules, count, seed)) for language, rules in LANGUAGES.items()}
    seen: dict[str, int] = {}
    for some in found.values():
        for name in some:
            seen[name] = seen.get(name, 0) + 1
    return {language: [name for name in some if seen[name] == 1] for language, some in found.items()}


def _some(language: str, rules: Rules, count: int, seed: int) -> Iterator[str]:
    generator = numpy_generator(seed, "names", language)
    made: set[str] = set()
    for _ in range(MOST_TRIES * count):
        if len(made) == count:
            return
        name = _one(rules, generator)
        if name not in made:
            made.add(name)
            yield name


def _one(rules: Rules, generator: np.random.Generator) -> str:
    beginnings, middles, endings = rules.beginnings.split(), rules.middles.split(), rules.endings.split()
    inside = generator.choice(middles, generator.integers(rules.fewest, rules.most + 1))
    return "".join([generator.choice(beginnings), *inside, generator.choice(endings)]).capitalize()
