"""Servers that take whatever real clients send (bench/leak/clients.py), each on a port of its own: HTTP with
WebSockets, SMTP and FTP.  They answer as little as the clients need to go on, and keep nothing.

    bench/leak/sinks.py http:8001 http:8002 smtp:8025 ftp:8021:8020
"""
import asyncio
import base64
import hashlib
import sys

CORS = b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\nAccess-Control-Allow-Methods: *\r\n"
WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3


async def http_body(reader, fields):
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        left = int(fields.get(b"content-length", 0))
        while left > 0:
            got = await reader.read(min(left, 1 << 16))
            if not got:
                return
            left -= len(got)


def websocket_answer(fields):
    key = base64.b64encode(hashlib.sha1(fields[b"sec-websocket-key"] + WEBSOCKET).digest())
    deflate = b"Sec-WebSocket-Extensions: permessage-deflate\r\n" if b"permessage-deflate" in fields.get(b"sec-websocket-extensions", b"") else b""
    return b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + key + b"\r\n" + deflate + b"\r\n"


async def http(reader, writer):
    while (line := await reader.readline()).strip():
        fields = {}
        while (field := await reader.readline()).strip():
            name, _, value = field.partition(b":")
            fields[name.strip().lower()] = value.strip()
        if b"sec-websocket-key" in fields:
            writer.write(websocket_answer(fields))
            while await reader.read(1 << 16):
                pass
            return
        if fields.get(b"expect", b"").lower() == b"100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await http_body(reader, fields)
        body = b"" if line.startswith(b"OPTIONS") else b"ok\n"
        writer.write(b"HTTP/1.1 200 OK\r\n" + CORS + b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()


async def smtp(reader, writer):
    writer.write(b"220 sink.example ESMTP\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            while (line := await reader.readline()) not in (b".\r\n", b""):
                pass
        writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 sink.example\r\n")
        await writer.drain()
        if word == b"QUIT":
            return


def ftp_on(data_port):
    """Passive only; all files go to `data_port`."""
    over = asyncio.Queue()

    async def data(reader, writer):
        while await reader.read(1 << 16):
            pass
        writer.close()
        over.put_nowait(True)

    async def control(reader, writer):
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper()
            if word == b"STOR":
                writer.write(b"150 go on\r\n")
                await writer.drain()
                await over.get()
            answers = {b"USER": b"331 and?\r\n", b"EPSV": b"229 Extended Passive Mode (|||%d|)\r\n" % data_port, b"STOR": b"226 done\r\n",
                       b"PWD": b'257 "/"\r\n', b"QUIT": b"221 bye\r\n"}
            writer.write(answers.get(word, b"200 yes\r\n"))
            await writer.drain()
            if word == b"QUIT":
                return

    return data, control


def until_closed(serve):
    async def one(reader, writer):
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, IndexError):
            pass  # the client went its way
        finally:
            writer.close()
    return one


async def main(wanted):
    for name in wanted:
        kind, port, *more = name.split(":")
        serve = {"http": http, "smtp": smtp}.get(kind)
        if kind == "ftp":
            data, serve = ftp_on(int(more[0]))
            await asyncio.start_server(until_closed(data), "0.0.0.0", int(more[0]))
        await asyncio.start_server(until_closed(serve), "0.0.0.0", int(port))
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
