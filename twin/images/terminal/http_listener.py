"""A departmental system's HTTP listener. Usage: http_listener.py ADDRESS PORT."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Reports(BaseHTTPRequestHandler):
    """Answers every GET with the name of the system, and accepts every POST."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"departmental system\n")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(b"accepted\n")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Reports).serve_forever()
