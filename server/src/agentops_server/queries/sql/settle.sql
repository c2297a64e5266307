-- Nothing; but whoever asks waits until what was received of the session is in the warehouse.
SELECT {project_id:UUID} AS project_id, {session_id:UUID} AS session_id
