-- A page of a session's events in time order, without their payloads.
SELECT
    event_id, kind, event_type, name, init_ns, end_ns, agent_id, parent_id, participant_id, sequence, model,
    input_tokens, output_tokens, toString(events.cost) AS cost, error_type, substringUTF8(
        if(startsWith(events.details, '"'), JSONExtractString(events.details), events.details), 1, 300
    ) AS details,
    trigger_event_id
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
    AND (init_ns, sequence, toString(event_id)) > ({after_ns:Int64}, {after_sequence:UInt64}, {after_id:String})
ORDER BY init_ns, sequence, toString(event_id)
LIMIT {limit:UInt32}
