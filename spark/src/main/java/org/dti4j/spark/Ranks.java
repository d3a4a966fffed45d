package org.dti4j.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Numbers ids from 0 in the order of the local preparation: by length, then by their bytes. No task ever holds them all. */
final class Ranks {
    private Ranks() {}

    /** Columns {@code id} and {@code number}. */
    static Dataset<Row> of(Dataset<Row> ids) {
        SparkSession spark = ids.sparkSession();
        JavaRDD<Row> numbered = ids.selectExpr("octet_length(id)", "id")
                .orderBy("octet_length(id)", "id")
                .javaRDD()
                .zipWithIndex()
                .map(pair -> RowFactory.create(pair._1().getString(1), Math.toIntExact(pair._2())));
        StructType schema =
                new StructType().add("id", DataTypes.StringType, false).add("number", DataTypes.IntegerType, false);
        return spark.createDataFrame(numbered, schema);
    }
}
