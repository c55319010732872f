"""What has to be done before a run learns images of one's own: they are downloaded, where that is asked, and read."""

from engine.data.images import reading
from engine.data.images.spec import OWN, ImagesSpec
from engine.labs.lab import Preparation


def prepares(spec: ImagesSpec) -> Preparation | None:
    """Return what is to be done with the images of a run; None where that was done, or there is nothing to do.

    Raises DataError where the images are not here.
    """
    if spec.images != OWN or reading.kept(spec) is not None:
        return None
    return Preparation(
        reading.order(spec),
        "Reading the images",
        "Reading these images was called off, here or by preparing others in another tab.",
        "Read the images",
    )
