-- The sessions that the events are of: one per session id, all of them ended, with three tags each.
INSERT INTO sessions
(
    project_id, session_id, version, received_ns, init_ns, end_ns, end_state, end_state_reason, end_implicit, name, display_name,
    tags, participants
)
WITH cityHash64(session_id) AS random
SELECT
    project_id, session_id, 1, min(events.received_ns), min(events.init_ns), max(events.end_ns),
    multiIf(random % 10 < 7, 'Success', random % 10 < 9, 'Failure', 'Indeterminate'),
    if(random % 10 IN (7, 8), 'it did not work', ''), 0, 'triage', 'triage',
    [['production', 'staging'][1 + random % 2], concat('team-', toString(random % 20)), concat('release-', toString(random % 300))],
    '[]'
FROM events
GROUP BY project_id, session_id
