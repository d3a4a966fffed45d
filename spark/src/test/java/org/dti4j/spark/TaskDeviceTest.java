package org.dti4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dti4j.run.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An executor that says it has two GPUs, of which each task gets one. */
@Timeout(300)
class TaskDeviceTest {
    @Test
    void eachTaskComputesOnTheGpuThatItWasGiven(@TempDir Path folder) throws Exception {
        Path found = Files.writeString(
                folder.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
        Files.setPosixFilePermissions(found, PosixFilePermissions.fromString("rwx------"));
        try (SparkSession spark = TestSpark.cluster(1, 2)
                .config("spark.worker.resource.gpu.amount", 2)
                .config("spark.worker.resource.gpu.discoveryScript", found.toString())
                .config("spark.executor.resource.gpu.amount", 2)
                .config("spark.task.resource.gpu.amount", 1)
                .getOrCreate()) {
            TinyRun.train(folder.resolve("run"));
            FinishedRun run = FinishedRun.of(folder.resolve("run").toUri().toString());
            List<Integer> models = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(List.of(0, 1), 2)
                    .mapPartitions(rows -> {
                        int model = System.identityHashCode(Models.of(run));
                        Thread.sleep(2_000); // so that both tasks run side by side
                        return List.of(model).iterator();
                    })
                    .collect();
            assertThat(models).as("each GPU has a model of its own").doesNotHaveDuplicates();
            List<String> devices = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(List.of("cuda", "cpu", "cuda", "cuda:7"), 2)
                    .mapPartitions(rows -> {
                        Thread.sleep(2_000); // so that both tasks run side by side
                        List<String> here = new ArrayList<>();
                        rows.forEachRemaining(row -> here.add(TaskDevice.of(row)));
                        return here.iterator();
                    })
                    .collect();
            assertThat(List.of(devices.get(0), devices.get(2))).containsExactlyInAnyOrder("cuda:0", "cuda:1");
            assertThat(List.of(devices.get(1), devices.get(3))).containsExactly("cpu", "cuda:7");
        }
    }
}
