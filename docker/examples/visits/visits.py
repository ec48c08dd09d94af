"""A web application with a database: GET / adds a row and tells how many there are.

The database is found by the name in DATABASE_HOST, on a new connection for each request.
"""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

DATABASE = {
    "host": os.environ.get("DATABASE_HOST", "db"),
    "dbname": "visits",
    "user": "visits",
    "password": "visits",
    "connect_timeout": 5,
}


def count_visit():
    connection = psycopg2.connect(**DATABASE)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS visits (at timestamptz DEFAULT now())")
            cursor.execute("INSERT INTO visits DEFAULT VALUES")
            cursor.execute("SELECT count(*) FROM visits")
            return cursor.fetchone()[0]
    finally:
        connection.close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/healthz":
            self.answer(200, "ok\n")
            return
        try:
            self.answer(200, "visit %d\n" % count_visit())
        except psycopg2.Error as failure:
            self.answer(503, "no database: %s\n" % str(failure).strip())

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # The client has not waited.

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
