package org.dti4j.spark;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.dti4j.run.Host;

/** An executor: its memory is Spark's to bound, so nothing is refused for want of it. */
final class ExecutorHost implements Host {
    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long peakResidentBytes() {
        return 0;
    }

    @Override
    public long memoryBytes() {
        return 0;
    }

    @Override
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        SparkEnv spark = SparkEnv.get();
        facts.put("executor", spark == null ? "none" : spark.executorId());
        return facts;
    }
}
