"""Run the fetcher: `python -m services.fetcher`."""

from services.fetcher.bootstrap import build
from services.fetcher.settings import FetcherSettings
from trainyard.main import start

if __name__ == "__main__":
    start("fetcher", FetcherSettings, build)
