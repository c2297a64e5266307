-- The sessions of an export as a flat table, with the sums of their events as they are now.
SELECT
    sessions.session_id AS id,
    display_name AS name,
    external_id,
    fromUnixTimestamp64Nano(init_ns, 'UTC') AS init_timestamp,
    if(end_ns = 0, NULL, fromUnixTimestamp64Nano(end_ns, 'UTC')) AS end_timestamp,
    toString(if(end_ns = 0, 'Indeterminate', end_state)) AS end_state,
    end_ns = 0 AS is_running,
    end_state_reason,
    toJSONString(tags) AS tags,
    video,
    sums.events AS events,
    sums.llms AS llms,
    sums.tools AS tools,
    sums.events - sums.llms - sums.tools - sums.errors AS actions,
    sums.errors AS errors,
    sums.prompt_tokens AS prompt_tokens,
    sums.completion_tokens AS completion_tokens,
    sums.cost AS cost,
    sums.unknown > 0 OR sums.missing > 0 OR refused_events > 0 AS cost_is_lower_bound
FROM (SELECT * FROM sessions FINAL WHERE /*CHOSEN*/) AS sessions
LEFT JOIN
(
    SELECT
        session_id,
        count() AS events,
        countIf(kind = 'llm') AS llms,
        countIf(kind = 'tool') AS tools,
        countIf(kind = 'error') AS errors,
        ifNull(sum(input_tokens), 0) AS prompt_tokens,
        ifNull(sum(output_tokens), 0) AS completion_tokens,
        ifNull(sum(events.cost), 0) AS cost,
        countIf(kind = 'llm' AND (events.cost IS NULL OR usage_estimated)) AS unknown,
        -- The highest number of each participant, less how many came.
        arraySum(mapValues(maxMap(map(participant_id, sequence)))) - toInt64(countIf(sequence > 0)) AS missing
    FROM events FINAL
    WHERE project_id = {project_id:UUID} AND session_id IN (SELECT session_id FROM sessions FINAL WHERE /*CHOSEN*/)
    GROUP BY session_id
) AS sums ON sums.session_id = sessions.session_id
ORDER BY sessions.init_ns, toString(sessions.session_id)
