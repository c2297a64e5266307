-- How many rows of a project's events that were received before a time still have a payload. The comment in capitals is
-- replaced by the list of payloads, see payloads.py.
SELECT count() AS events
FROM events
WHERE project_id = {project_id:UUID} AND received_ns < {before_ns:Int64} AND (/*SOME*/)
