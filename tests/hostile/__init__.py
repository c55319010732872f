import pytest

pytest.register_assert_rewrite(
    *(f"tests.hostile.{name}" for name in ("files", "images", "links", "vectors_opened", "web"))
)
