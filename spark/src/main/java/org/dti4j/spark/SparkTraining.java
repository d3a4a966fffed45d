package org.dti4j.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.dti4j.distribute.Collective;
import org.dti4j.run.RunConfig;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains one model on several slots of a cluster, each a task of one barrier stage. If a task or an executor is lost, all of them end, and
 * Spark tries the stage again ({@code spark.stage.maxConsecutiveAttempts}); it then goes on from the last state that was saved, so that each
 * target is trained once in the epoch's count.
 */
public final class SparkTraining {
    private SparkTraining() {}

    /**
     * Trains, evaluates and writes a run folder. The accumulators {@code dti4j targets} and {@code dti4j loss} show in Spark's pages how far it
     * is: targets trained on, and the mean loss of a step.
     *
     * @param config of the run; its {@code out} and {@code prepared} are not used. A checkpoint that it names must lie at the same path
     *     on all executors
     * @param prepared a prepared folder on any file system of Hadoop's; executors read it by themselves
     * @param out the run folder, likewise; if it holds a state, the run goes on from it
     * @param slots processes that train together
     * @return targets that were trained on, those before a resume included
     */
    public static long train(SparkSession spark, RunConfig config, String prepared, String out, int slots) {
        return train(spark, config, prepared, out, slots, Collective.RING);
    }

    /** The same with another way of summing gradients; what trained before goes on with any. */
    public static long train(
            SparkSession spark, RunConfig config, String prepared, String out, int slots, Collective collective) {
        SparkContext context = spark.sparkContext();
        LongAccumulator targets = context.longAccumulator("dti4j targets");
        DoubleAccumulator loss = context.doubleAccumulator("dti4j loss");
        JavaRDD<Integer> ranks = JavaSparkContext.fromSparkContext(context)
                .parallelize(IntStream.range(0, slots).boxed().toList(), slots);
        ClassTag<Long> counts = ClassTag$.MODULE$.apply(Long.class);
        RDD<Long> trained = ranks.rdd()
                .barrier()
                .mapPartitions(
                        new TrainingTask(
                                JsonMapper.shared().writeValueAsString(config),
                                prepared,
                                out,
                                collective,
                                targets,
                                loss),
                        false,
                        counts);
        // a barrier stage is tried again if a shuffle follows it; one that ends a job is not
        List<Long> each = JavaRDD.fromRDD(trained, counts).repartition(1).collect();
        return each.get(0);
    }
}
