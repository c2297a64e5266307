-- The time of the last event that each participant of a session recorded.
SELECT participant_id, max(greatest(init_ns, end_ns)) AS last_ns
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
GROUP BY participant_id
