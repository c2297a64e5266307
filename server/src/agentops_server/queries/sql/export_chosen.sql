project_id = {project_id:UUID}
    AND init_ns >= {since_ns:Int64}
    AND init_ns < {until_ns:Int64}
    AND (init_ns, toString(session_id)) > ({after_ns:Int64}, {after_id:String})
    AND (init_ns, toString(session_id)) <= ({upto_ns:Int64}, {upto_id:String})
    AND (empty({chosen:Array(UUID)}) OR has({chosen:Array(UUID)}, session_id))
