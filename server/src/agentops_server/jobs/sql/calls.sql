-- Some calls whole.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    AND event_id IN ({event_ids:Array(UUID)})
SETTINGS max_block_size = 100
