-- A session's events of one export list in time order, whole. What does not fit into memory is sorted on disk.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
    AND if(kind IN ('llm', 'tool', 'error'), kind, 'action') = {list:String}
ORDER BY init_ns, sequence, toString(event_id)
SETTINGS
    max_threads = 1,
    max_block_size = 50,
    max_bytes_before_external_sort = 100000000,
    max_bytes_ratio_before_external_sort = 0,
    min_external_sort_block_bytes = 0
