"""Runs scripts written for older libraries: the shims, and the only tables of old names.

Scripts for Keras 1 and 2 get tf-keras, which is Keras 2 for today's TensorFlow, under the names that they use. Around
the tables are a finder that serves modules under their old names, and functions that translate old calls.
"""
