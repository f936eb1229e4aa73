from typing import Any

import pytest

from audiocoach.unions import assert_never


def test_what_has_no_case_is_our_fault() -> None:
    unknown: Any = "sideways"
    with pytest.raises(AssertionError, match="no case for 'sideways'"):
        assert_never(unknown)
