"""The scripted endpoint's providers: one small module for each wire, and what they all answer."""
