-- The events of some sessions in one window of an export's order. The order is that of places, then of time; the
-- comments in capitals are replaced, see windows.py. What does not fit into little memory is sorted on disk.
/*WHAT*/
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    /*WINDOW*/
ORDER BY /*PLACE*/, init_ns, sequence, toString(event_id)
SETTINGS
    max_threads = 1,
    max_block_size = /*ROWS*/,
    max_bytes_before_external_sort = /*RUN*/,
    max_bytes_ratio_before_external_sort = 0,
    min_external_sort_block_bytes = 0
