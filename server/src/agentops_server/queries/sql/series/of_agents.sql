SELECT
        step, agent AS name, session_id, calls AS llms, counts AS tokens, costs AS cost, unpriced AS unpriced_llms,
        estimated AS estimated_llms
    FROM
    (
    /*SESSIONS*/
    ) AS chosen
    INNER JOIN
    (
        SELECT session_id, by_agent
        FROM session_totals FINAL
        WHERE project_id = {project:UUID}
    ) AS totals USING (session_id)
    ARRAY JOIN
        by_agent.agent AS agent, by_agent.llms AS calls, by_agent.tokens AS counts, by_agent.cost AS costs,
        by_agent.unpriced_llms AS unpriced, by_agent.estimated_llms AS estimated
