"""Handlers for frameworks, under their paths in SDK 0.4."""
