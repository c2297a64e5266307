-- The event of a span: the first half of its id is the span's. Only ids are read to find it.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events
WHERE project_id = {project_id:UUID} AND substring(UUIDToNum(event_id), 1, 8) = unhex({span_id:String})
ORDER BY version DESC
LIMIT 1
