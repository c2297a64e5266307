SELECT
        step, model AS name, session_id, calls AS llms, prompts + completions AS tokens, costs AS cost,
        unpriced AS unpriced_llms, estimated AS estimated_llms
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
    ARRAY JOIN
        by_model.model AS model, by_model.llms AS calls, by_model.prompt_tokens AS prompts,
        by_model.completion_tokens AS completions, by_model.cost AS costs, by_model.unpriced_llms AS unpriced,
        by_model.estimated_llms AS estimated
