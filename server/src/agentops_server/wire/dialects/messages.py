"""Chat messages of every dialect in one form, that of OpenAI's chat API, which SDKs record too.

A message is ``{"role", "content", "name"?, "tool_calls"?, "tool_call_id"?}``; the content is text, or a list of parts
where there is more than text.
"""

from typing import Any

from agentops_server.wire.dialects.attributes import to_text, unwrap

_TEXT = {"text", "input_text", "output_text", "refusal"}
_CALLS = {"tool_call", "tool-call", "tool_use", "function_call", "function"}
_RESULTS = {"tool_call_response", "tool-result", "tool_result", "function_call_output", "tool-call-response"}
_OTHER_ROLES = {
    "model": "assistant",
    "ai": "assistant",
    "tool-call": "assistant",
    "human": "user",
    "developer": "system",
    "tool-response": "tool",
}


def read_messages(value: Any, role: str) -> list[Any]:
    """The messages in a value, whatever shape it has; `role` is whose they are where they do not say."""
    value = unwrap(value)
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [message for each in value for message in read_messages(each, role)]
    if isinstance(value, dict):
        if isinstance(inner := unwrap(value.get("messages")), list):
            return read_messages(inner, role)
        return _read_message(value, role)
    return [{"role": role, "content": to_text(value)}]


def read_answer(value: Any) -> Any:
    """The completion in a value: one message, or a list where there are several; None for none."""
    messages = read_messages(value, "assistant")
    return messages[0] if len(messages) == 1 else messages or None


def tool_call(call_id: Any, name: Any, arguments: Any) -> dict[str, Any]:
    """A tool call as a message has it; arguments are JSON text there."""
    function = {"name": to_text(name), "arguments": to_text(arguments)}
    return {"id": to_text(call_id), "type": "function", "function": function}


def _read_message(value: dict[str, Any], role: str) -> list[Any]:
    if not {"role", "content", "parts", "tool_calls", "message"} & value.keys():
        return [{"role": role, "content": [value]}]
    if isinstance(inner := value.get("message"), dict) and "content" not in value:
        return _read_message({**value, **inner, "message": None}, role)
    own_role = _plain_role(to_text(value.get("role"))) or role
    message: dict[str, Any] = {"role": _OTHER_ROLES.get(own_role, own_role), "content": None}
    for name in ("name", "tool_call_id"):
        if value.get(name):
            message[name] = value[name]
    reader = _Parts(message["role"])
    parts = value.get("parts") if value.get("content") is None else value["content"]
    reader.add(parts)
    for call in _as_list(unwrap(value.get("tool_calls"))):
        reader.add_call(call)
    return reader.messages(message)


def _plain_role(role: str) -> str:
    """The role by its own name where it is written as the member of an enumeration: ``MessageRole.TOOL_CALL``."""
    name = role.rpartition(".")[2]
    return role if name == role else name.lower().replace("_", "-")


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class _Parts:
    """Sorts the parts of a message into text, tool calls, results of tools and others."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._content: list[Any] = []
        self._calls: list[Any] = []
        self._results: list[Any] = []

    def add(self, parts: Any) -> None:
        for part in _as_list(parts):
            if not isinstance(part, dict):
                self._content.append({"type": "text", "text": to_text(part)})
            elif (kind := to_text(part.get("type"))) in _CALLS:
                self.add_call(part)
            elif kind in _RESULTS:
                self._add_result(part)
            elif isinstance(part.get("tool_call"), dict):
                self.add_call(part)
            elif isinstance(result := part.get("tool_call_result"), dict):  # Haystack's
                origin = result.get("origin")
                self._add_result({**(origin if isinstance(origin, dict) else {}), "result": result.get("result")})
            elif kind in _TEXT or (not kind and isinstance(part.get("text"), str)):
                self._content.append({"type": "text", "text": to_text(_first(part, "text", "content", "refusal"))})
            else:
                self._content.append(part)

    def add_call(self, call: Any) -> None:
        if not isinstance(call, dict):
            return
        call = call["tool_call"] if isinstance(call.get("tool_call"), dict) else call
        inner = call["function"] if isinstance(call.get("function"), dict) else call
        name = _first(inner, "name", "toolName", "tool_name")
        arguments = _first(inner, "arguments", "input", "args", "parameters")
        made = tool_call(_first(call, "id", "toolCallId", "call_id"), name, arguments)
        if made not in self._calls:
            self._calls.append(made)

    def _add_result(self, part: dict[str, Any]) -> None:
        result = _first(part, "response", "result", "output", "content")
        call_id = _first(part, "id", "tool_call_id", "toolCallId", "tool_use_id", "call_id")
        message = {"role": "tool", "tool_call_id": to_text(call_id), "content": _plain(result)}
        if name := _first(part, "name", "toolName", "tool_name"):
            message["name"] = name
        self._results.append(message)

    def messages(self, message: dict[str, Any]) -> list[Any]:
        """The message, and one more for each result of a tool that it carried."""
        message["content"] = _joined(self._content)
        if self._calls:
            message["tool_calls"] = self._calls
        if not self._results:
            return [message]
        if self._role == "tool" or (message["content"] is None and not self._calls):
            return self._results
        return [message, *self._results]


def _first(part: dict[str, Any], *names: str) -> Any:
    return next((part[name] for name in names if part.get(name) is not None), None)


def _plain(value: Any) -> Any:
    """A result of a tool: text where it is text, wrapped or not."""
    if isinstance(value, dict) and value.get("type") in {"text", "json"} and "value" in value:
        return to_text(value["value"])
    if isinstance(value, list) and all(isinstance(each, dict) and each.get("type") == "text" for each in value):
        return "\n".join(to_text(each.get("text")) for each in value)
    return to_text(value)


def _joined(content: list[Any]) -> Any:
    if not content:
        return None
    if all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "\n".join(part["text"] for part in content)
    return content
