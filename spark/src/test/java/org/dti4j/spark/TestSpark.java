package org.dti4j.spark;

import java.io.File;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Sessions of the tests, one at a time. */
final class TestSpark {
    private TestSpark() {}

    /** Executors are threads of this process; a task may fail three times. */
    static SparkSession local() {
        return builder("local[2,4]").getOrCreate();
    }

    /** Two executors, each a process of its own. */
    static SparkSession cluster() {
        return cluster(2, 1).getOrCreate();
    }

    /** Executors that are processes of their own, of some slots each. */
    static SparkSession.Builder cluster(int executors, int slots) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .replace('\n', File.pathSeparatorChar);
        return builder("local-cluster[%d,%d,1024]".formatted(executors, slots))
                .config("spark.executor.extraClassPath", classPath)
                .config("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    }

    /** Where files of {@link FarFileSystem} lie. */
    static Path far() {
        return Path.of("target", "far").toAbsolutePath();
    }

    private static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("dti4j")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 4)
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.hadoop.fs.far.impl", FarFileSystem.class.getName())
                .config("spark.hadoop.fs.far.folder", far().toString())
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of("target", "warehouse").toAbsolutePath().toString());
    }
}
