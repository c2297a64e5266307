-- Quantiles of how long LLM calls took, by model and over all. The rows hold how many calls took how many milliseconds.
SELECT if(grouping(model) = 1, NULL, model) AS of_model, sum(calls) AS llms, quantilesExactWeighted(0.5, 0.95, 0.99)(ms, calls) AS quantiles
FROM
(
    SELECT models.model AS model, took.ms AS ms, sum(took.calls) AS calls
    FROM
    (
        SELECT by_model.model AS names, by_model.durations AS durations
        FROM session_totals FINAL
        WHERE project_id = {project:UUID} AND session_id IN
        (
            /*SESSIONS*/
        )
    )
    ARRAY JOIN names AS `models.model`, durations AS `models.durations`
    ARRAY JOIN mapKeys(`models.durations`) AS `took.ms`, mapValues(`models.durations`) AS `took.calls`
    GROUP BY model, ms
)
GROUP BY GROUPING SETS ((model), ())
HAVING llms > 0
ORDER BY grouping(model) DESC, llms DESC, model
