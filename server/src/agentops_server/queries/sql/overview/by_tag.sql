-- Sessions by tag, of which a session may have several.
SELECT
    tag, count() AS sessions, countIf(end_ns != 0 AND end_state = 'Failure') AS failures, sum(totals.llms) AS llms,
    sum(totals.errors) AS errors, toString(sum(totals.cost)) AS cost, sum(totals.unpriced_llms) AS unpriced_llms,
    sum(totals.estimated_llms) AS estimated_llms
FROM
(
    SELECT session_id, tags, end_ns, end_state
    FROM sessions FINAL
    WHERE project_id = {project:UUID} AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64}
) AS of_span
LEFT JOIN
(
    SELECT session_id, llms, errors, cost, unpriced_llms, estimated_llms
    FROM session_totals FINAL
    WHERE project_id = {project:UUID}
) AS totals USING (session_id)
ARRAY JOIN tags AS tag
GROUP BY tag
ORDER BY sum(totals.cost) DESC, sessions DESC, tag
LIMIT {limit:UInt32}
