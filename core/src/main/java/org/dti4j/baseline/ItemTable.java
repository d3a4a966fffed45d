package org.dti4j.baseline;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dti4j.data.Item;

/**
 * Items and their categories as numbers from 1; 0 is padding.
 *
 * @param categories of each item, by item number; the first part of the text column with the fewest different values
 * @param categoryCount the highest category
 */
@SuppressWarnings("ArrayRecordComponent") // made once, compared never
record ItemTable(int[] categories, int categoryCount) {
    static ItemTable of(List<Item> items) {
        String column = items.stream()
                .flatMap(item -> item.columns().keySet().stream())
                .distinct()
                .min(Comparator.comparingLong((String name) -> distinct(items, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse("");
        Map<String, Integer> numbers = new HashMap<>();
        int[] categories = new int[items.size() + 1];
        for (int item = 0; item < items.size(); item++) {
            categories[item + 1] = numbers.computeIfAbsent(value(items.get(item), column), key -> numbers.size() + 1);
        }
        return new ItemTable(categories, numbers.size());
    }

    private static long distinct(List<Item> items, String column) {
        return items.stream().map(item -> value(item, column)).distinct().count();
    }

    private static String value(Item item, String column) {
        String text = item.columns().getOrDefault(column, "");
        return text.split("[|,;]", 2)[0].strip();
    }

    int items() {
        return categories.length - 1;
    }
}
