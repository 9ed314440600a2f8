"""The yardstick: aiohttp on uvloop, one route, a constant body. `python -m load.bare BYTES`."""

import asyncio
import sys

import uvloop
from aiohttp import web


async def serve(size_bytes: int) -> None:
    body = b"x" * size_bytes

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=body)

    app = web.Application()
    app.router.add_get("/list.m3u8", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"bare on http://127.0.0.1:{site.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
