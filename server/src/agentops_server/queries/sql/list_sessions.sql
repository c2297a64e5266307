-- A page of a project's sessions in the order that is asked for: their ids, and the values that they are sorted by. The
-- comments in capitals are replaced from fixed tables, see sessions.py, filters.py and sorts.py.
SELECT session_id, toString(/*SORT*/) AS place
FROM sessions FINAL
/*JOIN*/
WHERE project_id = {project_id:UUID}/*FILTER*/
    AND ({after_id:String} = ''
        OR (/*SORT*/, UUIDToNum(session_id)) /*BEYOND*/ ({after:/*TYPE*/}, UUIDToNum(toUUIDOrZero({after_id:String}))))
ORDER BY /*SORT*/ /*ORDER*/, UUIDToNum(session_id) /*ORDER*/
LIMIT {limit:UInt32}
