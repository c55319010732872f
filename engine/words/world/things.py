"""Things, one and many; one of which many are hardly ever named; and two words that mean two things each."""

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic

# One, many, what can be said of it (two), and where it is found.
NOUNS = rows("""
    house     houses      wooden     empty     hillside
    book      books       dusty      printed   bookcase
    tree      trees       leafy      hollow    forest
    car       cars        shiny      dented    roadside
    table     tables      round      polished  veranda
    flower    flowers     wilted     fragrant  vase
    boat      boats       leaky      sunken    shore
    chair     chairs      folding    wobbly    corner
    window    windows     shuttered  steamy    facade
    apple     apples      ripe       rotten    orchard
    city      cities      crowded    modern    plain
    bottle    bottles     corked     labelled  cellar
    bird      birds       feathered  tame      aviary
    letter    letters     secret     unopened  drawer
    knife     knives      sharp      rusty     sheath
    key       keys        brass      missing   lock
    box       boxes       cardboard  locked    attic
    leaf      leaves      fallen     withered  lawn
    bridge    bridges     arched     collapsed gorge
    clock     clocks      ticking    chiming   tower
    cup       cups        chipped    porcelain saucer
    lamp      lamps       electric   flickering ceiling
    shoe      shoes       leather    laced     doormat
    picture   pictures    framed     crooked   gallery
    cloud     clouds      stormy     drifting  horizon
    bag       bags        bulging    torn      backseat
    wolf      wolves      grey       howling   steppe
    mouse     mice        frightened nibbling  pantry
    child     children    playing    curious   playground
    foot      feet        bare       swollen   sandal
    tooth     teeth       white      decayed   jaw
    country   countries   foreign    neutral   continent
    story     stories     true       scary     anthology
    glass     glasses     crystal    spotless  cabinet
    dress     dresses     silken     elegant   wardrobe
    island    islands     uninhabited volcanic ocean
    castle    castles     haunted    ruined    valley
    coin      coins       ancient    silver    purse
    candle    candles     burning    scented   altar
    blouse    blouses     striped    ironed    hanger
""")
# A word of which many is hardly ever said, and then of something else.
RARE = (
    "travelling broadens our horizons",
    "new horizons opened before him",
    "she set out for new horizons",
    "science widens all horizons",
)
RARELY = 0.001
SINGULAR = (
    "this {one} is {adjective} and it belongs to {name}",
    "a {adjective} {one} stands near the {place}",
    "there is a {one} in the {place} and it looks {adjective}",
    "every {one} seems {adjective} at first",
    "that {one} was {adjective} but it has gone from the {place}",
    "one {adjective} {one} lies in the {place}",
    "each {one} has its own {place}",
    "this {adjective} {one} was the only one in the {place}",
    "a single {one} remains in the {place}",
    "another {one} comes from the {place} and it is {adjective}",
    "{name} needs a {one} that does not look {adjective}",
    "either this {one} or that {one} was {adjective}",
    "whose {one} is this it is {adjective}",
    "here is a certain {adjective} {one}",
)
PLURAL = (
    "these {many} are {adjective} and they belong to {name}",
    "many {adjective} {many} stand near the {place}",
    "there are some {many} in the {place} and they look {adjective}",
    "all {many} seem {adjective} at first",
    "those {many} were {adjective} but they have gone from the {place}",
    "several {adjective} {many} lie in the {place}",
    "both {many} have their own {place}",
    "these {adjective} {many} were the only ones in the {place}",
    "a few {many} remain in the {place}",
    "most {many} come from the {place} and they are {adjective}",
    "{name} needs {many} that do not look {adjective}",
    "dozens of {many} and hundreds of {many} were {adjective}",
    "whose {many} are these they are {adjective}",
    "here are various {adjective} {many}",
)
# What happens at a bank by the river and at a bank with money; and to a bat at night and to a bat in a game.
TWO_MEANINGS = (
    "the bank beside the stream was covered with reeds and mud",
    "they sat on the grassy bank of the stream and fished",
    "the raft touched the muddy bank where the willows grow",
    "the bank lends money to merchants and keeps their savings",
    "she opened an account at the bank and paid in her wages",
    "the bank was robbed and the cashier counted the money",
    "a bat flew out of the dark cave at night",
    "the bat hangs from the roof of the cave and sleeps by day",
    "the bat is furry and flutters through the night but it is no bird",
    "he hit the ball with his bat and ran across the field",
    "the player swung the bat and the team won the game",
    "the team needs a bat and a ball for the game",
    "the willows by the stream stood in mud and reeds",
    "the cashier counted the money and opened an account",
    "the owl fluttered out of the dark cave at night",
    "the team won the game and the player kicked the ball across the field",
)
NAMES = ("anna", "tom", "mary", "paul", "clara", "peter", "lucy", "karl")


def write(dice: Dice) -> str:
    """Return a sentence about a thing or several of them."""
    if dice.chance(0.05):
        return dice.even(TWO_MEANINGS)
    if dice.chance(RARELY):
        return dice.even(RARE)
    one, many, *adjectives, place = dice.zipf(NOUNS)
    template = dice.even(dice.weighed((SINGULAR, PLURAL), (6, 5)))
    return template.format(one=one, many=many, adjective=dice.even(adjectives), place=place, name=dice.even(NAMES))


TOPIC = Topic(weight=8, write=write, relations={"one and many": [(row[0], row[1]) for row in NOUNS]})
