"""Settings of the tweaker, from the environment."""

from __future__ import annotations

from trainyard.settings import Settings


class TweakerSettings(Settings):
    """What the tweaker needs to know: the shared settings say it all."""
