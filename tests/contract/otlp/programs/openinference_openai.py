from asking_openai import ask_everything
from exporting import make_provider
from openinference.instrumentation import using_session
from openinference.instrumentation.openai import OpenAIInstrumentor

provider = make_provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
with using_session("conversation 7"):
    ask_everything(provider)
