-- Errors of the sessions of each step, by type. The most frequent types in all keep their names, the others are one.
SELECT step, if(place > {most:UInt32}, '', name) AS shown, toBool(place > {most:UInt32}) AS is_rest, sum(errors) AS errors
FROM
(
    SELECT *, dense_rank() OVER (ORDER BY in_all DESC, name) AS place
    FROM
    (
        SELECT *, sum(errors) OVER (PARTITION BY name) AS in_all
        FROM
        (
            SELECT step, error_type AS name, sum(counts) AS errors
            FROM
            (
    /*SESSIONS*/
            ) AS chosen
            INNER JOIN
            (
                SELECT session_id, by_error
                FROM session_totals FINAL
                WHERE project_id = {project:UUID}
            ) AS totals USING (session_id)
            ARRAY JOIN by_error.error_type AS error_type, by_error.errors AS counts
            GROUP BY step, name
        )
    )
)
GROUP BY step, shown, is_rest
ORDER BY step, is_rest, errors DESC, shown
