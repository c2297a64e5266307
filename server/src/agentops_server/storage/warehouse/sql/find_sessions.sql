SELECT *
FROM sessions FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
SETTINGS max_threads = 1
