-- The sessions that a series is about, each in the step of time that it started in.
SELECT
        session_id, toUInt32(intDiv(init_ns - {from_ns:Int64}, {step_ns:Int64})) AS step, tags,
        if(end_ns = 0, 'Running', toString(end_state)) AS state
    FROM sessions FINAL
    /*JOIN*/
    WHERE project_id = {project:UUID}/*FILTER*/
