AND (/*PLACE*/, events.init_ns) >= ({from_place:UInt64}, {from_ns:Int64})
    AND (/*PLACE*/, events.init_ns) < ({to_place:UInt64}, {to_ns:Int64})
