-- Events by agent.
SELECT
    part.agent AS agent, count() AS sessions, sum(part.events) AS events, sum(part.llms) AS llms, sum(part.errors) AS errors,
    sum(part.tokens) AS tokens, toString(sum(part.cost)) AS cost, sum(part.unpriced_llms) AS unpriced_llms,
    sum(part.estimated_llms) AS estimated_llms
FROM session_totals FINAL
ARRAY JOIN by_agent AS part
WHERE project_id = {project:UUID} AND session_id IN
(
    /*SESSIONS*/
)
GROUP BY agent
ORDER BY sum(part.cost) DESC, events DESC, agent
LIMIT {limit:UInt32}
