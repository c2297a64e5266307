"""Langfuse with its defaults: a generation per call."""

from langfuse import Langfuse

client: Langfuse


def start(url: str) -> None:
    global client  # noqa: PLW0603 - the one client of the program
    client = Langfuse(public_key="pk-lf-benchmark", secret_key="sk-lf-benchmark", base_url=url)


def record(prompt: str, completion: str) -> None:
    generation = client.start_observation(
        name="chat",
        as_type="generation",
        model="gpt-4o",
        input=[{"role": "user", "content": prompt}],
    )
    generation.update(output={"role": "assistant", "content": completion}, usage_details={"input": 500, "output": 250})
    generation.end()


def finish() -> None:
    client.shutdown()
