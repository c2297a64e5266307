-- Sessions whose row may miss an event, or the name of an agent: one was received at or after what it was made of. Parts
-- of the table of events know the earliest and latest receipt that they hold, so that only recent ones are read.
-- In the order of the events' key, so that sessions that are summed up together lie together.
SELECT project_id, session_id
FROM
(
    SELECT project_id, session_id, max(received_ns) AS received_ns
    FROM
    (
        SELECT project_id, session_id, received_ns
        FROM events
        WHERE received_ns >= {since_ns:Int64}
        UNION ALL
        SELECT project_id, session_id, toInt64(version) AS received_ns
        FROM agents
        WHERE version >= {since_ns:Int64}
    )
    GROUP BY project_id, session_id
) AS received
LEFT JOIN
(
    SELECT project_id, session_id, as_of_ns
    FROM session_totals FINAL
) AS kept USING (project_id, session_id)
WHERE received.received_ns >= kept.as_of_ns
ORDER BY project_id, session_id
