"""What the figures of the documents come from: `make bench`, or `python -m benchmarks NAME …` for some of them.

Each benchmark is a module with a `measure()` that returns rows of figures. Speeds are medians of five runs, beside a
calibration (how long this machine takes for a fixed piece of work at that moment), because machines are noisy.
"""
