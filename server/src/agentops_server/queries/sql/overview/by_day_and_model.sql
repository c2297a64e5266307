-- LLM calls by day and model. The lists are named one by one, because the durations, which are not, are most of them.
SELECT
    day, model, sum(calls) AS llms, sum(prompts) AS prompt_tokens, sum(completions) AS completion_tokens,
    sum(cached) AS cache_read_tokens, toString(sum(costs)) AS cost, sum(unpriced) AS unpriced_llms,
    sum(estimated) AS estimated_llms
FROM session_totals FINAL
ARRAY JOIN
    by_model.day AS day, by_model.model AS model, by_model.llms AS calls, by_model.prompt_tokens AS prompts,
    by_model.completion_tokens AS completions, by_model.cache_read_tokens AS cached, by_model.cost AS costs,
    by_model.unpriced_llms AS unpriced, by_model.estimated_llms AS estimated
WHERE project_id = {project:UUID} AND session_id IN
(
    /*SESSIONS*/
)
GROUP BY day, model
ORDER BY day, sum(costs) DESC, model
