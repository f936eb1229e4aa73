"""Where a site can be reached."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import AddressError
from audiocoach.serve import address
from audiocoach.serve.address import LOOPBACK, hosts, lan_address, listen_on, port_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not on the usual port, which a machine may use for something else."""
    with contextlib.closing(listen_on((LOOPBACK,), 0)[0]) as free:
        monkeypatch.setattr(address, "USUAL_PORT", port_of((free,)))


@contextlib.contextmanager
def closing(listeners: tuple[socket.socket, ...]) -> Iterator[tuple[socket.socket, ...]]:
    with contextlib.ExitStack() as stack:
        for one in listeners:
            stack.enter_context(one)
        yield listeners


def test_the_usual_port_is_taken_or_else_the_next_that_is_free() -> None:
    with closing(listen_on((LOOPBACK,), None)) as first, closing(listen_on((LOOPBACK,), None)) as second:
        assert port_of(first) == address.USUAL_PORT
        assert port_of(second) > port_of(first)


def test_all_addresses_have_one_port() -> None:
    with closing(listen_on((LOOPBACK, "127.0.0.2"), 0)) as (one, other):
        assert one.getsockname()[1] == other.getsockname()[1]
        assert (one.getsockname()[0], other.getsockname()[0]) == (LOOPBACK, "127.0.0.2")


def test_a_port_that_was_asked_for_and_is_taken_is_said() -> None:
    with closing(listen_on((LOOPBACK,), 0)) as taken:
        port = port_of(taken)
        expected = rf"^port {port} of 127\.0\.0\.1 cannot be used: .*: try another, such as --port 8123$"
        with pytest.raises(AddressError, match=expected):
            listen_on((LOOPBACK,), port)


def test_where_one_address_cannot_be_had_the_other_is_let_go() -> None:
    with closing(listen_on((LOOPBACK,), 0)) as free:
        port = port_of(free)
    with pytest.raises(AddressError):
        listen_on((LOOPBACK, "192.0.2.1"), port)
    with closing(listen_on((LOOPBACK,), port)):
        pass


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([None, None, None, None], "this machine is in no network: connect it to one, or leave out --lan"),
        (["8.8.8.8"], "the address 8.8.8.8 is public, not of a home network: leave out --lan"),
    ],
)
def test_a_machine_without_a_network_of_its_own_is_told_so(
    monkeypatch: pytest.MonkeyPatch, found: list[str | None], expected: str
) -> None:
    answers = iter(found)
    monkeypatch.setattr(address, "_towards", lambda _: next(answers))
    with pytest.raises(AddressError, match=f"^{expected}$"):
        lan_address()


@pytest.mark.parametrize("found", ["192.168.1.5", "10.0.0.7", "172.16.3.4", "169.254.7.8", "100.64.0.9"])
def test_the_address_in_the_network_is_found(monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    answers = iter([None, found])
    monkeypatch.setattr(address, "_towards", lambda _: next(answers))
    assert lan_address() == found


def test_loopback_is_no_address_for_others() -> None:
    assert address._towards(LOOPBACK) is None  # noqa: SLF001 - asks the system, which the others do not


def test_requests_may_name_each_address_with_the_port() -> None:
    assert hosts((LOOPBACK,), 8000) == {"localhost:8000", "127.0.0.1:8000"}
    assert "192.168.1.5:80" in hosts(("192.168.1.5", LOOPBACK), 80)
    assert "192.168.1.5" in hosts(("192.168.1.5", LOOPBACK), 80)
