import pytest

pytest.register_assert_rewrite(
    "tests.hostile.files", "tests.hostile.links", "tests.hostile.vectors_opened", "tests.hostile.web"
)
