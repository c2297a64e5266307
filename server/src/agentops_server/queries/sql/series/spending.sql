-- What the sessions of each step cost, by a name. The names that cost most in all keep theirs, the others are one.
SELECT
    step, if(place > {most:UInt32}, '', name) AS shown, toBool(place > {most:UInt32}) AS is_rest, sum(sessions) AS sessions,
    sum(llms) AS llms, sum(tokens) AS tokens, toString(sum(of_name.cost)) AS cost, sum(unpriced_llms) AS unpriced_llms,
    sum(estimated_llms) AS estimated_llms
FROM
(
    SELECT *, dense_rank() OVER (ORDER BY in_all DESC, name) AS place
    FROM
    (
        SELECT *, (sum(cost) OVER (PARTITION BY name), sum(tokens) OVER (PARTITION BY name)) AS in_all
        FROM
        (
            SELECT
                step, name, uniqExact(session_id) AS sessions, sum(part.llms) AS llms, sum(part.tokens) AS tokens,
                sum(part.cost) AS cost, sum(part.unpriced_llms) AS unpriced_llms,
                sum(part.estimated_llms) AS estimated_llms
            FROM
            (
    /*PARTS*/
            ) AS part
            GROUP BY step, name
        )
    )
) AS of_name
GROUP BY step, shown, is_rest
ORDER BY step, is_rest, sum(of_name.cost) DESC, shown
