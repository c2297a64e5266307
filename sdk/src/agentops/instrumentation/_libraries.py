"""The one table of what is captured, and by which instrumentor.

Chosen by how well each is kept and by trial: OpenTelemetry's own where there is one, else OpenInference's. Never two
layers of OpenInference: they would record a call twice.
"""

from __future__ import annotations

from typing import NamedTuple


class Instrumentor(NamedTuple):
    """A class that patches a library: where it is, and the distribution that brings it."""

    distribution: str
    module: str
    name: str


class Library(NamedTuple):
    """A library whose calls are captured.

    `module` is what a program imports of it; `doors` are the functions (`module:Class.function`, `module:function`) by
    which a call begins, which wait while the instrumentor is still being loaded.
    """

    title: str
    module: str
    instrumentors: tuple[Instrumentor, ...]
    doors: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    """Functions (as `doors`) that may return a stream whose first chunk the instrumentor does not time."""
    is_general: bool = False
    """Programs that call no model use it too: that it is not captured is no news to them."""

    @property
    def installed(self) -> tuple[Instrumentor, ...]:
        """The instrumentors that are there, without importing any."""
        return tuple(choice for choice in self.instrumentors if _is_installed(choice.distribution))


def _is_installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415 - 20 ms that init() has no use for

    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _official(name: str, class_name: str) -> Instrumentor:
    return Instrumentor(
        f"opentelemetry-instrumentation-genai-{name}",
        f"opentelemetry.instrumentation.genai.{name.replace('-', '_')}",
        class_name,
    )


def _openinference(name: str, class_name: str) -> Instrumentor:
    return Instrumentor(
        f"openinference-instrumentation-{name}", f"openinference.instrumentation.{name.replace('-', '_')}", class_name
    )


def _openllmetry(name: str, class_name: str) -> Instrumentor:
    return Instrumentor(
        f"opentelemetry-instrumentation-{name}", f"opentelemetry.instrumentation.{name.replace('-', '_')}", class_name
    )


def _native(distribution: str, class_name: str, module: str = "_natives") -> Instrumentor:
    return Instrumentor(distribution, f"agentops.instrumentation.{module}", class_name)


