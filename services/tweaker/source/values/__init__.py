"""Where an author keeps a value: followed from where it is used to where it is written."""
