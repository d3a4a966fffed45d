package org.dti4j.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Tables that the cluster keeps between jobs, until this is closed. */
final class Cached implements AutoCloseable {
    private final List<Dataset<Row>> tables = new ArrayList<>();

    Dataset<Row> keep(Dataset<Row> table) {
        tables.add(table.persist(StorageLevel.MEMORY_AND_DISK()));
        return table;
    }

    @Override
    public void close() {
        tables.forEach(Dataset::unpersist);
        tables.clear();
    }
}
