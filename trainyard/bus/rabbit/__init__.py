"""RabbitMQ behind the port of `trainyard.bus.port`; the only place that knows pika.

bus.py         RabbitBus: what callers use, from any thread
publisher.py   what waits to be published, and its thread
consumer.py    one subscription, and its thread
browser.py     looking at a queue, in the caller's thread
link.py        a connection with its I/O thread, made again whenever it is lost
connecting.py  connection settings, backoff
wire.py        an envelope as AMQP properties, and back
failures.py    pika's errors as ours
"""

from trainyard.bus.rabbit.bus import RabbitBus
from trainyard.bus.rabbit.connecting import Limits

__all__ = ["Limits", "RabbitBus"]
