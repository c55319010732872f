"""Class: what all those train who share a class code, for a projector."""

from pages.ui.class_room import class_room
from pages.ui.frame import without_side_bar

without_side_bar()
class_room()
