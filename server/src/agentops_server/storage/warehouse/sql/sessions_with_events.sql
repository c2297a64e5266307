-- Which of some sessions have events: only the key is read.
SELECT DISTINCT session_id
FROM events
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
