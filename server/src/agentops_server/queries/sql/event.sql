-- One event whole: the row that stands is the one of the highest version, found without FINAL, which reads every column
-- of the rows around it too.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND event_id = {event_id:UUID}
ORDER BY version DESC
LIMIT 1
