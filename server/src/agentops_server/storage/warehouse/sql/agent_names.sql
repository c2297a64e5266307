-- The names of the agents of some sessions.
SELECT session_id, agent_id, name
FROM agents FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)}) AND name != ''
SETTINGS max_threads = 1
