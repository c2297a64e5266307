"""Names of providers: what senders call them, and what the price library does."""

# OpenTelemetry's GenAI conventions, OpenLLMetry and LiteLLM on the left. Those that are not here go by their own names.
_LIBRARY_NAMES = {
    "azure.ai.openai": "azure",
    "az.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "azure_ai": "azure",
    "gcp.gen_ai": "google",
    "gcp.gemini": "google",
    "gcp.vertex_ai": "google",
    "x_ai": "x-ai",
    "fireworks_ai": "fireworks",
    "together_ai": "together",
    "moonshot_ai": "moonshotai",
    "mistral_ai": "mistral",
}
# Programs that run models on the user's own machines: no provider's price is theirs.
LOCAL = frozenset(
    {
        "hosted_vllm",
        "llama.cpp",
        "llamafile",
        "lm_studio",
        "lmstudio",
        "localai",
        "mlx",
        "ollama",
        "ollama_chat",
        "sglang",
        "tgi",
        "transformers",
        "vllm",
        "xinference",
    }
)


def find_provider_id(provider: str) -> str:
    """The price library's name of a provider; the name itself, in lower case, where it has no other."""
    name = provider.strip().lower()
    return _LIBRARY_NAMES.get(name, name)


# Whose models these are, where the price library would have to be told.
_MAKERS = {
    "babbage-002": "openai",
    "davinci-002": "openai",
    "ft:babbage-002": "openai",
    "ft:davinci-002": "openai",
    "ft:gpt-": "openai",
    "sonar": "perplexity",
    "text-embedding-3-": "openai",
    "text-embedding-ada-": "openai",
}


def find_maker(model: str) -> str:
    """The provider whose model this is, by how its name begins, or ""."""
    return next((maker for beginning, maker in _MAKERS.items() if model.startswith(beginning)), "")
