from engine.labs.catalogue import LABS
from pages.ui.lab_cards import PICTURES, cards
from tests.pages.conftest import OpenPage


def test_the_home_page_leads_to_every_lab(page: OpenPage):
    visit = page("home.py")
    assert not visit.exception
    assert visit.title[0].value == "Learnscope"
    assert {card.title for card in cards()} <= {heading.value for heading in visit.subheader}
    links = [link.proto.page for link in visit.get("page_link")]
    assert {card.name for card in cards()} == {*LABS, "words", "compare_words", "index"} <= set(links)


def test_every_lab_has_a_picture_that_is_told_in_words(page: OpenPage):
    visit = page("home.py")
    pictures = [picture for images in visit.get("image") for picture in images.proto.imgs]
    assert [picture.alt for picture in pictures] == [card.alt for card in cards()]
    assert all((PICTURES / f"{card.name}.png").is_file() for card in cards())
