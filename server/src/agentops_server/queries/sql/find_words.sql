-- Rows of events of a stretch of time that have all the words, the latest first, without FINAL: see
-- sessions_with_words.sql. The comments in capitals are replaced, see search.py.
SELECT session_id, event_id, version, kind, init_ns
FROM events
WHERE project_id = {project:UUID} AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64} AND /*SESSION*/ /*WORDS*/
    AND (init_ns, event_id) < ({after_ns:Int64}, {after_id:UUID})
ORDER BY init_ns DESC, event_id DESC
LIMIT {limit:UInt32}
