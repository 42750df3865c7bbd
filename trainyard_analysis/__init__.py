"""The one reader of the author's program: names, imports, constants, modules, what is reached."""
