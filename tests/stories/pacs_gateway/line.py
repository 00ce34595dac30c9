"""A line between two peers that can stall: every connection to an address of this machine, byte for byte."""

from __future__ import annotations

import asyncio
import threading
from typing import Self

_BLOCK = 1 << 16


class Line:
    """Leads from ``here`` to ``there``; what has been sent while it stalls arrives, in order, when it flows again."""

    def __init__(self, here: tuple[str, int], there: tuple[str, int]) -> None:
        self._there, self._loop, self._flows = there, asyncio.new_event_loop(), asyncio.Event()
        self._flows.set()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._connect, *here))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"line-{self.port}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    def stall(self) -> None:
        """Let nothing through, from now on."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def flow(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._flows.set)

    async def _connect(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        far, to_far = await asyncio.open_connection(*self._there)
        await asyncio.gather(self._carry(near, to_far), self._carry(far, to_near))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(_BLOCK):
                await self._flows.wait()
                writer.write(block)
                await writer.drain()
        except ConnectionError:
            pass  # one side is gone; the other is told by the end of the connection
        finally:
            writer.close()

    async def _close(self) -> None:
        self._server.close()
        while left := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
