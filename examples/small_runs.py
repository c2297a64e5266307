"""Three short agent runs with three other endings: a success, a crash, and a program that just stops.

    python examples/small_runs.py answer | import | draft

Set AGENTOPS_API_KEY, and AGENTOPS_API_ENDPOINT unless your server is at http://localhost:8765.
"""

import argparse
import time

import agentops

QUESTION = [{"role": "user", "content": "Do you ship to Norway?"}]
INVOICES = [{"number": "2024-117", "total": "120.00"}, {"number": "2024-118"}]


def answer(pace: float) -> None:
    """A customer's question, answered: the session ends as a success, with tags to find it again."""
    session = agentops.init(default_tags=["demo", "faq"])
    search = agentops.ToolEvent(name="search_faq", params={"query": "shipping Norway"})
    time.sleep(0.1 * pace)
    search.returns = ["Yes, 4 to 6 days."]
    session.record(search)
    call = agentops.LLMEvent(model="gpt-4o-mini", prompt=QUESTION, prompt_tokens=212, completion_tokens=17)
    time.sleep(0.4 * pace)
    call.completion = {"role": "assistant", "content": "Yes, we do. It takes four to six working days."}
    session.record(call)
    session.add_tags(["shipping", "norway"])
    session.end_session("Success", "Answered from the FAQ")


def crash(pace: float) -> None:
    """An import that stumbles over a row without a total: nobody catches it, and the session says so."""
    session = agentops.init(default_tags=["demo", "invoices"])
    for invoice in INVOICES:
        step = agentops.ActionEvent(action_type="import_invoice", params=invoice)
        time.sleep(0.2 * pace)
        step.returns = f"{invoice['total']} booked"
        session.record(step)
    session.end_session("Success")


def stop(pace: float) -> None:
    """A draft that is started and never ended: the session is Indeterminate."""
    session = agentops.init(default_tags=["demo", "newsletter"])
    call = agentops.LLMEvent(model="gpt-4o", prompt="Draft the May newsletter in three sentences.")
    time.sleep(0.5 * pace)
    call.completion = "Spring is here, and so are the new kettles."
    call.prompt_tokens, call.completion_tokens = 34, 12
    session.record(call)


RUNS = {"answer": answer, "import": crash, "draft": stop}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", choices=RUNS)
    parser.add_argument("--pace", type=float, default=1.0, help="how long the work takes: 0 does it at once")
    options = parser.parse_args()
    RUNS[options.run](options.pace)


if __name__ == "__main__":
    main()
