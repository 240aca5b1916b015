"""Serves the gallery through the product's own entry: python serve_gallery.py PORT."""

import sys
from pathlib import Path

from dashboard import sections
from dashboard.serve import serve

HERE = Path(__file__).parent
sections.VIEWS_IN_ORDER = (
    sections.View("", "Launch", str(HERE / "gallery.py"), "", ":material/rocket_launch:"),
    sections.View("Data", "Second", str(HERE / "second.py"), "second", ":material/database:"),
)

if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    serve(HERE, port=int(sys.argv[1]), address="127.0.0.1")
