"""The version of this distribution; the same as in its metadata, without the cost of reading that."""

__version__ = "1.0.0.dev0"
