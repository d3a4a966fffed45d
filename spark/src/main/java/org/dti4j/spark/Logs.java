package org.dti4j.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dti4j.data.DataConfig;
import org.dti4j.data.TableColumns;

/**
 * The two files of a log as DataFrames of texts, with a column {@link #REASON} that says what is wrong with a row as a whole, null for
 * nothing. Any other table, of Delta or Iceberg for instance, is as good: {@link #table} makes one of it.
 *
 * @param interactions the columns that the configuration names, as texts
 * @param items the same
 */
public record Logs(Dataset<Row> interactions, Dataset<Row> items) {
    static final String REASON = "_reason";

    private static final String CORRUPT = "_corrupt";

    /** Reads the files of a configuration: MovieLens', Amazon's, or tables in Parquet. */
    public static Logs read(SparkSession spark, DataConfig config) {
        String interactions = config.interactions().toString();
        return read(
                spark,
                config,
                interactions,
                config.items() == null ? interactions : config.items().toString());
    }

    /** The same, of files on any file system of Hadoop's: {@code hdfs://name:8020/log} is no path of this machine's. */
    public static Logs read(SparkSession spark, DataConfig config, String interactions, String items) {
        TableColumns columns = config.columnsInForce();
        return switch (config.format()) {
            case MOVIELENS_1M ->
                new Logs(
                        separated(spark, interactions, List.of("user", "item", "rating", "time")),
                        separated(spark, items, List.of("item", "title", "genres")));
            case MOVIELENS_CSV -> new Logs(csv(spark, interactions), csv(spark, items));
            case AMAZON_2018 ->
                new Logs(
                        json(spark, interactions, wanted(columns)),
                        json(spark, items, itemColumns(columns.idInItems(), columns.text())));
            case TABLE -> table(spark.read().parquet(interactions), spark.read().parquet(items));
        };
    }

    /** Tables that the caller read, with the columns that the configuration names. */
    public static Logs table(Dataset<Row> interactions, Dataset<Row> items) {
        return new Logs(texts(interactions), texts(items));
    }

    private static Dataset<Row> texts(Dataset<Row> table) {
        List<Column> columns = new ArrayList<>();
        for (String name : table.columns()) {
            Column column = table.col("`" + name + "`");
            boolean list = table.schema().apply(name).dataType() instanceof org.apache.spark.sql.types.ArrayType;
            columns.add((list ? org.apache.spark.sql.functions.to_json(column) : column.cast("string")).as(name));
        }
        return table.select(columns.toArray(Column[]::new))
                .withColumn(REASON, lit(null).cast("string"));
    }

    private static List<String> wanted(TableColumns columns) {
        return Stream.of(columns.user(), columns.item(), columns.rating(), columns.label(), columns.time())
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<String> itemColumns(String id, List<String> texts) {
        return Stream.concat(Stream.of(id), texts.stream()).toList();
    }

    private static Dataset<Row> csv(SparkSession spark, String file) {
        DataFrameReader reader = spark.read().option("header", true).option("escape", "\"");
        return marked(reader, List.of(reader.csv(file).columns()), file);
    }

    private static Dataset<Row> separated(SparkSession spark, String file, List<String> names) {
        DataFrameReader reader =
                spark.read().option("sep", "::").option("quote", "").option("encoding", "ISO-8859-1");
        return marked(reader, names, file);
    }

    /** Rows with more or fewer columns are marked. */
    private static Dataset<Row> marked(DataFrameReader reader, List<String> names, String file) {
        StructType schema = new StructType();
        for (String name : names) {
            schema = schema.add(name, DataTypes.StringType);
        }
        return reader.schema(schema.add(CORRUPT, DataTypes.StringType))
                .option("columnNameOfCorruptRecord", CORRUPT)
                .csv(file)
                .withColumn(REASON, expr("CASE WHEN %s IS NOT NULL THEN 'WRONG_COLUMN_COUNT' END".formatted(CORRUPT)))
                .drop(CORRUPT);
    }

    private static Dataset<Row> json(SparkSession spark, String file, List<String> names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            columns.add(expr("get_json_object(value, '$.%s')".formatted(name)).as(name));
        }
        columns.add(
                expr("CASE WHEN ltrim(value) NOT LIKE '{%' OR get_json_object(value, '$') IS NULL THEN 'UNPARSABLE' END")
                        .as(REASON));
        return spark.read().text(file).where(col("value").notEqual("")).select(columns.toArray(Column[]::new));
    }
}
