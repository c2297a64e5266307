-- What the events of some sessions add up to, in cells: one for each combination of what sums are wanted by.
-- FINAL leaves one row per event id, whatever was delivered twice or corrected. Durations keep three significant digits.
-- Session ids are random to the primary key, so that each lies somewhere within every part of the table; the index of
-- sessions tells which parts have it. It may: rows of one id agree in the session, so no version of one is left out by
-- it, and the engine need not look for them ("exact mode") in what the index excluded.
WITH intDiv(greatest(end_ns - init_ns, 0), 1000000) AS ms,
    toUInt64(exp10(greatest(0, floor(log10(greatest(ms, 1))) - 2))) AS digit
SELECT
    session_id,
    participant_id,
    if(kind IN ('llm', 'tool', 'error'), toString(kind), 'action') AS list,
    toInt32(intDiv(init_ns, 86400000000000)) AS day,
    if(list = 'llm', toString(events.model), '') AS model,
    agent_id,
    if(list = 'tool', events.name, '') AS tool,
    if(list = 'error', toString(events.error_type), '') AS error_type,
    count() AS events,
    ifNull(sum(input_tokens), 0) AS prompt_tokens,
    ifNull(sum(output_tokens), 0) AS completion_tokens,
    sum(usage['cache_read']) AS cache_read_tokens,
    toString(ifNull(sum(events.cost), 0)) AS cost,
    countIf(list = 'llm' AND events.cost IS NULL) AS unpriced,
    countIf(list = 'llm' AND (input_tokens IS NULL OR output_tokens IS NULL)) AS uncounted,
    countIf(list = 'llm' AND usage_estimated) AS estimated,
    sumMapIf(map(toUInt32(least(intDiv(ms, digit) * digit, 4000000000)), toUInt64(1)), list = 'llm' AND end_ns > 0) AS durations,
    max(greatest(init_ns, end_ns)) AS last_ns,
    max(sequence) AS recorded,
    uniqExactIf(sequence, sequence > 0) AS received
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
GROUP BY session_id, participant_id, list, day, model, agent_id, tool, error_type
SETTINGS use_skip_indexes_if_final_exact_mode = 0
