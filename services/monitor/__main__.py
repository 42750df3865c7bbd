"""Run the monitor: `python -m services.monitor`."""

from services.monitor.bootstrap import build
from services.monitor.settings import MonitorSettings
from trainyard.main import start

if __name__ == "__main__":
    start("monitor", MonitorSettings, build)
