"""Odd exports by the number of a seed: what a client never should send, between two that are as they should be."""
