"""Amazon Bedrock through boto3: Converse and InvokeModel."""

import json
from contextlib import suppress
from typing import Any

from tests.frameworks.programs.asking import (
    ASKED,
    BUSY,
    DESCRIPTION,
    HELD,
    MODELS,
    PARAMETERS,
    QUESTION,
    REFUSED,
    TOOL,
    import_before_init,
    release,
    run,
)

import_before_init("boto3", "botocore.client")
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
CALL: dict[str, Any] = {"modelId": CLAUDE, "messages": [{"role": "user", "content": [{"text": ASKED}]}]}
BODY = json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": QUESTION})


def connect(url: str = MODELS, attempts: int = 1) -> Any:
    import boto3
    from botocore.config import Config

    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": "us-east-1"}
    config = Config(retries={"total_max_attempts": attempts})
    return boto3.client("bedrock-runtime", endpoint_url=url, config=config, **keys)


def plain() -> None:
    connect().converse(**CALL, inferenceConfig={"temperature": 0.2, "maxTokens": 100})


def stream() -> None:
    events = iter(connect(HELD).converse_stream(**CALL)["stream"])
    next(event for event in events if "contentBlockDelta" in event)
    release()
    for _ in events:
        pass


def tools() -> None:
    offered = {"name": TOOL, "description": DESCRIPTION, "inputSchema": {"json": PARAMETERS}}
    connect().converse(**CALL, toolConfig={"tools": [{"toolSpec": offered}]})


def invoked() -> None:
    answer = connect().invoke_model(modelId=CLAUDE, body=BODY)
    assert json.loads(answer["body"].read())["content"]


def invoked_stream() -> None:
    for _ in connect().invoke_model_with_response_stream(modelId=CLAUDE, body=BODY)["body"]:
        pass


def retried() -> None:
    connect(BUSY, attempts=3).converse(**CALL)


def error() -> None:
    from botocore.exceptions import ClientError

    with suppress(ClientError):
        connect().converse(**{**CALL, "modelId": REFUSED})


run(plain, stream, tools, invoked, invoked_stream, retried, error)
