-- Which of some sessions a project has anything of.
SELECT DISTINCT session_id
FROM
(
    SELECT session_id FROM sessions
    WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    UNION ALL
    SELECT session_id FROM events
    WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    UNION ALL
    SELECT session_id FROM agents
    WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
)
