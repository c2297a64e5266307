"""What holds for every test of the page."""

from playwright.sync_api import expect

# A browser, a server and another test share two cores: five seconds, the default, are at times too few.
expect.set_options(timeout=15_000)
