"""Settings of the trainer, from the environment."""

from typing import Annotated

from pydantic import Field

from trainyard.settings import BuildSettings, EngineSettings, Settings


class TrainerSettings(Settings, EngineSettings, BuildSettings):
    """What the trainer needs to know.

    Attributes:
        trainer_slots: How many trainings may run at once.
        trainer_images: The folder with the training images' Dockerfile.
        trainer_network: The bridge that trainings are on; made when absent. "none" gives them no network.
        trainer_datasets: The volume with the data sets that all trainings read, made when absent; empty for none.
        trainer_warm: How many containers of each image wait for a run with their libraries imported; each takes memory.
        trainer_warm_idle_seconds: How long they do so after the last run in their image.
        trainer_progress_seconds: Seconds between two progress messages of one run.
        trainer_artifact_mib: What a trial's model and other files may take together, in MiB; what is more is left out.
        trainer_checkpoint_mib: How large the checkpoint may be that is kept for later trials, in MiB; without one they
            begin with random weights.
    """

    trainer_slots: Annotated[int, Field(ge=1)] = 2
    trainer_images: str = "images/training"
    trainer_network: str = "trainyard-training"
    trainer_datasets: str = ""
    trainer_warm: Annotated[int, Field(ge=0, le=16)] = 0
    trainer_warm_idle_seconds: Annotated[float, Field(gt=0)] = 600.0
    trainer_progress_seconds: Annotated[float, Field(ge=0)] = 2.0
    trainer_artifact_mib: Annotated[int, Field(ge=0)] = 256
    trainer_checkpoint_mib: Annotated[int, Field(ge=0)] = 256
