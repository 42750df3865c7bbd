"""Run the trainer: `python -m services.trainer`."""

from services.trainer.bootstrap import build
from services.trainer.settings import TrainerSettings
from trainyard.main import start

if __name__ == "__main__":
    start("trainer", TrainerSettings, build)
