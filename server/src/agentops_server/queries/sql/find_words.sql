-- Rows of events that have all the words, the latest first, without FINAL: see sessions_with_words.sql. The comments in
-- capitals are replaced, see search.py.
SELECT session_id, event_id, version, kind, init_ns
FROM events
WHERE project_id = {project:UUID} AND /*SESSION*/ /*WORDS*/ /*AFTER*/
ORDER BY init_ns DESC/*ORDER*/
LIMIT {limit:UInt32}
