-- Sessions by the day of their start, and how they ended.
SELECT day, sumMap(map(state, sessions)) AS states
FROM
(
    SELECT
        toInt32(intDiv(init_ns, 86400000000000)) AS day, if(end_ns = 0, 'Running', toString(end_state)) AS state,
        count() AS sessions
    FROM sessions FINAL
    WHERE project_id = {project:UUID} AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64}
    GROUP BY day, state
)
GROUP BY day
ORDER BY day
