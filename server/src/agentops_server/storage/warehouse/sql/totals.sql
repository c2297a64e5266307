-- What the events of some sessions add up to, in cells: one for each combination of what sums are wanted by.
-- FINAL leaves one row per event id, whatever was delivered twice or corrected. Durations keep three significant digits.
-- What can be derived from a cell is left to cells.py: the engine needs longer to understand a query than to look
-- through the events of a session. The comments in capitals are replaced, see totals.py.
-- Session ids are random to the primary key, so that each lies somewhere within every part of the table; the index of
-- sessions tells which parts have it. It may: rows of one id agree in the session, so no version of one is left out by
-- it, and the engine need not look for them ("exact mode") in what the index excluded. PREWHERE leaves out the rows of
-- other sessions before rows of one id are put together, of which a granule has up to eight thousand; for the same
-- reason it may.
WITH intDiv(greatest(end_ns - init_ns, 0), 1000000) AS ms,
    toUInt64(exp10(greatest(0, floor(log10(greatest(ms, 1))) - 2))) AS digit
SELECT
    session_id,
    participant_id,
    kind,
    intDiv(init_ns, 86400000000000) AS day,
    model,
    agent_id,
    if(kind = 'tool', name, '') AS tool,
    error_type,
    count() AS events,
    sum(input_tokens) AS input_sum,
    sum(output_tokens) AS output_sum,
    sum(usage['cache_read']) AS cache_read_tokens,
    toString(sum(cost)) AS known_cost,
    count(cost) AS priced,
    count(input_tokens + output_tokens) AS counted,
    sum(usage_estimated) AS estimates,
    sumMapIf(map(toUInt32(least(ms - ms % digit, 4000000000)), toUInt64(1)), kind = 'llm' AND end_ns > 0) AS durations,
    max(greatest(init_ns, end_ns)) AS last_ns,
    max(sequence) AS recorded,
    uniqExactIf(sequence, sequence > 0) AS received/*IDS*/
FROM events FINAL
PREWHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
GROUP BY session_id, participant_id, kind, day, model, agent_id, tool, error_type
SETTINGS use_skip_indexes_if_final_exact_mode = 0, max_threads = /*THREADS*/
