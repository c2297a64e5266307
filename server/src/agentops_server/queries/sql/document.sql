-- An event as the JSON that an export has of it: the names and their order are those of http/views.py. The engine
-- writes it, for it has the payloads as text that is JSON already. Names of objects have no blanks in them. The comment
-- in capitals is replaced, see windows.py.
WITH
    toUUID('00000000-0000-0000-0000-000000000000') AS none,
    value -> if(value = none, 'null', concat('"', toString(value), '"')) AS the_id,
    value -> if(empty(value), 'null', toJSONString(toString(value))) AS the_text,
    value -> if(empty(value), 'null', value) AS the_json,
    value -> ifNull(toString(value), 'null') AS the_number,
    value -> ifNull(concat('"', toString(value), '"'), 'null') AS the_money,
    -- Six digits, or nine where the time is finer than a microsecond.
    ns -> substring(toString(fromUnixTimestamp64Nano(ns, 'UTC')), 1, if(ns % 1000 = 0, 26, 29)) AS the_digits,
    ns -> concat('"', replaceOne(the_digits(ns), ' ', 'T'), '+00:00"') AS the_time,
    concat(
        ',"thread_id":', the_text(thread_id), ',"prompt":', the_json(prompt), ',"completion":', the_json(completion),
        ',"model":', the_text(model), ',"prompt_tokens":', the_number(input_tokens),
        ',"completion_tokens":', the_number(output_tokens), ',"cost":', the_money(events.cost),
        ',"computed_cost":', the_money(events.computed_cost), ',"reported_cost":', the_money(events.reported_cost),
        ',"price_version":', the_text(price_version), ',"provider":', the_text(provider),
        ',"usage":', toJSONString(usage), ',"usage_basis":', the_text(usage_basis),
        ',"usage_estimated":', if(usage_estimated, 'true', 'false'), ',"finish_reasons":', the_text(finish_reason),
        ',"time_to_first_chunk":', if(first_token_ns = 0, 'null', toString(first_token_ns / 1e9)),
        ',"model_params":', the_json(model_params), ',"tool_definitions":', the_json(tools), ',"promptarmor_flag":null'
    ) AS of_an_llm,
    concat(
        ',"timestamp":', the_time(init_ns), ',"trigger_event_id":', the_id(trigger_event_id),
        ',"trigger_event_type":', the_text(trigger_event_type), ',"error_type":', the_text(error_type),
        ',"code":', the_text(error_code), ',"details":', the_json(details), ',"logs":', the_json(logs)
    ) AS of_an_error,
    concat(
        ',"action_type":', the_text(action_type), ',"logs":', the_json(logs), ',"screenshot":', the_text(screenshot)
    ) AS of_an_action
SELECT
    ['action', 'llm', 'tool', 'error'][/*PLACE*/] AS list_name,
    arrayStringConcat(objects, ' ') AS objects_text,
    concat(
        '{"id":"', toString(event_id), '","session_id":"', toString(session_id), '","agent_id":', the_id(agent_id),
        ',"kind":', toJSONString(toString(kind)), ',"event_type":', toJSONString(toString(event_type)),
        ',"name":', toJSONString(name), ',"init_timestamp":', the_time(init_ns),
        ',"end_timestamp":', if(end_ns = 0, 'null', the_time(end_ns)),
        ',"parent_id":', the_id(parent_id), ',"participant_id":', the_id(participant_id),
        ',"sequence":', toString(sequence), ',"params":', the_json(params), ',"returns":', the_json(returns),
        ',"attributes":', toJSONString(attributes),
        multiIf(
            kind = 'llm', of_an_llm, kind = 'tool', concat(',"logs":', the_json(logs)), kind = 'error', of_an_error,
            of_an_action
        ),
        '}'
    ) AS json
