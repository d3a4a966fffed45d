package org.dti4j.data;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code data} of a run's configuration: which log is read, and how it becomes prepared data (docs/method.md section 8).
 *
 * @param format of the files
 * @param interactions file of ratings, reviews or clicks
 * @param items file of item texts; null with format {@code table} if the texts stand in the interactions file
 * @param columns of format {@code table}; null for the others
 * @param labelThreshold the label is 1 if the rating is greater; null for the format's own, or if a column is the label
 * @param minimumInteractions items with fewer are pruned
 * @param split shares of training, validation and test
 * @param allowedBadShare the run fails if more than this share of a file's rows is bad; null for the format's own
 * @param maximumUsers a sample of so many users, the same every time; 0 for all
 * @param memoryMiB that DuckDB may use; it sorts on disk beyond
 * @param threads of DuckDB; 0 for as many as the machine has
 */
@RecordBuilder
public record DataConfig(
        Format format,
        Path interactions,
        @Nullable Path items,
        @Nullable TableColumns columns,
        @Nullable Double labelThreshold,
        int minimumInteractions,
        Split split,
        @Nullable Double allowedBadShare,
        int maximumUsers,
        int memoryMiB,
        int threads)
        implements DataConfigBuilder.With {

    private static final int LEAST_MEMORY = 256;

    public DataConfig {
        boolean table = format == Format.TABLE;
        Problems problems = Problems.in("data")
                .require(minimumInteractions >= 1, "minimumInteractions", minimumInteractions, ">= 1")
                .require(
                        allowedBadShare == null || (allowedBadShare >= 0 && allowedBadShare <= 1),
                        "allowedBadShare",
                        allowedBadShare,
                        "in [0, 1]")
                .require(
                        labelThreshold == null || Double.isFinite(labelThreshold),
                        "labelThreshold",
                        labelThreshold,
                        "a number")
                .require(maximumUsers >= 0, "maximumUsers", maximumUsers, ">= 0 (0 for all)")
                .require(memoryMiB >= LEAST_MEMORY, "memoryMiB", memoryMiB, ">= " + LEAST_MEMORY)
                .require(threads >= 0, "threads", threads, ">= 0 (0 for as many as the machine has)")
                .require(table || items != null, "items", "null", "the file of item texts");
        if (table) {
            problems.require(columns != null, "columns", "null", "given with format table: user, item, time and so on");
        } else {
            problems.require(columns == null, "columns", "given", "left out: format " + format.word() + " has its own");
        }
        if (columns != null && columns.label() == null) {
            problems.require(
                    labelThreshold != null,
                    "labelThreshold",
                    "null",
                    "a number, since data.columns has no label: a rating above it is a 1");
        }
        if (columns != null && columns.label() != null) {
            problems.require(
                    labelThreshold == null,
                    "labelThreshold",
                    labelThreshold,
                    "left out: data.columns.label is the label, whatever the rating");
        }
        problems.throwIfAny();
    }

    /** MovieLens small as it comes with the project. */
    public static DataConfig defaults() {
        Path folder = Path.of("data", "ml-latest-small");
        return of(Format.MOVIELENS_CSV, folder.resolve("ratings.csv"), folder.resolve("movies.csv"));
    }

    /** The default settings for two files of a format that has its own columns. */
    public static DataConfig of(Format format, Path interactions, Path items) {
        return settings().format(format).interactions(interactions).items(items).build();
    }

    /** The default settings for tables. */
    public static DataConfig table(
            Path interactions, @Nullable Path items, TableColumns columns, @Nullable Double labelThreshold) {
        return settings()
                .format(Format.TABLE)
                .interactions(interactions)
                .items(items)
                .columns(columns)
                .labelThreshold(labelThreshold)
                .build();
    }

    /** What is not named is the format's own, or no bound. */
    private static DataConfigBuilder settings() {
        return DataConfigBuilder.builder()
                .minimumInteractions(5)
                .split(Split.defaults())
                .memoryMiB(1024);
    }

    /** The label threshold in force: the configured one, or else the format's. */
    public double threshold() {
        return labelThreshold == null ? format.threshold() : labelThreshold;
    }

    /** The share of bad rows in force: the configured one, or else the format's. */
    public double badShare() {
        return allowedBadShare == null ? format.badShare() : allowedBadShare;
    }

    /** The columns of the files: the configured ones, or else the format's. */
    public TableColumns columnsInForce() {
        return Log.columns(this);
    }
}
