-- Quantiles of how long the LLM calls of each step's sessions took. The rows hold how many calls took how many milliseconds.
SELECT step, sum(calls) AS llms, quantilesExactWeighted(0.5, 0.95, 0.99)(ms, calls) AS quantiles
FROM
(
    SELECT step, lasted.ms AS ms, sum(lasted.calls) AS calls
    FROM
    (
        SELECT step, by_model.durations AS durations
        FROM
        (
    /*SESSIONS*/
        ) AS chosen
        INNER JOIN
        (
            SELECT session_id, by_model
            FROM session_totals FINAL
            WHERE project_id = {project:UUID}
        ) AS totals USING (session_id)
    )
    ARRAY JOIN durations AS of_model
    ARRAY JOIN mapKeys(of_model) AS `lasted.ms`, mapValues(of_model) AS `lasted.calls`
    GROUP BY step, ms
)
GROUP BY step
HAVING llms > 0
ORDER BY step
