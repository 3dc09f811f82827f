-- How many responses were erased, counted apart from their tombstones, as `received` counts those that came.
CREATE TABLE erased (
    form text NOT NULL,
    state text NOT NULL CHECK (state IN ('withdrawn', 'expired')),
    shard text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (form, state, shard)
) $without_rowid;

INSERT INTO erased (form, state, shard, count)
    SELECT form, state, substr(tombstone, 1, 1), count(*) FROM tombstones
    GROUP BY form, state, substr(tombstone, 1, 1);
