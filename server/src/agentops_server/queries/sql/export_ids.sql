SELECT session_id
    FROM sessions FINAL
    WHERE /*CHOSEN*/
