SELECT step, tag AS name, session_id, llms, prompt_tokens + completion_tokens AS tokens, cost, unpriced_llms, estimated_llms
    FROM
    (
    /*SESSIONS*/
    ) AS chosen
    INNER JOIN
    (
        SELECT session_id, llms, prompt_tokens, completion_tokens, cost, unpriced_llms, estimated_llms
        FROM session_totals FINAL
        WHERE project_id = {project:UUID}
    ) AS totals USING (session_id)
    ARRAY JOIN tags AS tag
