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
