-- Sessions whose sums may miss an event: one was received after what they were made of.
SELECT project_id, session_id
FROM
(
    SELECT project_id, session_id, max(received_ns) AS received_ns
    FROM events
    GROUP BY project_id, session_id
) AS received
LEFT JOIN session_totals FINAL USING (project_id, session_id)
WHERE received.received_ns >= session_totals.as_of_ns
