package org.dti4j.serve;

import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dti4j.data.Item;

/** The catalogue, for people. */
final class Items {
    private static final int FOUND_ITEMS = 20;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Models models;

    Items(Models models) {
        this.models = models;
    }

    private record Found(String id, String title, String detail) {}

    /** GET /v1/items?search=…: items whose texts hold all words that are searched for. */
    void search(Context context) {
        String search = context.queryParam("search");
        List<String> words = SPACE.splitAsStream(search == null ? "" : search)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        List<Found> found = models.with(scorer -> {
            List<Found> matches = new ArrayList<>();
            for (Item item : scorer.items()) {
                String text = String.join(" ", item.columns().values()).toLowerCase(Locale.ROOT);
                if (words.stream().allMatch(text::contains)) {
                    matches.add(new Found(item.id(), title(item), detail(item)));
                }
                if (matches.size() == FOUND_ITEMS) {
                    break;
                }
            }
            return matches;
        });
        Json.answer(context, 200, found);
    }

    private static String title(Item item) {
        String title = item.columns().getOrDefault("title", "");
        return title.isEmpty() ? item.id() : title;
    }

    private static String detail(Item item) {
        return String.join(
                " · ",
                item.columns().entrySet().stream()
                        .filter(column -> !column.getKey().equals("title")
                                && !column.getValue().isEmpty())
                        .map(column -> column.getValue())
                        .toList());
    }

    /** Of an item; empty if there is none of this id any more. */
    String title(String id) {
        return models.with(scorer -> scorer.item(id).map(Items::title).orElse(""));
    }
}