LIBRARIES: tuple[Library, ...] = (
    Library(
        "OpenAI",
        "openai",
        (_official("openai", "OpenAIInstrumentor"), _openinference("openai", "OpenAIInstrumentor")),
        (
            "openai.resources.chat.completions:Completions.create",
            "openai.resources.chat.completions:AsyncCompletions.create",
            "openai.resources.chat.completions:Completions.parse",
            "openai.resources.chat.completions:AsyncCompletions.parse",
            "openai.resources.embeddings:Embeddings.create",
            "openai.resources.embeddings:AsyncEmbeddings.create",
            "openai.resources.responses.responses:Responses.create",
            "openai.resources.responses.responses:AsyncResponses.create",
            "openai.resources.responses.responses:Responses.parse",
            "openai.resources.responses.responses:AsyncResponses.parse",
            "openai.resources.responses.responses:Responses.stream",
            "openai.resources.responses.responses:AsyncResponses.stream",
        ),
    ),
    Library(
        "OpenAI assistants",
        "openai.resources.beta.threads",
        (_native("openai", "Assistants", "_assistants"),),
        ("openai._base_client:SyncAPIClient.request", "openai._base_client:AsyncAPIClient.request"),
    ),
    Library(
        "Anthropic",
        "anthropic",
        (_official("anthropic", "AnthropicInstrumentor"), _openinference("anthropic", "AnthropicInstrumentor")),
        tuple(
            f"anthropic.resources.{module}:{owner}.{name}"
            for module in ("messages", "beta.messages")
            for owner in ("Messages", "AsyncMessages")
            for name in ("create", "stream", "parse")
        ),
        tuple(
            f"anthropic.resources.{module}:{owner}.stream"
            for module in ("messages", "beta.messages")
            for owner in ("Messages", "AsyncMessages")
        ),
    ),
    Library(
        "LangChain",
        "langchain_core",
        (_official("langchain", "LangChainInstrumentor"), _openinference("langchain", "LangChainInstrumentor")),
        (
            "langgraph.pregel:Pregel.stream",
            "langgraph.pregel:Pregel.astream",
            "langchain_core.callbacks:BaseCallbackManager.__init__",
        ),
    ),
    Library(
        "OpenAI Agents SDK",
        "agents",
        (_official("openai-agents", "OpenAIAgentsInstrumentor"),),
        ("agents.run:Runner.run", "agents.run:Runner.run_sync", "agents.run:Runner.run_streamed"),
    ),
    Library("LlamaIndex", "llama_index.core", (_official("llama-index", "LlamaIndexInstrumentor"),)),
    Library("Agno", "agno", (_official("agno", "AgnoInstrumentor"),)),
    Library(
        "smolagents",
        "smolagents",
        (_native("opentelemetry-instrumentation-genai-smolagents", "Smolagents", "_smolagents"),),
    ),
    Library(
        "DSPy",
        "dspy",
        (_native("opentelemetry-instrumentation-genai-dspy", "DSPy", "_dspy"),),
        streams=(
            "dspy.clients.engines.lm15_engine:LM15Engine.stream",
            "dspy.clients.engines.lm15_engine:AsyncLM15Engine.stream",
        ),
    ),
    Library(
        "Bedrock",
        "botocore",
        (_official("bedrock", "BedrockInstrumentor"),),
        ("botocore.client:BaseClient._make_api_call",),
        is_general=True,
    ),
    Library(
        "Google GenAI",
        "google.genai",
        (_openinference("google-genai", "GoogleGenAIInstrumentor"),),
        (
            *(
                f"google.genai.models:{owner}.{name}"
                for owner in ("Models", "AsyncModels")
                for name in ("generate_content", "generate_content_stream", "embed_content")
            ),
            "google.genai._gaos.google_genai:GeminiNextGenInteractions.create",
            "google.genai._gaos.google_genai:AsyncGeminiNextGenInteractions.create",
        ),
        (
            "google.genai.models:Models.generate_content_stream",
            "google.genai.models:AsyncModels.generate_content_stream",
        ),
    ),
    Library(
        "Mistral",
        "mistralai.client",
        (_openinference("mistralai", "MistralAIInstrumentor"),),
        (
            "mistralai.client.chat:Chat.complete",
            "mistralai.client.chat:Chat.complete_async",
            "mistralai.client.chat:Chat.stream",
            "mistralai.client.chat:Chat.stream_async",
            "mistralai.client.agents:Agents.complete",
            "mistralai.client.agents:Agents.complete_async",
            "mistralai.client.agents:Agents.stream",
            "mistralai.client.agents:Agents.stream_async",
        ),
    ),
    # OpenInference's reports no streams.
    Library(
        "Groq",
        "groq",
        (_openllmetry("groq", "GroqInstrumentor"), _openinference("groq", "GroqInstrumentor")),
        (
            "groq.resources.chat.completions:Completions.create",
            "groq.resources.chat.completions:AsyncCompletions.create",
        ),
        (
            "groq.resources.chat.completions:Completions.create",
            "groq.resources.chat.completions:AsyncCompletions.create",
        ),
    ),
    Library(
        "Cohere",
        "cohere",
        (_openinference("cohere", "CohereInstrumentor"),),
        tuple(
            f"cohere.v2.client:{owner}.{name}"
            for owner in ("V2Client", "AsyncV2Client")
            for name in ("chat", "chat_stream", "embed", "rerank")
        ),
        ("cohere.v2.client:V2Client.chat_stream", "cohere.v2.client:AsyncV2Client.chat_stream"),
    ),
    Library(
        "Ollama",
        "ollama",
        (_native("openinference-instrumentation-ollama", "Ollama", "_ollama"),),
        tuple(
            f"{owner}{name}"
            for owner in ("ollama._client:Client.", "ollama._client:AsyncClient.", "ollama:")
            for name in ("chat", "generate", "embed", "embeddings")
        ),
        ("ollama._client:Client.chat", "ollama._client:AsyncClient.chat"),
    ),
    Library(
        "LiteLLM",
        "litellm",
        (_native("openinference-instrumentation-litellm", "LiteLLM", "_litellm"),),
        tuple(
            f"litellm:{name}"
            for name in ("completion", "acompletion", "responses", "aresponses", "embedding", "aembedding")
        ),
    ),
    Library(
        "watsonx",
        "ibm_watsonx_ai.foundation_models",
        (_native("ibm-watsonx-ai", "Watsonx", "_watsonx"),),
        tuple(
            f"ibm_watsonx_ai.foundation_models:ModelInference.{name}"
            for name in (
                "chat",
                "achat",
                "chat_stream",
                "achat_stream",
                "generate",
                "agenerate",
                "generate_text_stream",
                "agenerate_stream",
            )
        ),
    ),
    Library("CrewAI", "crewai", (_openinference("crewai", "CrewAIInstrumentor"),)),
    Library("Haystack", "haystack", (_native("haystack-ai", "Haystack", "_haystack"),)),
    Library("Pydantic AI", "pydantic_ai", (_native("pydantic-ai-slim", "PydanticAI"),)),
    Library("Semantic Kernel", "semantic_kernel", (_native("semantic-kernel", "SemanticKernel"),)),
    Library("AG2", "ag2", (_native("ag2", "AG2"),)),
    Library("AutoGen", "autogen_core", (_native("autogen-core", "AutoGen", "_autogen"),)),
    Library("MCP", "mcp", (_native("mcp", "MCP", "_mcp"),), ("mcp.client.session:ClientSession.call_tool",)),
    Library("Google ADK", "google.adk", (_openinference("google-adk", "GoogleADKInstrumentor"),)),
)
_BY_MODULE = {library.module: library for library in LIBRARIES}


def find_library(module: str) -> Library | None:
    """The library of this name among modules; None for any other."""
    return _BY_MODULE.get(module)
