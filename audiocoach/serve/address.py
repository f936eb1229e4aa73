"""Where a site can be reached: the address of this machine, and sockets that listen on a port."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from typing import TYPE_CHECKING

from audiocoach.errors import AddressError

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8000
_MOST_TRIES = 100
_HTTP = 80
# One that belongs to nobody (RFC 5737), for the network that leads everywhere, and the usual networks
# of homes, for one that leads nowhere.
_ELSEWHERE = ("192.0.2.1", "192.168.0.1", "10.0.0.1", "172.16.0.1")


def lan_address() -> str:
    """This machine's address for others in its network.

    Raises:
        AddressError: it is in none, or the whole Internet could reach it.
    """
    found = next((address for address in map(_towards, _ELSEWHERE) if address), None)
    if found is None:
        raise AddressError("this machine is in no network: connect it to one, or leave out --lan")
    if ipaddress.ip_address(found).is_global:
        raise AddressError(f"the address {found} is public, not of a home network: leave out --lan")
    return found


def _towards(destination: str) -> str | None:
    """The address that we would send from. Nothing is sent: for UDP, to connect is to choose."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect((destination, _HTTP))
        address = str(probe.getsockname()[0])
        return None if ipaddress.ip_address(address).is_loopback else address
    return None


def listen_on(addresses: Sequence[str], port: int | None) -> tuple[socket.socket, ...]:
    """A socket for each address, all on one port; without a given one the usual, or the next that is free.

    Raises:
        AddressError: the port, or an address, cannot be had.
    """
    ports = range(USUAL_PORT, USUAL_PORT + _MOST_TRIES) if port is None else (port,)
    for candidate in ports[:-1]:
        with contextlib.suppress(OSError):
            return _bound(addresses, candidate)
    try:
        return _bound(addresses, ports[-1])
    except OSError as error:
        where = f"port {ports[-1]} of {' and '.join(addresses)}"
        message = f"{where} cannot be used: {error.strerror}: try another, such as --port 8123"
        raise AddressError(message) from error


def _bound(addresses: Sequence[str], port: int) -> tuple[socket.socket, ...]:
    """Port 0 is any that is free: the first address finds it.

    Raises:
        OSError: an address cannot be had with this port.
    """
    with contextlib.ExitStack() as stack:
        listeners: list[socket.socket] = []
        for address in addresses:
            chosen = port_of(listeners) if listeners else port
            listeners.append(stack.enter_context(socket.create_server((address, chosen))))
        stack.pop_all()
        return tuple(listeners)


def port_of(listeners: Sequence[socket.socket]) -> int:
    """The port that they all listen on."""
    return int(listeners[0].getsockname()[1])


def hosts(addresses: Sequence[str], port: int) -> frozenset[str]:
    """What requests may say whom they ask. A browser leaves out the usual port of HTTP."""
    names = {"localhost", *addresses}
    with_port = {f"{name}:{port}" for name in names}
    return frozenset(with_port | names if port == _HTTP else with_port)
