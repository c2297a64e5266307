"""One module for each library, named as its program and its requirements are: what is expected of it."""
