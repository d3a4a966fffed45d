package org.dti4j.spark;

import java.io.IOException;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** {@link SparkScoring} as a stage of a Spark ML pipeline. What is saved is the place of the run folder, not the weights. */
public final class DtiTransformer extends Transformer implements MLWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final Param<String> run;

    public DtiTransformer() {
        this(Identifiable$.MODULE$.randomUID("dti"));
    }

    /** Spark's own way to make one that was saved. */
    public DtiTransformer(String uid) {
        this.uid = uid;
        run = new Param<>(this, "run", "folder of a finished run");
    }

    /** Found by Spark by its name. */
    public Param<String> run() {
        return run;
    }

    /** Which run scores: its folder, on any file system of Hadoop's. */
    public DtiTransformer setRun(String folder) {
        set(run, folder);
        return this;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> rows) {
        return SparkScoring.score(rows.toDF(), getOrDefault(run));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return SparkScoring.schema(schema);
    }

    @Override
    public DtiTransformer copy(ParamMap extra) {
        return (DtiTransformer) defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return new DefaultParamsWriter(this);
    }

    @Override
    public void save(String path) throws IOException {
        write().save(path);
    }

    /** Reads what {@link #save} wrote; pipelines find it by its name. */
    public static MLReader<DtiTransformer> read() {
        return new DefaultParamsReader<>();
    }

    public static DtiTransformer load(String path) {
        return read().load(path);
    }
}
