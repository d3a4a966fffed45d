package org.dti4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dti4j.data.Item;
import org.junit.jupiter.api.Test;

final class ItemTableTest {
    private static ItemTable of(String column, String... values) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            items.add(new Item("i" + i, new TreeMap<>(Map.of("title", "Title " + i, column, values[i]))));
        }
        return ItemTable.of(items);
    }

    @Test
    void theFirstGenreIsTheCategory() {
        ItemTable table = of("genres", "Drama|War", "Comedy", "Drama|Comedy");
        assertThat(table.categories()).containsExactly(0, 1, 2, 1);
        assertThat(table.source()).isEqualTo("2 categories, part 1 of column genres");
    }

    @Test
    void whatAllItemsHaveInCommonIsNoCategory() {
        ItemTable table = of("category", "Magazines, Music, Rock", "Magazines, Women", "Magazines, Music, Jazz");
        assertThat(table.categories()).containsExactly(0, 1, 2, 1);
        assertThat(table.source()).isEqualTo("2 categories, part 2 of column category");
    }

    @Test
    void aColumnThatDividesNothingIsPassedOver() {
        ItemTable table = of("category", "Gift Cards, Gift Cards", "Gift Cards, Gift Cards");
        assertThat(table.source()).isEqualTo("2 categories, part 1 of column title");
        assertThat(ItemTable.of(List.of(new Item("i", new TreeMap<>(Map.of("title", "One")))))
                        .source())
                .isEqualTo("no category: no column of the items divides them");
    }
}
