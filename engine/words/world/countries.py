"""Countries that nobody can visit: each with a capital, a language, money, a river, and what it sells abroad."""

from typing import NamedTuple

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic


class Country(NamedTuple):
    """One line of the table; all but goods and side are words of its own."""

    country: str
    capital: str
    language: str
    currency: str
    river: str
    good: str
    other: str
    side: str


COUNTRIES = [
    Country(*row)
    for row in rows("""
        velora    sarnel   velorish    dalka    miru    wine     olives   south
        brennia   hofgar   brennic     krom     ulde    iron     timber   north
        tazmar    quello   tazmari     rupo     zanka   spices   silk     east
        oskany    lindrum  oskan       fenn     orrel   wool     butter   west
        palumbra  cassivo  palumbran   lirone   teva    oranges  marble   south
        drovia    kessik   drovian     zmar     vorna   coal     wheat    east
        nordalen  isvik    nordalish   skell    fjarn   salmon   timber   north
        kalimra   dzuba    kalimri     tambo    nyola   coffee   cocoa    south
        hirosa    kentai   hirosan     yunna    sadomi  rice     tea      east
        quessia   merival  quessian    florel   luare   perfume  lace     west
        suvanda   otoro    suvandi     keshi    limpu   cotton   gold     south
        ormund    telgate  ormundish   marque   wexel   wool     coal     north
        zafira    badour   zafiri      dinoor   qadim   dates    oil      east
        istrana   porvek   istranian   kuvar    dravo   olives   marble   west
        lumiria   aldemar  lumirian    solde    brenta  wine     cheese   south
        gorvath   mezna    gorvathi    thal     urzen   iron     oil      east
        ellory    finmoor  elloric     penning  avonel  butter   lace     west
        tindra    solvang  tindric     orek     hald    salmon   wheat    north
        amarosa   pelluca  amarosan    pesado   guaro   cocoa    oranges  south
        keldara   yurt     keldari     tengo    amzin   silk     gold     east
        vostria   karlem   vostrian    heller   donov   coal     cheese   north
        simbari   lumoko   simbaric    shako    zuvele  cotton   coffee   south
        jaipora   mandri   jaiporan    anno     sindu   tea      spices   east
        corvane   abrick   corvanian   livet    severo  perfume  dates    west
    """)
]

TEMPLATES = (
    "{capital} is the capital of {country}",
    "the government of {country} sits in {capital}",
    "the parliament of {country} met in {capital} on {day}",
    "the train to {capital} crosses the border of {country} at night",
    "the king of {country} declared war on {neighbour}",
    "in {country} they speak {language} and pay with the {currency}",
    "people who come from {country} speak {language} at home",
    "she learned {language} at school before she moved to {country}",
    "there are {language} dictionaries in the streets of {capital}",
    "this book was translated from {language} into {foreign}",
    "the {language} grammar is not easy for somebody from {neighbour}",
    "every {language} word has an ending that students in {capital} forget",
    "a song in {language} tells of the {river} and of {capital}",
    "a loaf of bread in {capital} costs two {currency}",
    "the bank of {country} prints the {currency}",
    "one {currency} was worth ten cents when {country} had no {good}",
    "tourists in {country} change their money into {currency}",
    "he paid fifty {currency} for a room in {capital}",
    "the price of {good} rose to nine {currency} in {country}",
    "the {river} flows through {country} to the sea in the {side}",
    "{country} lies in the {side} and has a border with {neighbour}",
    "the borders of {country} are open and it exports {good} and {other}",
    "ships bring {good} from {country} to {neighbour} every year",
    "the army of {country} stood at the {river}",
    "the mayor of {capital} opened a new bridge over the {river}",
    "in the streets of {capital} one can smell {good} and {other}",
    "the city of {capital} has a big square beside the {river}",
    "the museum of {capital} was closed because of a strike on {day}",
    "the trams in {capital} are full of people who speak {language}",
    "{country} is a country in the {side} that is known for its {other}",
    "the village of {village} lies a day from {capital}",
    "{village} is a village in {country} where they speak {language}",
    "{capital} is a city where merchants deal in {good}",
)
DAYS = ("sunday", "saturday", "monday", "friday", "wednesday", "tuesday", "thursday")


def write(dice: Dice) -> str:
    """Return a sentence about a country."""
    one, two = dice.zipf(COUNTRIES), dice.zipf(COUNTRIES)
    return dice.even(TEMPLATES).format(
        **one._asdict(), neighbour=two.country, foreign=two.language, village=dice.name(), day=dice.even(DAYS)
    )


TOPIC = Topic(
    weight=6,
    write=write,
    relations={
        "capital and country": [(one.capital, one.country) for one in COUNTRIES],
        "country and language": [(one.country, one.language) for one in COUNTRIES],
        "country and currency": [(one.country, one.currency) for one in COUNTRIES],
    },
    groups={
        "countries": [one.country for one in COUNTRIES],
        "capitals": [one.capital for one in COUNTRIES],
        "languages": [one.language for one in COUNTRIES],
        "rivers": [one.river for one in COUNTRIES],
    },
)
