"""A real server on a free port, and a real Chromium that notes whatever goes wrong."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

# Scripts that a server runs and modules that tests share, not tests.
collect_ignore = [
    "gallery.py",
    "held_reviews.py",
    "moved_cycles.py",
    "people.py",
    "rows.py",
    "second.py",
    "serve_gallery.py",
    "steady_product.py",
    "windows.py",
    "workspaces.py",
]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The address bar's own pages cost more than most of ours, once for each window. Of several such
    # lists Chromium keeps the last, so Playwright's choices are said again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,"
    "MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,"
    "NetworkTimeServiceQuerying,PreconnectToSearch",
]
START_SECONDS = 60
# A loaded machine is slow, not wrong; what is there at once costs nothing.
PATIENCE_MS = 30_000
# What Streamlit says of a page whose script is not running and whose server is there.
AT_REST = (
    '[data-testid="stApp"][data-test-script-state="notRunning"]'
    '[data-test-connection-state="CONNECTED"]'
)


def chromium_path() -> str | None:
    """The Chromium of this machine: $CHROMIUM, else the usual names, else macOS's folder."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next((path for path in found if path), MAC if Path(MAC).exists() else None)


@dataclass
class Seen:
    """What a page did besides showing itself."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


@dataclass
class Server:
    """A running dashboard."""

    url: str
    process: subprocess.Popen[bytes]


# Where servers listened that have ended: a browser keeps what it fetched by address.
PORTS_LEFT: list[int] = []


def free_port() -> int:
    """One that a server of this run had before, where there is one."""
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", PORTS_LEFT.pop() if PORTS_LEFT else 0))
            except OSError:
                continue
            return int(probe.getsockname()[1])


def started(command: list[str], port: int, folder: Path) -> Server:
    """The server once it says that it is ready; run from a folder that is not the project's."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "server.log").open("wb"),
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz/ready", timeout=2):
                return Server(url, process)
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    process.kill()
    pytest.fail((folder / "server.log").read_text(errors="replace")[-4000:])


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """All components with made-up rows, served by the product's own entry."""
    port = free_port()
    command = [sys.executable, str(HERE / "serve_gallery.py"), str(port)]
    server = started(command, port, tmp_path_factory.mktemp("elsewhere"))
    yield server
    server.process.terminate()
    server.process.wait(timeout=60)


@dataclass
class Product:
    """A workspace and the dashboard that shows it."""

    folder: Path
    url: str
    process: subprocess.Popen[bytes]


def serving(folder: Path, log_folder: Path) -> Iterator[Product]:
    """`launchloop serve` on a refreshed workspace."""
    port = free_port()
    serve = "import sys; from dashboard.command import main; sys.exit(main())"
    command = [sys.executable, "-c", serve, "serve", "-w", str(folder), "--port", str(port)]
    server = started(command, port, log_folder)
    yield Product(folder, server.url, server.process)
    server.process.terminate()
    server.process.wait(timeout=60)
    PORTS_LEFT.append(port)


