-- The objects that some sessions refer to, in any version of their rows: payloads, and an uploaded video.
SELECT DISTINCT name
FROM
(
    SELECT arrayJoin(objects) AS name
    FROM events
    WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    UNION ALL
    SELECT extract(video, '/objects/([0-9a-f]{64}\\.[a-z0-9]+)$') AS name
    FROM sessions
    WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
)
WHERE name != ''
