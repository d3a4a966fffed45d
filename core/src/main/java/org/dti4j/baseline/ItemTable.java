package org.dti4j.baseline;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dti4j.data.Item;

/**
 * Items and their categories as numbers from 1; 0 is padding.
 *
 * @param categories of each item, by item number
 * @param categoryCount the highest category
 * @param source where categories were found, for people
 */
@SuppressWarnings("ArrayRecordComponent") // made once, compared never
record ItemTable(int[] categories, int categoryCount, String source) {
    /** What more items than this share of all have in common divides nothing: Amazon's categories begin with the department. */
    private static final double MOST = 0.9;

    /** Parts of a text that are looked at: the department, and what is below it. */
    private static final int LEVELS = 4;

    /** One part of a column's text, as "Drama" is the first of "Drama|War". */
    private record Source(String column, int part) {
        String of(Item item) {
            String[] parts = item.columns().getOrDefault(column, "").split("[|,;]", part + 2);
            return part < parts.length ? parts[part].strip() : "";
        }
    }

    /** Categories are the first part that divides the items of the text column in which it has the fewest different values. */
    static ItemTable of(List<Item> items) {
        Optional<Source> source = items.stream()
                .flatMap(item -> item.columns().keySet().stream())
                .distinct()
                .sorted()
                .flatMap(column -> dividing(items, column).stream())
                .min(Comparator.comparingInt(each -> counts(items, each).size()));
        Map<String, Integer> numbers = new HashMap<>();
        int[] categories = new int[items.size() + 1];
        for (int item = 0; item < items.size(); item++) {
            Item each = items.get(item);
            String value = source.map(found -> found.of(each)).orElse("");
            categories[item + 1] = numbers.computeIfAbsent(value, key -> numbers.size() + 1);
        }
        return new ItemTable(
                categories,
                numbers.size(),
                source.map(found -> "%d categories, part %d of column %s"
                                .formatted(numbers.size(), found.part() + 1, found.column()))
                        .orElse("no category: no column of the items divides them"));
    }

    private static Optional<Source> dividing(List<Item> items, String column) {
        return IntStream.range(0, LEVELS)
                .mapToObj(part -> new Source(column, part))
                .filter(source ->
                        counts(items, source).values().stream().allMatch(count -> count <= MOST * items.size()))
                .findFirst();
    }

    private static Map<String, Long> counts(List<Item> items, Source source) {
        return items.stream().collect(Collectors.groupingBy(source::of, Collectors.counting()));
    }

    int items() {
        return categories.length - 1;
    }
}
