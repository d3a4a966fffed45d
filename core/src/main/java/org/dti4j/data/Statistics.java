package org.dti4j.data;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a preparation counted: the numbers of the paper's Table 2, and what became of every row that was read.
 *
 * @param users with at least one interaction left
 * @param items left after pruning
 * @param interactions left after cleaning and pruning; the paper's samples
 * @param positives interactions whose label is 1
 * @param historyLengths interactions per user
 * @param parts the three parts of the split by time
 * @param withoutText items per text column that have nothing in it
 * @param pruned what was left out because its item has too few interactions
 * @param interactionRows rows of the interactions file
 * @param itemRows rows of the items file
 */
public record Statistics(
        long users,
        long items,
        long interactions,
        long positives,
        Lengths historyLengths,
        SortedMap<Part, PartStatistics> parts,
        SortedMap<String, Long> withoutText,
        Pruned pruned,
        Rows interactionRows,
        Rows itemRows) {

    public Statistics {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
        withoutText = Collections.unmodifiableSortedMap(new TreeMap<>(withoutText));
    }

    /** Share of interactions whose label is 1. */
    public double positiveShare() {
        return interactions == 0 ? 0 : (double) positives / interactions;
    }

    /** The numbers of one part. */
    public PartStatistics part(Part part) {
        return parts.getOrDefault(part, new PartStatistics(0, 0, 0, 0, 0));
    }

    /** Lengths of the users' histories, in interactions. */
    public record Lengths(long shortest, double mean, long median, long ninetiethPercentile, long longest) {}

    /**
     * One part of the split.
     *
     * @param interactions in this part
     * @param positives whose label is 1
     * @param users with an interaction in this part
     * @param firstTime of its earliest interaction, seconds since 1970; 0 if it is empty
     * @param lastTime of its latest interaction, seconds since 1970; 0 if it is empty
     */
    public record PartStatistics(long interactions, long positives, long users, long firstTime, long lastTime) {}

    /**
     * What pruning took out.
     *
     * @param items with fewer interactions than the minimum, those with none included
     * @param interactions of these items
     * @param users who had no other interaction
     */
    public record Pruned(long items, long interactions, long users) {}

    /**
     * What became of the rows of one file: {@code rows = bad + duplicates + leftOut + used}.
     *
     * @param file its name
     * @param rows that were read, bad ones included, header and empty lines not
     * @param bad rows per reason
     * @param duplicates rows that repeat another: same user, item and time, or the same item id
     * @param conflicting interactions or items whose rows differ from each other (another rating, another text)
     * @param leftOut good rows of users outside the sample, when there is a largest number of users
     * @param examples the first few bad rows of each reason
     */
    public record Rows(
            String file,
            long rows,
            SortedMap<BadRow.Reason, Long> bad,
            long duplicates,
            long conflicting,
            long leftOut,
            List<BadRow> examples) {
        public Rows {
            bad = Collections.unmodifiableSortedMap(new TreeMap<>(bad));
            examples = List.copyOf(examples);
        }

        static Rows none(String file) {
            return new Rows(file, 0, new TreeMap<>(Map.of()), 0, 0, 0, List.of());
        }

        /** Bad rows of all reasons together. */
        public long allBad() {
            return bad.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
