import os

MODELS = os.environ["SCRIPTED_MODELS"]
SINK = os.environ["OTLP_SINK"]
