-- What the events of some sessions add up to. FINAL leaves one row per event id, whatever was delivered twice or corrected.
SELECT
    session_id,
    count() AS events,
    countIf(kind = 'llm') AS llms,
    countIf(kind = 'tool') AS tools,
    countIf(kind = 'error') AS errors,
    ifNull(sum(input_tokens), 0) AS prompt_tokens,
    ifNull(sum(output_tokens), 0) AS completion_tokens,
    toString(ifNull(sum(events.cost), 0)) AS cost,
    countIf(kind = 'llm' AND events.cost IS NULL) AS unpriced_llms,
    countIf(kind = 'llm' AND (input_tokens IS NULL OR output_tokens IS NULL)) AS uncounted_llms,
    max(greatest(init_ns, end_ns)) AS last_ns
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
GROUP BY session_id
