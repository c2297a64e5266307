-- Rows of events that have all the words, the latest first, without FINAL: see sessions_with_words.sql.
SELECT session_id, event_id, version, kind, init_ns
FROM events
WHERE project_id = {project:UUID} AND /*SESSION*/ /*WORDS*/
    AND (init_ns, event_id) < ({after_ns:Int64}, {after_id:UUID})
ORDER BY init_ns DESC, event_id DESC
LIMIT {limit:UInt32}
