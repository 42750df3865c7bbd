"""The shape that all middleware shares."""

from collections.abc import Callable
from typing import Literal

from trainyard.bus.port import Delivery

Ending = Literal["ok", "retried", "parked"]
Step = Callable[[Delivery], Ending]
"""Takes a delivery to its end and says which; the run loop acks it afterwards."""
