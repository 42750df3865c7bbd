"""Run the notifier: `python -m services.notifier`."""

from services.notifier.bootstrap import build
from services.notifier.settings import NotifierSettings
from trainyard.main import start

if __name__ == "__main__":
    start("notifier", NotifierSettings, build)
