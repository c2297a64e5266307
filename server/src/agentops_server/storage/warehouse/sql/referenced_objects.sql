-- Which of some objects any row of a project refers to.
SELECT DISTINCT name
FROM
(
    SELECT arrayJoin(objects) AS name
    FROM events
    WHERE project_id = {project_id:UUID} AND hasAny(objects, {names:Array(String)})
    UNION ALL
    SELECT extract(video, '/objects/([0-9a-f]{64}\\.[a-z0-9]+)$') AS name
    FROM sessions
    WHERE project_id = {project_id:UUID} AND video != ''
)
WHERE has({names:Array(String)}, name)
