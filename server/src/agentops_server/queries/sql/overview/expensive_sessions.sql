-- The sessions that cost most.
SELECT
    session_id, display_name AS name, init_ns, toString(totals.cost) AS cost, totals.unpriced_llms AS unpriced_llms,
    totals.estimated_llms AS estimated_llms
FROM
(
    SELECT session_id, display_name, init_ns
    FROM sessions FINAL
    WHERE project_id = {project:UUID} AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64}
) AS of_span
INNER JOIN
(
    SELECT session_id, cost, unpriced_llms, estimated_llms
    FROM session_totals FINAL
    WHERE project_id = {project:UUID} AND cost > 0
) AS totals USING (session_id)
ORDER BY totals.cost DESC, session_id
LIMIT {limit:UInt32}
