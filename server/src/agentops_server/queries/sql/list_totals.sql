-- The kept totals of some sessions, without their parts: these are most of a row, and not for lists.
SELECT
    session_id, derivation, events, llms, tools, actions, errors, prompt_tokens, completion_tokens, cache_read_tokens,
    toString(session_totals.cost) AS cost, unpriced_llms, uncounted_llms, estimated_llms, last_ns, participants,
    by_agent.agent AS agents
FROM session_totals FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
SETTINGS max_threads = 1
