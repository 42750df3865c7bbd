"""Run the tweaker: `python -m services.tweaker`."""

from services.tweaker.bootstrap import build
from trainyard.main import start
from trainyard.settings import Settings

if __name__ == "__main__":
    start("tweaker", Settings, build)
