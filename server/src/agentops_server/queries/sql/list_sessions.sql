-- A page of a project's sessions in the order that is asked for. An empty parameter does not filter. Participants, with
-- their host environments, stay behind. The comments in capitals are replaced from a fixed table, see sessions.py.
SELECT
    project_id, session_id, version, received_ns, init_ns, end_ns, end_state, end_state_reason, end_implicit,
    display_name AS name, display_name, external_id, video, tags, '' AS participants,
    toString(toDecimal128(/*SORT*/, 18)) AS place
FROM sessions FINAL
/*JOIN*/
WHERE project_id = {project_id:UUID}
    AND hasAll(tags, {tags:Array(String)})
    AND ({end_state:String} = '' OR {end_state:String} = if(end_ns = 0, 'Running', end_state))
    AND init_ns >= {since_ns:Int64}
    AND init_ns < {until_ns:Int64}
    AND ({after_id:String} = ''
        OR (toDecimal128(/*SORT*/, 18), toString(session_id)) /*BEYOND*/ ({after:Decimal(38, 18)}, {after_id:String}))
ORDER BY toDecimal128(/*SORT*/, 18) /*ORDER*/, toString(session_id) /*ORDER*/
LIMIT {limit:UInt32}
