-- Some sessions, without their participants, who hold the host environments.
SELECT
    project_id, session_id, version, received_ns, init_ns, end_ns, end_state, end_state_reason, end_implicit,
    display_name AS name, display_name, external_id, video, tags, refused_events, '' AS participants,
    hosts
FROM sessions FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
SETTINGS max_threads = 1
