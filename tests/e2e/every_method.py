"""A program that uses all that a session can do, and says at each point what it sees."""

import json
import uuid
from typing import Any

import agentops

says: dict[str, Any] = {}

agentops.record(agentops.ActionEvent("nobody's"))  # no session yet: a warning, nothing else
agentops.add_tags(["nobody's"])
agentops.set_tags(["nobody's"])
agentops.create_agent("Nobody")
agentops.end_session("Success")

says["init_without_session"] = agentops.init(auto_start_session=False)
session = agentops.start_session(tags=["one", "two", "one"])
session.add_tags("three")
session.add_tags(["two", "four"])
says["tags_added"] = session.tags
session.set_tags(["set", "again", "set"])
session.add_tags(["last"])
says["tags_set"] = session.tags
says["session_id_is_uuid"] = isinstance(session.session_id, uuid.UUID)
says["found_by_str"] = agentops.get_session(str(session.session_id)) is session
says["found_by_uuid"] = agentops.get_session(session.session_id) is session

agent_id = session.create_agent("Planner")
messages = [{"role": "user", "content": "What now?"}]
call = agentops.LLMEvent(
    prompt=messages,
    completion={"role": "assistant", "content": "This."},
    model="gpt-4o",
    prompt_tokens=1000,
    completion_tokens=500,
    agent_id=agent_id,
)
session.record(call)
messages.append({"role": "user", "content": "added after record()"})
session.record(agentops.ActionEvent("llms"))  # the first argument is the event's type, and it counts by that
session.record(agentops.ActionEvent(action_type="plan", params={"depth": 2}, returns=["a", "b"]))
tool = agentops.ToolEvent(name="search", params={"query": "q"}, returns={"hits": 3})
session.record(tool)
try:
    shelf: dict[str, str] = {}
    book = shelf["missing"]
except KeyError as error:
    session.record(agentops.ErrorEvent(trigger_event=tool, exception=error))

says["running_analytics"] = session.get_analytics()
says["end_timestamp_while_running"] = session.end_timestamp
says["cost_of_an_unknown_state"] = session.end_session("Splendid")
says["still_running"] = session.is_running
session.set_video("https://videos.example/run.mp4")
says["cost"] = session.end_session("Fail", "as planned")
says["running_after_the_end"] = session.is_running
says["final_analytics"] = session.get_analytics()
says["end_timestamp"] = session.end_timestamp
says["init_timestamp"] = session.init_timestamp
says["project_id"] = str(session.project_id)
says["session_id"] = str(session.session_id)
says["session_url"] = session.session_url
says["ids"] = {"agent": str(agent_id), "call": str(call.id), "tool": str(tool.id)}
print(json.dumps(says))
