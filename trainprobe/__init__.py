"""Runs a training script as its author wrote it and watches what it measures.

Started inside the training container as ``python -m trainprobe <run_dir>/task.json``. It uses the standard library
only; Keras and scikit-learn are touched through the modules that the script itself imports. It keeps to the syntax of
Python 3.7, the oldest image.
"""
