SELECT session_id
        FROM sessions FINAL
        WHERE project_id = {project:UUID} AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64}
