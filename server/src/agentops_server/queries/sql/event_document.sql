/*WHAT*/
FROM
(
    -- The row that stands, as in event.sql.
    SELECT *
    FROM events
    WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND event_id = {event_id:UUID}
    ORDER BY version DESC
    LIMIT 1
) AS events
