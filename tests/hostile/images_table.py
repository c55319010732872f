# ruff: noqa: E501
"""Every file of images that might harm whoever learns from it, one row for each: what a person is told, or is learnt."""

import gzip
import pickle

import numpy as np

from engine.data import zipped
from tests.engine.data.images import test_halves, test_own, test_own_bringing, test_own_pictures
from tests.engine.labs import test_vision_script, test_vision_transfer
from tests.engine.training import test_pretrained
from tests.hostile import images as i
from tests.hostile.greedy import Touch
from tests.hostile.payloads import PAYLOADS
from tests.hostile.row import Row, held

IMAGES = "Images to learn from"
LOST = "1 of 5 pictures could not be read: first: "
ZIP = "m.zip"
GOOD = i.archive(i.pictures())
PAIR = i.pair()
HUGE = np.frombuffer(b"\0\0\x08\x03" + b"\xff\xff\xff\xff" * 3, np.uint8).tobytes()


def lost(name: str, contents: bytes, why: str, shown: str = "") -> Row:
    """Return a row: of an archive one file is not read."""
    what = f"{name[:40]!a}: {why}"
    return Row(
        IMAGES,
        "one of many that cannot be read",
        what,
        run=i.learnt({ZIP: i.with_one(name, contents)}, 4, f"{LOST}{shown or name} {why}.", ("cat", "dog")),
    )


def one_file(item: str, what: str, data: bytes, sentence: str, name: str = ZIP) -> Row:
    return Row(IMAGES, item, what, run=i.refused({name: data}, sentence))


