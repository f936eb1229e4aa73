"""`audiocoach studio`: a server on loopback for one folder, until Ctrl-C."""

from __future__ import annotations

import contextlib
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from audiocoach.api import overrides
from audiocoach.records import dataclass
from audiocoach.routine.templates import FIRST, FIRST_TITLE, from_template
from audiocoach.serve.address import LOOPBACK, USUAL_PORT, hosts, listen_on, port_of
from audiocoach.studio.desk.app import Desk
from audiocoach.studio.desk.folder import Folder, prepare
from audiocoach.studio.desk.gate import Gate
from audiocoach.studio.desk.speaking import Speaking
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.workers.stop import Stop

    Tell = Callable[[str], object]

_GRACE_S = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which folder, and where; `port` is None for the usual one or the next that is free, and 0 for any."""

    folder: Path
    port: int | None
    cache: Path | None
    opens: bool


def run(wanted: Wanted, tell: Tell) -> None:
    """Serve a folder until Ctrl-C or SIGTERM; the address is written to standard output.

    Raises:
        AudiocoachError: the folder or the port cannot be had.
        KeyboardInterrupt: it was served.
    """
    prepare(wanted.folder, f"{FIRST}.yaml", from_template(FIRST, FIRST_TITLE))
    stoppable(lambda stop: _serve(wanted, tell, stop))


def _serve(wanted: Wanted, tell: Tell, stop: Stop) -> None:
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(one) for one in listen_on((LOOPBACK,), wanted.port)]
        chosen = port_of(listeners)
        if wanted.port is None and chosen != USUAL_PORT:
            tell(f"port {USUAL_PORT} is taken: {chosen} is the next that is free\n")
        speaking = Speaking(wanted.cache)
        stack.callback(speaking.close)
        machine = overrides(None, None, None)
        desk = Desk(Folder(wanted.folder), speaking, machine)
        gate = Gate(desk.app(), hosts((LOOPBACK,), chosen), chosen)
        address = f"http://{LOOPBACK}:{chosen}/?token={gate.token}"
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        server = _server(gate)
        # It takes about as long as the browser takes to come.
        threading.Thread(target=speaking.warm, args=(machine,), daemon=True).start()

        def end() -> None:
            server.should_exit = True
            desk.events.close()

        stop.on_wish(end)
        if wanted.opens:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.run(sockets=listeners)
        stop.check()


def _server(gate: Gate) -> uvicorn.Server:
    """It says nothing, and waits for nobody for long."""
    return uvicorn.Server(
        uvicorn.Config(
            gate,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
