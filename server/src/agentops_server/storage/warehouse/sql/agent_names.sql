-- The names of the agents of some sessions.
SELECT session_id, agent_id, name
FROM agents FINAL
WHERE project_id = {project:UUID} AND session_id IN ({sessions:Array(UUID)}) AND name != ''
