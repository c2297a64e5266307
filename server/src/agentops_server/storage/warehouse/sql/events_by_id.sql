-- Some events of a session, whole.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND event_id IN ({event_ids:Array(UUID)})
