SELECT max(as_of_ns) AS as_of_ns
FROM summed_until
