"""The one reader of an author's program, on the standard library's syntax trees and without dependencies.

`project.Project` holds all files of a program and answers which script an import means and what a script reaches.
`script.Script` is one file: its imports, names, strings and full dotted names.
`options.read_option` reads a declaration of argparse or click: names, default, whether it is required.
`constants.Constants` returns the text that an expression stands for.
`reachable` answers which code runs when a script is started, and whether it trains.
`names.dotted`, `names.called` and the tables of `vocabulary` are what all readers share.
"""
