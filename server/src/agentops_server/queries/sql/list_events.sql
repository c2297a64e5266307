-- A page of a session's events in time order, without their payloads.
WITH toUUID('00000000-0000-0000-0000-000000000000') AS none
SELECT
    event_id, kind, event_type, name, init_ns, end_ns, nullIf(events.agent_id, none) AS agent_id,
    nullIf(events.parent_id, none) AS parent_id, nullIf(events.participant_id, none) AS participant_id, sequence, model,
    first_token_ns, input_tokens, output_tokens, usage['cache_read'] AS cached_tokens, toString(events.cost) AS cost,
    error_type, substringUTF8(
        if(startsWith(events.details, '"'), JSONExtractString(events.details), events.details), 1, 300
    ) AS details,
    nullIf(events.trigger_event_id, none) AS trigger_event_id, notEmpty(screenshot) AS has_screenshot
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
    AND (init_ns, sequence, toString(event_id)) > ({after_ns:Int64}, {after_sequence:UInt64}, {after_id:String})
ORDER BY init_ns, sequence, toString(event_id)
LIMIT {limit:UInt32}
