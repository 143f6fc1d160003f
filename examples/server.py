#!/usr/bin/env python3
"""The web servers of examples/make: HTTP on port 80, TLS on port 443, on every address of
the namespace they run in.  Any request is answered with a short JSON text."""
import argparse
import http.server
import socketserver
import ssl
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "example"
    sys_version = ""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"ok":true}\n'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--key", required=True)
    options.add_argument("--cert", required=True)
    files = options.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    context.set_alpn_protocols(["http/1.1"])
    secure = Server(("", 443), Answer)
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=secure.serve_forever, daemon=True).start()
    Server(("", 80), Answer).serve_forever()


main()
