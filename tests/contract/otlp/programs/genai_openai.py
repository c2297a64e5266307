from asking_openai import ask_everything
from exporting import make_provider
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

provider = make_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
ask_everything(provider)
