-- The LLM calls of a session that read from a provider's cache or wrote to it, with all that their price depends on.
SELECT
    toString(events.model) AS model,
    toString(events.provider) AS provider,
    init_ns,
    input_tokens,
    output_tokens,
    usage,
    mapFilter((name, value) -> endsWith(name, 'service_tier'), attributes) AS attributes
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND kind = 'llm'
    AND (usage['cache_read'] > 0 OR usage['cache_write'] > 0)