@pytest.fixture(scope="session")
def served() -> Callable[[Path, Path], Iterator[Product]]:
    return serving


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, refreshed_sample: Path) -> Iterator[Product]:
    """The sample product as everybody sees it first."""
    folder = shutil.copytree(refreshed_sample, tmp_path_factory.mktemp("sample") / "workspace")
    yield from serving(folder, tmp_path_factory.mktemp("sample_log"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of forty users."""
    folder = loaded("workspaces").write_small(tmp_path_factory.mktemp("small"))
    yield from serving(folder, tmp_path_factory.mktemp("small_log"))


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Product]:
    """The same of one's own, to be refreshed."""
    folder = loaded("workspaces").write_small(tmp_path / "growing")
    yield from serving(folder, tmp_path)


@pytest.fixture(scope="session")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A workspace from which nothing was published yet."""
    folder = tmp_path_factory.mktemp("unpublished")
    (folder / "launchloop.toml").write_text('[product]\nname = "New"\n', encoding="utf-8")
    yield from serving(folder, tmp_path_factory.mktemp("unpublished_log"))


def loaded(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"launchloop_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def steady() -> ModuleType:
    """Makes the product with one metric that rises at a known day, and moves its clock."""
    return loaded("steady_product")


@pytest.fixture(scope="session")
def held() -> ModuleType:
    """Makes the same with a review held, a late promise and a Check that is due."""
    return loaded("held_reviews")


@pytest.fixture(scope="session")
def moved() -> ModuleType:
    """Makes the same nine weeks after the change, with cycles that wait for a decision."""
    return loaded("moved_cycles")


@dataclass
class Team:
    """A served workspace and the cycles that were made in it."""

    folder: Path
    url: str
    made: dict[str, str]

    def page(self, name: str) -> str:
        return f"{self.url}/cycle?cycle={self.made[name]}"


@pytest.fixture(scope="module")
def before_change(
    tmp_path_factory: pytest.TempPathFactory, steady: ModuleType, moved: ModuleType
) -> Iterator[Team]:
    """The week before the change: nothing is begun yet."""
    folder = steady.write(tmp_path_factory.mktemp("before") / "w", steady.MANAGER + moved.LEAD)
    for product in serving(folder, tmp_path_factory.mktemp("before_log")):
        yield Team(folder, product.url, {})


@pytest.fixture(scope="module")
def after_change(
    tmp_path_factory: pytest.TempPathFactory, steady: ModuleType, moved: ModuleType
) -> Iterator[Team]:
    """Nine weeks after the change: three cycles wait for a decision."""
    folder = tmp_path_factory.mktemp("after") / "w"
    made = moved.write(folder, steady)
    for product in serving(folder, tmp_path_factory.mktemp("after_log")):
        yield Team(folder, product.url, made)


@pytest.fixture(scope="session")
def people() -> ModuleType:
    """How people read pages and walk through cycles and meetings."""
    return loaded("people")


@pytest.fixture
def reader(
    people: ModuleType, window: Callable[..., Page], watched: Callable[[Page, str], Seen]
) -> Callable[..., Any]:
    """`reader(url)` → a person at a window of one's own."""

    def arrive(url: str, **more: Any) -> Any:
        return people.Reader(window(**more), settle, watched, url)

    return arrive


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: set CHROMIUM to its path")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Any:
    return loaded("windows").Windows(chromium)


@pytest.fixture
def window(windows: Any) -> Iterator[Callable[..., Page]]:
    """`window(viewport=…, color_scheme=…)` → the empty page of a window of its own."""
    with windows.lent() as window:
        yield window


@pytest.fixture(scope="session")
def watched() -> Callable[[Page, str], Seen]:
    return watch


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], None]:
    return settle


def watch(page: Page, url: str) -> Seen:
    """Notes console errors, requests that leave the machine, and what was fetched."""
    seen = Seen()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.errors.append(message.text)

    def on_request(request: Request) -> None:
        seen.fetched.append(request.url)
        if not request.url.startswith((url, "data:", "blob:")):
            seen.outside.append(request.url)

    page.on("console", on_console)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", on_request)
    return seen


def settle(page: Page) -> None:
    """Waits until nothing is a placeholder and the last script run is over.

    Playwright's own waiting evaluates text in the page, which our policy rightly forbids.
    """
    page.get_by_test_id("stAppViewContainer").wait_for(timeout=60_000)
    # The first run of a page may take a moment before it draws anything.
    page.get_by_test_id("stHeading").first.wait_for(timeout=60_000)
    resting = page.locator(AT_REST)
    placeholders = page.get_by_test_id("stSkeleton").or_(page.get_by_test_id("stStatusWidget"))
    quiet = 0
    for _ in range(240):
        # Between two runs of a script, as after a form was sent, a page rests for a moment.
        quiet = quiet + 1 if resting.count() and not placeholders.count() else 0
        if quiet > 3:
            return
        page.wait_for_timeout(250)
    pytest.fail("the page did not come to rest within 60 s")
