"""A small web server for the tests: prints its port, then answers by path.  What was posted is printed, a line each.

/ok       200 and the body that came, or "hello"     /fail N    500 for the first N requests, then 200
/created  202                                        /hang      never answers
/big      a megabyte                                 /move      302 to /ok
"""
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

failed = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self, body):
        path = self.path
        if path.startswith("/fail/"):
            failed[path] = failed.get(path, 0) + 1
            status = 500 if failed[path] <= int(path.split("/")[2]) else 200
            self.answer(status, b"broken" if status == 500 else b"mended")
        elif path == "/created":
            self.answer(202)
        elif path == "/hang":
            time.sleep(60)
        elif path == "/big":
            self.answer(200, b"x" * 1000000)
        elif path == "/move":
            self.answer(302, b"", [("Location", "/ok")])
        elif path == "/ok":
            self.answer(200, body or b"hello")
        else:
            self.answer(404)

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        signature = self.headers.get("X-Tocsin-Signature", "-")
        print("POST", self.path, self.headers.get("Content-Type", "-"), signature,
              body.decode("utf-8", "replace"), flush=True)
        self.serve(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
if __name__ == "__main__":
    sys.stdout.flush()
    server.daemon_threads = True
    server.serve_forever()
