-- Events of many sessions, made by the engine itself. Text is words of a vocabulary of 20,000, few of them frequent and
-- many rare as in any language; one event in a thousand has the word "needle". Of the words of an LLM call a quarter are
-- the instructions that all calls of an agent share, and a third is the completion. Ids are those of our SDK, which begin
-- with the time.
INSERT INTO events
(
    project_id, session_id, event_id, version, received_ns, kind, event_type, init_ns, end_ns, name, agent_id, participant_id,
    sequence, params, returns, model, prompt, completion, input_tokens, output_tokens, usage, cost, error_type, details
)
WITH
    number AS row,
    intDiv(row, {per_session:UInt64}) AS session,
    row % {per_session:UInt64} AS place,
    {first_ns:Int64} + toInt64(session * {session_gap_ns:UInt64} + place * 1000000000) AS began_ns,
    multiIf(place % 50 = 49, 'error', place % 10 < 6, 'llm', place % 10 < 9, 'tool', 'action') AS the_kind,
    ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-pro'][1 + cityHash64(session, place % 3) % 4] AS the_model,
    {words:UInt64} AS words,
    (seed, i) -> translate(
        lower(hex(toUInt32(20000 * pow(bitAnd(cityHash64(seed, i), 16777215) / 16777216, 3)) * 2654435761 % 16777213)),
        '0123456789abcdef', 'etaoinshrdlcumwf'
    ) AS word,
    leftPad(lower(hex(intDiv(began_ns, 1000000))), 12, '0') AS began_ms,
    lower(hex(sipHash128(row))) AS random,
    arrayStringConcat(arrayMap(i -> word(session % 5, i), range(intDiv(words * 4, 15))), ' ') AS instructed,
    concat(
        arrayStringConcat(arrayMap(i -> word(row, i), range(intDiv(words * 6, 15))), ' '), if(row % 1000 = 7, ' needle', '')
    ) AS asked,
    arrayStringConcat(arrayMap(i -> word(row, i), range(intDiv(words * 6, 15), intDiv(words * 11, 15))), ' ') AS answered
SELECT
    {project_id:UUID},
    toUUID(concat(
        substring(leftPad(lower(hex(intDiv({first_ns:Int64} + session * {session_gap_ns:UInt64}, 1000000))), 12, '0'), 1, 8), '-',
        substring(leftPad(lower(hex(intDiv({first_ns:Int64} + session * {session_gap_ns:UInt64}, 1000000))), 12, '0'), 9, 4),
        '-7', substring(lower(hex(cityHash64(session, {per_session:UInt64}))), 1, 3), '-8', substring(lower(hex(cityHash64(session, 1))), 1, 3), '-',
        leftPad(lower(hex(session)), 12, '0')
    )) AS the_session,
    toUUID(concat(began_ms, '7', substring(random, 1, 3), 'a', substring(random, 4, 15))),
    4611686018427387904 - began_ns,
    began_ns,
    the_kind,
    concat(the_kind, 's'),
    began_ns,
    began_ns + 100000000 + toInt64(cityHash64(row) % 4000000000),
    multiIf(the_kind = 'llm', the_model, the_kind = 'tool', concat('tool_', toString(place % 7)), the_kind),
    toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(session % 5), 12, '0'))),
    toUUID(concat('00000000-0000-4000-9000-', leftPad(lower(hex(session)), 12, '0'))),
    place + 1,
    if(the_kind = 'llm', '', concat('{"query":"', asked, '"}')),
    if(the_kind = 'llm', '', concat('{"text":"', answered, '"}')),
    if(the_kind = 'llm', the_model, ''),
    if(the_kind = 'llm', concat('[{"role":"system","content":"', instructed, '"},{"role":"user","content":"', asked, '"}]'), ''),
    if(the_kind = 'llm', concat('{"role":"assistant","content":"', answered, '"}'), ''),
    if(the_kind = 'llm', toUInt64(500 + row % 1000), NULL),
    if(the_kind = 'llm', toUInt64(50 + row % 300), NULL),
    if(the_kind = 'llm', map('cache_read', toUInt64(row % 200)), map()),
    if(the_kind = 'llm', toDecimal128((500 + row % 1000) * 0.0000025, 18), NULL),
    if(the_kind = 'error', ['TimeoutError', 'ValueError', 'RateLimitError'][1 + session % 3], ''),
    if(the_kind = 'error', '"it failed"', '')
FROM numbers({start:UInt64}, {rows:UInt64})
SETTINGS max_threads = 2, max_insert_block_size = 50000, max_block_size = 8192
