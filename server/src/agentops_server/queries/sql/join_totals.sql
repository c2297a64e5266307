LEFT JOIN
(
    SELECT session_id, /*COLUMNS*/
    FROM session_totals FINAL
    WHERE project_id = {project_id:UUID}
) AS totals USING (session_id)
