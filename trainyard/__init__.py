"""What two or more of Trainyard's services share: messages, bus, engine, storage and the run loop."""
