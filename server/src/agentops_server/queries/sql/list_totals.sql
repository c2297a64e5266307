-- The kept totals of some sessions.
SELECT
    session_id, events, llms, tools, errors, prompt_tokens, completion_tokens, toString(session_totals.cost) AS cost,
    unpriced_llms, uncounted_llms, last_ns
FROM session_totals FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
