"""What the page costs a browser."""
