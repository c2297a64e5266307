-- A page of a project's sessions, newest start first. An empty parameter does not filter. Participants, with their host
-- environments, stay behind.
SELECT
    project_id, session_id, version, received_ns, init_ns, end_ns, end_state, end_state_reason, end_implicit,
    display_name AS name, display_name, video, tags,
    '' AS participants
FROM sessions FINAL
WHERE project_id = {project_id:UUID}
    AND hasAll(tags, {tags:Array(String)})
    AND ({end_state:String} = '' OR {end_state:String} = if(end_ns = 0, 'Running', end_state))
    AND init_ns >= {since_ns:Int64}
    AND init_ns < {until_ns:Int64}
    AND (init_ns, toString(session_id)) < ({before_ns:Int64}, {before_id:String})
ORDER BY init_ns DESC, toString(session_id) DESC
LIMIT {limit:UInt32}
