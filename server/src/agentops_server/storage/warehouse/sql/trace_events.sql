-- What settling a trace needs of its events that are stored already. The ids of a trace's events end in a hash of the
-- trace id; those of errors and others do not, but errors name their trigger.
SELECT
    session_id, event_id, parent_id, agent_id, kind,
    input_tokens IS NOT NULL OR output_tokens IS NOT NULL AS has_usage,
    version < 36028797018963968 AS is_provisional,  -- 2^55, see rows.py
    trigger_event_id, error_type, substringUTF8(details, 1, 400) AS message,
    if(kind = 'llm', logs, '') AS logs
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    AND lower(hex(substring(UUIDToNum(if(kind = 'error', trigger_event_id, event_id)), 9, 8)))
        IN ({trace_hashes:Array(String)})
