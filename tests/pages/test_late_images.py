"""Images of one's own, and a browser that says late which were chosen before."""

import asyncio
from pathlib import Path

from tests.app_server import AppServer
from tests.hostile import images as i
from tests.pages.test_late_requests import query_of, texts, widget
from tests.pages.visitor import Visit, visit

OWN = "images=own&net=softmax&own_side=8&max_epochs=1&hide=note.explore-kernel"
WAY, FIELD = "Your images", "Images on this server"


def test_images_stay_though_a_browser_says_late_which_were_chosen_before(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("one.zip", "two.zip"):
        (shelf / name).write_bytes(i.archive(i.pictures()))

    async def scene(server: AppServer) -> None:
        async with visit(server, "vision", OWN) as person:
            way = widget(person, "selectbox", WAY).id
            here = {way: "On this server"}
            await person.rerun(query_of(person), **here)
            field = widget(person, "selectbox", FIELD).id
            await person.rerun(query_of(person), **here, **{field: "shelf/two.zip"})
            assert in_use(person) == "two.zip"
            elsewhere = {way: "MNIST and its like"}
            await person.rerun(query_of(person), **elsewhere)
            published = widget(person, "selectbox", "Images that others have published")
            mnist = next(title for title in published.options if title.startswith("MNIST"))
            await person.rerun(query_of(person), **elsewhere, **{published.id: mnist})
            assert in_use(person) == "MNIST"
            await person.rerun(query_of(person), **here)
            await person.rerun(query_of(person), **here, **{field: "shelf/one.zip"})
            assert in_use(person) == "MNIST", "what stood in the field before is no choice"
            again = widget(person, "selectbox", FIELD).id
            await person.rerun(query_of(person), **here, **{again: "shelf/one.zip"})
            assert in_use(person) == "one.zip", "what is chosen there now is taken"

    nowhere = {"LEARNSCOPE_IMAGE_CATALOGUE": "http://127.0.0.1:9", "NO_PROXY": "*"}
    with AppServer(tmp_path, environment={"LEARNSCOPE_IMAGES": str(shelf), **nowhere}) as server:
        asyncio.run(scene(server))


def in_use(person: Visit) -> str:
    """Return the name of the images that are learnt."""
    return " ".join(texts(person)).replace("\\", "").partition("In use: ")[2].partition(". ")[0]
