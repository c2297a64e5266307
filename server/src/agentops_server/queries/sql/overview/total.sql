-- The sums over all sessions of the span, those without events too.
SELECT
    count() AS sessions, sum(events) AS events, sum(llms) AS llms, sum(tools) AS tools, sum(actions) AS actions,
    sum(errors) AS errors, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
    sum(cache_read_tokens) AS cache_read_tokens, toString(sum(totals.cost)) AS cost, sum(unpriced_llms) AS unpriced_llms,
    sum(uncounted_llms) AS uncounted_llms, sum(estimated_llms) AS estimated_llms
FROM
(
    /*SESSIONS*/
) AS of_span
LEFT JOIN
(
    SELECT
        session_id, events, llms, tools, actions, errors, prompt_tokens, completion_tokens, cache_read_tokens, cost,
        unpriced_llms, uncounted_llms, estimated_llms
    FROM session_totals FINAL
    WHERE project_id = {project:UUID}
) AS totals USING (session_id)
