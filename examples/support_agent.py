"""Refund triage by two agents: a planner reads the ticket and writes to the customer, the order desk moves the money.

Every model call goes over HTTP to an OpenAI-compatible endpoint, which this program starts for itself with scripted
replies (see scripted_llm.py); point ``--base-url`` at another one to use a real model. Set AGENTOPS_API_KEY, and
AGENTOPS_API_ENDPOINT unless your server is at http://localhost:8765, then run it:

    python examples/support_agent.py
"""

import argparse
import contextlib
import os
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import support_desk
from chat import Answer, ChatClient, RateLimitError
from scripted_llm import scripted_llm

import agentops

Messages = list[dict[str, Any]]


def now() -> str:
    return datetime.now(timezone.utc).isoformat()


class Agent:
    """One named actor: it talks to its model and uses its tools, and records both."""

    def __init__(self, session: agentops.Session, name: str, model: str, chat: ChatClient, brief: str) -> None:
        self.session = session
        self.name = name
        self.model = model
        self.chat = chat
        self.agent_id = session.create_agent(name)
        self.messages: Messages = [{"role": "system", "content": brief}]

    def ask(self, tools: list[dict[str, Any]] | None = None) -> Answer:
        """One turn of the model, recorded; a refusal for too many calls is recorded too, and tried again."""
        while True:
            started = now()
            try:
                answer = self.chat.complete(self.model, self.messages, tools)
            except RateLimitError as refusal:
                self._record_refusal(started, refusal)
                say(self.name, f"is told to wait {refusal.retry_after_s:g} s, and waits")
                time.sleep(refusal.retry_after_s)
            else:
                return self._record_answer(started, answer)

    def write(self, show: Callable[[str], None]) -> Answer:
        """One turn of the model, shown word by word as it comes."""
        started = now()
        answer = Answer()
        for word in self.chat.stream(self.model, self.messages, answer):
            show(word)
        return self._record_answer(started, answer)

    def use_tools(self, answer: Answer) -> None:
        """Runs every tool that the model asked for and tells it the results."""
        for call_id, name, arguments in answer.tool_calls():
            say(self.name, f"uses {name}({', '.join(arguments.values())})")
            event = agentops.ToolEvent(name=name, params=arguments, agent_id=self.agent_id)
            event.returns = support_desk.TOOLS[name](**arguments)
            event.end_timestamp = now()
            self.session.record(event)
            self.messages.append({"role": "tool", "tool_call_id": call_id, "content": str(event.returns)})

    def _record_answer(self, started: str, answer: Answer) -> Answer:
        self.session.record(
            agentops.LLMEvent(
                model=self.model,
                prompt=self.messages,
                completion=answer.message,
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
                agent_id=self.agent_id,
                init_timestamp=started,
                end_timestamp=now(),
            )
        )
        self.messages.append(answer.message)
        return answer

    def _record_refusal(self, started: str, refusal: RateLimitError) -> None:
        call = agentops.LLMEvent(
            model=self.model,
            prompt=self.messages,
            prompt_tokens=0,  # a refused call reads and writes nothing, and costs nothing
            completion_tokens=0,
            agent_id=self.agent_id,
            init_timestamp=started,
            end_timestamp=now(),
        )
        self.session.record(call)
        self.session.record(
            agentops.ErrorEvent(trigger_event=call, exception=refusal, code="429", agent_id=self.agent_id)
        )


def say(who: str, what: str) -> None:
    print(f"  {who:<11} {what}", flush=True)


def record_step(session: agentops.Session, name: str, params: dict[str, Any], returns: Any) -> None:
    session.record(agentops.ActionEvent(action_type=name, params=params, returns=returns))


def triage(session: agentops.Session, chat: ChatClient) -> str:
    """Works through the ticket; returns what became of it."""
    record_step(session, "read_ticket", {"ticket": "T-7731"}, support_desk.TICKET)
    planner = Agent(session, "Planner", "gpt-4o", chat, "You handle support tickets. Find the facts, then decide.")
    desk = Agent(session, "Order desk", "gpt-4o-mini", chat, "You carry out decisions about orders, exactly as told.")

    say(planner.name, "reads the ticket and asks for the facts")
    planner.messages.append({"role": "user", "content": support_desk.TICKET})
    planner.use_tools(planner.ask(support_desk.RESEARCH_TOOLS))
    decision = planner.ask(support_desk.RESEARCH_TOOLS).message["content"]
    say(planner.name, "decides to refund in full")

    desk.messages.append({"role": "user", "content": decision})
    desk.use_tools(desk.ask(support_desk.REFUND_TOOLS))

    say(planner.name, "writes to the customer")
    planner.messages.append({"role": "user", "content": "The refund is accepted. Write to the customer."})
    letter: list[str] = []
    planner.write(letter.append)
    record_step(session, "send_reply", {"to": "Ada Okafor", "ticket": "T-7731"}, "".join(letter))
    return "Refund of $39.90 issued, the customer is told"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pace", type=float, default=1.0, help="how long model and tools take: 0 answers at once")
    parser.add_argument("--base-url", help="an OpenAI-compatible endpoint; its key is read from OPENAI_API_KEY")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        base_url = options.base_url or stack.enter_context(scripted_llm(options.pace))
        session = agentops.init(default_tags=["demo", "refund-triage"])
        support_desk.pace = options.pace
        chat = ChatClient(base_url, os.environ.get("OPENAI_API_KEY", "none"))
        outcome = triage(session, chat)
        session.add_tags(["refunded"])
        cost = session.end_session("Success", outcome)
    print(f"  {outcome} (${cost})")
    print(f"  {session.session_url}")


if __name__ == "__main__":
    main()
