SELECT project_id, session_id, agent_id, version, name, logs
FROM agents FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
ORDER BY version, agent_id
SETTINGS max_threads = 1
