"""Three short agent runs with three other endings: a success, a crash, and a program that just stops.

    python examples/small_runs.py answer | import | draft

Set AGENTOPS_API_KEY, and AGENTOPS_API_ENDPOINT unless your server is at http://localhost:8765.
"""

import argparse

import agentops

QUESTION = [{"role": "user", "content": "Do you ship to Norway?"}]
INVOICES = [{"number": "2024-117", "total": "120.00"}, {"number": "2024-118"}]


def answer() -> None:
    """A customer's question, answered: the session ends as a success, with tags to find it again."""
    session = agentops.init(default_tags=["demo", "faq"])
    session.record(
        agentops.ToolEvent(name="search_faq", params={"query": "shipping Norway"}, returns=["Yes, 4 to 6 days."])
    )
    session.record(
        agentops.LLMEvent(
            model="gpt-4o-mini",
            prompt=QUESTION,
            completion={"role": "assistant", "content": "Yes, we do. It takes four to six working days."},
            prompt_tokens=212,
            completion_tokens=17,
        )
    )
    session.add_tags(["shipping", "norway"])
    session.end_session("Success", "Answered from the FAQ")


def crash() -> None:
    """An import that stumbles over a row without a total: nobody catches it, and the session says so."""
    session = agentops.init(default_tags=["demo", "invoices"])
    for invoice in INVOICES:
        session.record(agentops.ActionEvent(action_type="import_invoice", params=invoice, returns=invoice["total"]))
    session.end_session("Success")


def stop() -> None:
    """A draft that is started and never ended: the session is Indeterminate."""
    session = agentops.init(default_tags=["demo", "newsletter"])
    session.record(
        agentops.LLMEvent(
            model="gpt-4o",
            prompt="Draft the May newsletter in three sentences.",
            completion="Spring is here, and so are the new kettles.",
            prompt_tokens=34,
            completion_tokens=12,
        )
    )


RUNS = {"answer": answer, "import": crash, "draft": stop}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", choices=RUNS)
    RUNS[parser.parse_args().run]()


if __name__ == "__main__":
    main()
