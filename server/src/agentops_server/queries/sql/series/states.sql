-- How the sessions of each step ended.
SELECT step, sumMap(map(state, sessions)) AS states
FROM
(
    SELECT step, state, count() AS sessions
    FROM
    (
    /*SESSIONS*/
    )
    GROUP BY step, state
)
GROUP BY step
ORDER BY step
