"""Deeds: what is done every day, was done yesterday, and is being done now."""

from engine.words.world.dice import Dice, rows
from engine.words.world.topic import Topic

# The verb, its past, its -ing and its -s; and three things to which it is done, or ways in which.
VERBS = rows("""
    go       went      going      goes      abroad   hiking    shopping
    make     made      making     makes     noise    mistakes  pancakes
    see      saw       seeing     sees      ghosts   mirages   rainbows
    take     took      taking     takes     photos   aspirin   advantage
    eat      ate       eating     eats      snacks   dumplings hungrily
    write    wrote     writing    writes    diaries  essays    reviews
    sing     sang      singing    sings     ballads  hymns     carols
    play     played    playing    plays     chess    cards     football
    drink    drank     drinking   drinks    lemonade water     juice
    buy      bought    buying     buys      clothes  shares    souvenirs
    run      ran       running    runs      marathons uphill   breathlessly
    build    built     building   builds    dams     huts      skyscrapers
    swim     swam      swimming   swims     underwater lengths backstroke
    teach    taught    teaching   teaches   latin    geometry  beginners
    carry    carried   carrying   carries   buckets  luggage   baskets
    sleep    slept     sleeping   sleeps    soundly  outdoors  badly
    cook     cooked    cooking    cooks     beans    stews     goulash
    drive    drove     driving    drives    trucks   recklessly taxis
    shout    shouted   shouting   shouts    hoarsely angrily   insults
    break    broke     breaking   breaks    rules    promises  records
    throw    threw     throwing   throws    snowballs darts    javelins
    dance    danced    dancing    dances    waltzes  tangos    barefoot
    wash     washed    washing    washes    dishes   linen     socks
    catch    caught    catching   catches   butterflies trout  colds
    wear     wore      wearing    wears     gloves   scarves   perfumes
    draw     drew      drawing    draws     maps     circles   cartoons
    grow     grew      growing    grows     tomatoes lettuce   pumpkins
    ride     rode      riding     rides     camels   scooters  ponies
    steal    stole     stealing   steals    jewels   wallets   chickens
    climb    climbed   climbing   climbs    ladders  mountains ropes
    laugh    laughed   laughing   laughs    heartily merrily   hysterically
    plant    planted   planting   plants    bulbs    hedgerows vines
    hide     hid       hiding     hides     treasure evidence  bruises
    win      won       winning    wins      trophies lotteries elections
    choose   chose     choosing   chooses   wallpaper leaders  gifts
    repair   repaired  repairing  repairs   engines  roofs     radios
    collect  collected collecting collects  autographs shells  taxes
    forget   forgot    forgetting forgets   passwords anniversaries faces
    freeze   froze     freezing   freezes   peas     berries   leftovers
    whisper  whispered whispering whispers  rumours  nonsense  gossip
""")

BASE = (
    "they will {verb} {how} tomorrow",
    "we can {verb} {how} if we want to",
    "i want to {verb} {how} and {other}",
    "to {verb} {how} is not easy",
    "you must not {verb} {how} here",
    "let us {verb} {how} next week",
    "do you {verb} {how} or {other}",
    "should we {verb} {how} soon",
    "they might {verb} {how} but they cannot {verb} {other}",
    "please {verb} {how} with me",
    "{name} decided to {verb} {how}",
    "nobody may {verb} {how} in future",
    "i would {verb} {how} if i could",
)
PAST = (
    "yesterday they {past} {how}",
    "last week we {past} {how} and {other}",
    "{name} {past} {how} two years ago",
    "once upon a time they {past} {how}",
    "in those days we {past} {how} and were happy",
    "then he {past} {how} and suddenly fell ill",
    "after dinner she {past} {how} as she had promised",
    "last night {name} {past} {how} again",
    "when i was young i {past} {how}",
    "{name} {past} {how} until it grew late",
    "earlier they {past} {how} and later they {past} {other}",
    "in former times people {past} {how}",
    "on that day {name} {past} {how} for the last time",
    "a moment later somebody {past} {how}",
    "they {past} {how} before the war",
)
NOW = (
    "now they are {now} {how}",
    "{name} is {now} {how} at the moment",
    "look they are still {now} {how} and {other}",
    "we were {now} {how} when it began to rain",
    "i am {now} {how} just now",
    "she has been {now} {how} for hours",
    "he stopped {now} {how} and started {now} {other}",
    "{name} enjoys {now} {how}",
    "they are busy {now} {how} and {other}",
    "without {now} {how} life is dull",
    "{name} is tired of {now} {how}",
    "she keeps {now} {how} while i am waiting",
)
DAILY = (
    "every day {name} {does} {how}",
    "she often {does} {how} and {other}",
    "he always {does} {how} on {day}",
    "{name} usually {does} {how}",
    "he never {does} {how} before breakfast",
    "somebody who {does} {how} is happy",
    "she rarely {does} {how} but he {does} {other}",
    "{name} sometimes {does} {how}",
    "whenever it rains he {does} {how}",
    "he normally {does} {how} and seldom {does} {other}",
    "everybody {does} {how} nowadays",
)
NAMES = ("anna", "tom", "mary", "paul", "clara", "peter", "lucy", "karl", "emma", "hugo", "ida", "emil")
DAYS = ("sunday", "saturday", "monday", "friday", "wednesday", "tuesday", "thursday")


def write(dice: Dice) -> str:
    """Return a sentence about somebody who does something."""
    verb, past, now, does, *hows = dice.zipf(VERBS)
    template = dice.even(dice.weighed((BASE, PAST, NOW, DAILY), (3, 3, 2, 2)))
    how, other = dice.two(hows)
    return template.format(
        verb=verb, past=past, now=now, does=does, how=how, other=other, name=dice.even(NAMES), day=dice.even(DAYS)
    )


TOPIC = Topic(
    weight=9,
    write=write,
    relations={
        "verb and past": [(row[0], row[1]) for row in VERBS],
        "verb and -ing": [(row[0], row[2]) for row in VERBS],
        "verb and -s": [(row[0], row[3]) for row in VERBS],
    },
)
