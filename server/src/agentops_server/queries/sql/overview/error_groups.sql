-- Errors by type.
SELECT
    part.error_type AS error_type, sum(part.errors) AS errors, uniqExact(session_id) AS sessions,
    max(part.last_ns) AS last_ns, argMax(session_id, (part.last_ns, session_id)) AS last_session_id
FROM session_totals FINAL
ARRAY JOIN by_error AS part
WHERE project_id = {project:UUID} AND session_id IN
(
    /*SESSIONS*/
)
GROUP BY error_type
ORDER BY errors DESC, error_type
LIMIT {limit:UInt32}
