"""Run the tweaker: `python -m services.tweaker`."""

from services.tweaker.bootstrap import build
from services.tweaker.settings import TweakerSettings
from trainyard.main import start

if __name__ == "__main__":
    start("tweaker", TweakerSettings, build)
