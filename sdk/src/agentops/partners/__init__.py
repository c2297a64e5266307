"""Handlers that a program gives to a framework itself, under their paths in SDK 0.3."""
