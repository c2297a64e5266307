-- Events whole, as `EventRow` has them.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
