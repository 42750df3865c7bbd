"""Runs scripts written for Keras 1 and 2 on tf-keras, which is Keras 2 for today's TensorFlow, under the old names.

What old scripts say and newer libraries no longer know is kept in tables (`names`, `keywords`, `optimizers`); around
them are a finder that serves modules under their old names and a few functions that put old calls into new words.
"""
