SELECT *
FROM sessions FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
SETTINGS max_threads = 1
