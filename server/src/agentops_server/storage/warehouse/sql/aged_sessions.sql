-- Sessions of a project whose last activity is before a time, those of the longest silence first. What a client's clock
-- puts into the future counts as of its receipt; of a session that was heard of since `heard_ns` nothing is said.
SELECT session_id
FROM
(
    SELECT session_id, greatest(init_ns, end_ns) AS last_ns, received_ns AS heard_ns
    FROM sessions FINAL
    WHERE project_id = {project_id:UUID}
    UNION ALL
    SELECT session_id, max(least(greatest(init_ns, end_ns), received_ns)) AS last_ns, max(received_ns) AS heard_ns
    FROM events
    WHERE project_id = {project_id:UUID}
    GROUP BY session_id
)
GROUP BY session_id
HAVING max(last_ns) < {before_ns:Int64} AND max(heard_ns) < {heard_ns:Int64}
ORDER BY max(last_ns), session_id
LIMIT {limit:UInt32}