OF_IMAGES = (
    one_file("no bytes", "", b"", "m.zip is empty: expected images"),
    one_file("no bytes", "packed", gzip.compress(b"", mtime=0), "m.gz is empty: expected images", "m.gz"),
    one_file("no bytes", "an archive of nothing", i.archive({}), "m.zip holds no picture that could be read."),
    lost("cat/9.png", b"", "is empty"),
    lost("cat/9.png", i.picture(size=(60, 60))[:60], "is cut"),
    lost("cat/9.jpg", i.picture(size=(60, 60), form="JPEG")[:300], "is cut"),
    lost("cat/9.png", i.huge_png(), "has more than 40 million pixels"),
    lost("cat/8.png", i.huge_png(6_400), "has more than 40 million pixels"),
    lost("cat/9.txt", b"hello", "is no picture"),
    lost("cat/9.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "is no picture"),
    lost("cat/9.png", pickle.dumps(Touch("hacked")), "is a pickle"),
    lost("cat/9.tif", b"II*\0" + bytes(90), "is no picture"),
    lost("cat/9.zip", GOOD, "is a zip archive, as those of Excel are"),
    lost("9.png", i.picture(), "lies in no folder, which would be its class"),
    lost("../../cat/9.png", i.picture(), "has a path that leads out of its folder", "cat/9.png"),
    lost("/etc/cat/9.png", i.picture(), "has a path that leads out of its folder", "cat/9.png"),
    lost("C:/cat/9.png", i.picture(), "has a path that leads out of its folder", "cat/9.png"),
    lost("..\\cat\\9.png", i.picture(), "has a path that leads out of its folder", "cat/9.png"),
    lost("cat/9.bmp", bytes(2 * 2**20), f"unpacks to more than {zipped.MOST_RATIO} times its size"),
    lost("cat/9.bmp", bytes(zipped.PICTURES.most_bytes + 1), f"is larger than {zipped.PICTURES.most_bytes >> 20} MB"),
    Row(IMAGES, "one of many that cannot be read", "a link", run=i.learnt(
        lambda: {ZIP: i.archive({**i.pictures(), "cat/9.png": b"/etc/passwd"}, link=("cat/9.png",))}, 4, f"{LOST}cat/9.png is a link.")),
    Row(IMAGES, "one of many that cannot be read", "two of one name", run=i.learnt({ZIP: i.twice()}, 4, f"{LOST}cat/1.png has the name of another.")),
    Row(IMAGES, "one of many that cannot be read", "packed with bzip2", run=i.learnt(
        lambda: {ZIP: i.with_bzip2()}, 4, f"{LOST}cat/9.png is packed in a way that is not read.")),
    one_file("all that cannot be read", "text", i.archive({"a/1.png": b"x", "b/1.png": b"y"}), "m.zip holds no picture that could be read: first: a/1.png is no picture."),
    one_file("all that cannot be read", "archives in an archive", i.archive({"a/1.zip": GOOD, "b/1.zip": GOOD}), "m.zip holds no picture that could be read: first: a/1.zip is a zip archive"),
    *(Row(IMAGES, "pictures of all kinds", f"{mode}, {form}", run=i.learnt(
        {ZIP: i.archive({f"{c}/{n}": i.picture(shade + n, form=form, mode=mode) for c, shade in i.SHADES.items() for n in range(2)})}, 4))
      for mode, form in (("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"), ("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "BMP"), ("P", "GIF"), ("RGB", "WEBP"), ("RGBA", "WEBP"))),
    *held(IMAGES, "pictures of all kinds", test_own_pictures.test_sixteen_bits_become_eight,
          test_own_pictures.test_what_lets_the_paper_through_lies_on_black,
          test_own_pictures.test_a_picture_stands_as_its_camera_was_held,
          test_own_pictures.test_of_one_that_moves_the_first_image_counts,
          test_own_pictures.test_of_one_that_is_not_square_the_middle_is_taken),
    one_file("zips", "cut", GOOD[:-30], "m.zip is cut, or damaged"),
    one_file("zips", "cut in its list", GOOD[: GOOD.index(b"PK\x01\x02") + 20], "m.zip is cut, or damaged"),
    one_file("zips", "encrypted", i.encrypted(), "m.zip is encrypted: expected pictures that can be read without a password."),
    one_file("zips", "100,000 empty files", i.many_entries(100_000), "m.zip holds too many files: expected at most 80,000."),
    one_file("zips", "1,000,000 empty files", i.many_entries(1_000_000), "m.zip holds too many files: expected at most 80,000."),
    one_file("zips", "files one over the other", i.overlapping(), "m.zip is damaged: what is in it lies one over the other."),
    Row(IMAGES, "zips", "a bomb of many", run=i.refused(
        lambda: {ZIP: i.archive({f"{c}/{n}.bmp": bytes(2**24) for c in "ab" for n in range(3)})}, "m.zip holds no picture that could be read: first: a/0.bmp unpacks to more than")),
    Row(IMAGES, "zips", "more than may be unpacked", run=i.refused(
        lambda: {ZIP: i.claiming(zipped.PICTURES.most_bytes, 70)}, "m.zip is too large: expected pictures of at most 2 GB, unpacked.")),
    Row(IMAGES, "zips", "folders around, and what systems put in", run=i.learnt(
        {ZIP: i.archive({**i.pictures("all/of/"), "__MACOSX/all/of/cat/._0.png": b"x", "all/.DS_Store": b"x", "all/of/cat/Thumbs.db": b"x"})}, 4, classes=("cat", "dog"))),
    Row(IMAGES, "zips", "names in many letters, and control characters", run=i.learnt(
        {ZIP: i.archive({f"{c}/{n}.png": i.picture(n) for c in ("größe", "猫", "a\u202eb", "a\x1b[31mb", "a" * 200) for n in range(2)})}, 10,
        classes=("a[31mb", "a" * 39 + "…", "ab", "größe", "猫"))),
    Row(IMAGES, "zips", "markup as names", run=i.learnt(
        {ZIP: i.archive({f"{payload.replace('/', '')}/{n}.png": i.picture(n) for payload in PAYLOADS for n in range(2)})}, 2 * len(PAYLOADS))),
    one_file("too few", "one class", i.archive({f"cat/{n}.png": i.picture(n) for n in range(4)}), "m.zip has too few classes: expected at least two, received only 'cat'."),
    one_file("too few", "one picture of a class", i.archive({"a/0.png": i.picture(), "b/0.png": i.picture(), "b/1.png": i.picture()}), "m.zip has one image only of the class 'a': expected at least two of each."),
    one_file("too few", "one picture", i.picture(), "m.png is a picture (PNG): expected images", "m.png"),
    one_file("too few", "pictures without folders", i.archive({f"{n}.png": i.picture(n) for n in range(4)}), "m.zip holds no picture that could be read: first: 0.png lies in no folder"),
    Row(IMAGES, "too few", "labels of one class", run=i.refused({"x": i.idx(i.images()), "y": i.idx(i.labels() * 0)}, "x and y has too few classes: expected at least two, received only '0'.")),
    Row(IMAGES, "IDX", "images alone", run=i.refused({"x": i.idx(i.images())}, "x holds 8 images: expected a file of as many labels, received none.")),
    Row(IMAGES, "IDX", "labels alone", run=i.refused({"y": i.idx(i.labels())}, "y holds 8 labels: expected a file of as many images beside it.")),
    Row(IMAGES, "IDX", "fewer labels", run=i.refused({"x": i.idx(i.images()), "y": i.idx(i.labels(7))}, "x holds 8 images: expected a file of as many labels, received 7.")),
    Row(IMAGES, "IDX", "cut", run=i.refused({"x": i.idx(i.images())[:-1], "y": i.idx(i.labels())}, "x tells 8 x 6 x 6 = 288 bytes: expected as many after that, received 287.")),
    Row(IMAGES, "IDX", "another type", run=i.refused({"x": i.idx(i.images(), 13), "y": i.idx(i.labels())}, "x holds numbers of type 13: expected type 8")),
    Row(IMAGES, "IDX", "sizes whose product is beyond all", run=i.refused({"x": HUGE, "y": i.idx(i.labels())}, "x tells 4,294,967,295 x 4,294,967,295 x 4,294,967,295 = ")),
    Row(IMAGES, "IDX", "four dimensions", run=i.refused({"x": i.idx(i.images()[None]), "y": i.idx(i.labels())}, "x tells 4 dimensions: expected 1 for labels, or 3 for images.")),
    Row(IMAGES, "IDX", "no pixels", run=i.refused({"x": i.idx(i.images()[:, :0]), "y": i.idx(i.labels())}, "x holds no images: expected at least one, of at least one pixel.")),
    Row(IMAGES, "IDX", "labels out of range", run=i.refused({"x": i.idx(i.images()), "y": i.idx(i.labels() * 200)}, "y has a label of 200: expected 0 to 99.")),
    Row(IMAGES, "IDX", "three sets", run=i.refused({f"{n}{part}": data for n in "abc" for part, data in i.pair(6 + ord(n)).items()}, "These are 3 sets of images: expected one to learn from")),
    Row(IMAGES, "IDX", "the same twice", run=i.refused({"x": i.idx(i.images()), "y": i.idx(i.images())}, "x holds 8 images: expected a file of as many labels, received none.")),
    Row(IMAGES, "IDX", "packed twice", run=i.refused({"x.gz": gzip.compress(gzip.compress(i.idx(i.images()), mtime=0), mtime=0)}, "x.gz is packed twice: expected what is packed once.")),
    Row(IMAGES, "IDX", "packed, and cut", run=i.refused({"x.gz": gzip.compress(i.idx(i.images()), mtime=0)[:-9], "y": i.idx(i.labels())}, "x.gz is cut: its gzip data ends too soon.")),
    Row(IMAGES, "IDX", "a bomb of zeros", run=i.refused(lambda: {"x.gz": gzip.compress(b"\0\0\x08\x03" + bytes(300 * 2**20), 1, mtime=0)}, "x.gz is too large: expected at most 128 MB, unpacked")),
    Row(IMAGES, "IDX", "too many images", run=i.refused(
        lambda: {"x": i.idx(np.zeros((70_001, 1, 1), np.uint8)), "y": i.idx(i.labels(70_001))}, "x and y holds too many images: expected at most 70,000, received 70,001.")),
    Row(IMAGES, "CIFAR-10", "cut", run=i.refused({"b.bin": i.batch()[:-1]}, "b.bin holds no images: expected images")),
    Row(IMAGES, "CIFAR-10", "cut, and packed", run=i.refused({"b.gz": gzip.compress(i.batch()[:-1], mtime=0)}, "b.gz is cut, or no batch of CIFAR-10: expected records of 3,073 bytes")),
    Row(IMAGES, "CIFAR-10", "a label of 255", run=i.refused({"b.bin": i.batch()[:-3_073] + b"\xff" * 3_073}, "b.bin is cut, or no batch of CIFAR-10")),
    Row(IMAGES, "CIFAR-10", "a tar archive of other things", run=i.refused({"c.tar.gz": i.tar({"a.txt": b"x" * 99})}, "c.tar.gz holds no batch of CIFAR-10")),
    Row(IMAGES, "CIFAR-10", "a tar archive, cut", run=i.refused({"c.tar.gz": i.tar({"data_batch_1.bin": i.batch()})[:-40]}, "c.tar.gz is cut, or damaged")),
    Row(IMAGES, "CIFAR-10", "links and ways out in a tar archive", run=i.learnt(
        lambda: {"c.tar.gz": i.tar({"../../data_batch_1.bin": i.batch()}, link="data_batch_2.bin")}, 6, classes=("aeroplane", "car"))),
    Row(IMAGES, "CIFAR-10", "a tar archive that says it is huge", run=i.refused(lambda: {"c.tar.gz": i.telling(2**40)}, "c.tar.gz holds too much: expected CIFAR-10's batches")),
    Row(IMAGES, "another thing under the name of images", "a pickle", run=i.refused(lambda: {"x.npz": pickle.dumps(Touch("hacked"))}, "x.npz is a pickle: expected images")),
    one_file("another thing under the name of images", "an array", b"\x93NUMPY\x01\x00" + bytes(50), "m.zip is an array of NumPy: expected images"),
    one_file("another thing under the name of images", "a PDF", b"%PDF-1.7\n" + bytes(50), "m.zip is a PDF: expected images"),
    one_file("another thing under the name of images", "text", b"hello, world", "m.zip holds no images: expected images"),
    one_file("another thing under the name of images", "a PNG packed", gzip.compress(i.picture(), mtime=0), "m.zip is a picture (PNG): expected images"),
    one_file("another thing under the name of images", "random bytes", np.random.default_rng(1).bytes(5_000), "m.zip holds no images: expected images"),
    Row(IMAGES, "another thing under the name of images", "two kinds at once", run=i.refused({ZIP: GOOD, **PAIR}, "These files are no one set: expected images with their labels in IDX")),
    Row(IMAGES, "another thing under the name of images", "an archive called .bin", run=i.learnt({"x.bin": GOOD}, 4)),
    *held(IMAGES, "limits of a person and of the disk", test_own.test_a_person_has_so_much_and_no_more,
          test_own.test_what_would_fill_the_disk_is_refused, test_own.test_what_is_longer_or_shorter_than_was_told_is_not_kept,
          test_own.test_what_a_killed_server_has_left_is_gone_with_the_next, test_own.test_a_set_goes_as_a_whole,
          (test_own.test_of_a_set_that_was_half_deleted_the_files_can_be_brought_again, "about.json")),
    *held(IMAGES, "pictures on the server that change meanwhile",
          test_own_bringing.test_a_picture_that_goes_while_its_folder_is_read_is_told_and_the_others_are_learnt),
    *held(IMAGES, "../../x as a name", (test_own.test_a_name_is_never_a_path, "../../../etc/passwd"),
          (test_own.test_what_is_no_id_is_told_in_a_sentence, "../x"),
          test_own_bringing.test_no_name_leads_out_of_the_folders_of_the_server,
          test_own_bringing.test_no_link_in_a_folder_is_followed),
    *held(IMAGES, "half of the classes, and few images",
          test_vision_transfer.test_half_of_too_few_classes_is_told_before_anything_is_learnt,
          test_vision_transfer.test_the_other_half_may_be_too_few_as_well,
          test_vision_transfer.test_more_examples_than_there_are_are_all_of_them,
          test_halves.test_a_half_of_which_nothing_is_held_out_is_told,
          test_pretrained.test_a_net_that_breaks_is_told_and_nothing_of_it_is_kept,
          test_pretrained.test_images_on_the_server_that_have_changed_are_learnt_anew),
    *held(IMAGES, "names through the script of a run", test_vision_script.test_no_name_of_somebodys_file_or_class_is_in_a_script,
          test_vision_script.test_a_script_without_the_images_of_its_run_says_so),
    *held(IMAGES, "one that brings its reader to an end", test_own_pictures.test_one_that_brings_its_reader_to_an_end_is_told_and_the_others_are_read,
          test_own_pictures.test_pictures_that_take_long_are_read_in_more_goes),
)  # fmt: skip
