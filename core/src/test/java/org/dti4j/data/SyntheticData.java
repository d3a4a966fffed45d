package org.dti4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Small prepared data for tests, in memory and from a seed alone. Whether a user likes an item depends on the item's quality and on
 * the user's taste for its genre, so that there is something to learn; ratings run from 1 to 5, the label is rating > 3, and the
 * parts are cut 8:1:1 by time as in real data.
 */
public final class SyntheticData {
    private static final List<String> GENRES = List.of("Comedy", "Drama", "Horror", "Romance", "Thriller", "Western");
    private static final List<String> ADJECTIVES =
            List.of("Amber", "Broken", "Crimson", "Distant", "Electric", "Frozen", "Golden", "Hidden");
    private static final List<String> NOUNS =
            List.of("River", "Station", "Garden", "Letter", "Mountain", "Mirror", "Harbour", "Winter");
    private static final long FIRST_TIME = 1_000_000_000;

    private SyntheticData() {}

    /** Users whose histories are all {@code interactions} long. */
    public static PreparedData of(long seed, int users, int items, int interactions) {
        return of(seed, users, items, interactions, interactions);
    }

    /**
     * Users whose histories are from {@code shortest} to {@code longest} interactions long.
     *
     * @param seed of everything: equal arguments give equal data
     */
    public static PreparedData of(long seed, int users, int items, int shortest, int longest) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] starts = new int[users + 1];
        for (int user = 0; user < users; user++) {
            starts[user + 1] = starts[user] + shortest + random.nextInt(longest - shortest + 1);
        }
        int[] genres = random.ints(items, 0, GENRES.size()).toArray();
        double[] qualities = random.doubles(items, -1, 1).toArray();
        List<Rating> ratings = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            double[] tastes = random.doubles(GENRES.size(), -1, 1).toArray();
            // users come and go over the years, so that their histories fall into all parts
            long time = FIRST_TIME + random.nextLong(100_000);
            for (int i = starts[user]; i < starts[user + 1]; i++) {
                int item = random.nextInt(items);
                double liking = 3.5 + qualities[item] + tastes[genres[item]] + random.nextDouble(-0.5, 0.5);
                ratings.add(new Rating(item, Math.round(Math.max(1, Math.min(5, liking))), time));
                time += 1 + random.nextLong(5_000);
            }
        }
        return build(catalogue(random, genres), starts, ratings);
    }

    private record Rating(int item, float stars, long time) {
        boolean label() {
            return stars > 3;
        }
    }

    private static PreparedData build(List<Item> catalogue, int[] starts, List<Rating> ratings) {
        int users = starts.length - 1;
        List<Part> parts = parts(ratings);
        ArrayData.Builder builder = new ArrayData.Builder(catalogue, users, ratings.size());
        for (int user = 0; user < users; user++) {
            builder.user("u" + user);
            for (int i = starts[user]; i < starts[user + 1]; i++) {
                Rating rating = ratings.get(i);
                builder.interaction(rating.item, rating.label(), rating.stars, rating.time, parts.get(i));
            }
        }
        return builder.build(statistics(starts, ratings, parts, catalogue.size()));
    }

    private static List<Item> catalogue(SplittableRandom random, int[] genres) {
        List<Item> catalogue = new ArrayList<>();
        for (int item = 0; item < genres.length; item++) {
            String title = "The %s %s %d"
                    .formatted(
                            ADJECTIVES.get(random.nextInt(ADJECTIVES.size())),
                            NOUNS.get(random.nextInt(NOUNS.size())),
                            item);
            catalogue.add(
                    new Item("i" + item, new TreeMap<>(Map.of("title", title, "genres", GENRES.get(genres[item])))));
        }
        return catalogue;
    }

    private static List<Part> parts(List<Rating> ratings) {
        long[] times = ratings.stream().mapToLong(Rating::time).sorted().toArray();
        long validation = times[times.length * 8 / 10];
        long test = times[times.length * 9 / 10];
        return ratings.stream()
                .map(rating -> rating.time < validation ? Part.TRAIN : rating.time < test ? Part.VALIDATION : Part.TEST)
                .toList();
    }

    private static Statistics statistics(int[] starts, List<Rating> ratings, List<Part> parts, int items) {
        int users = starts.length - 1;
        long[] lengths = IntStream.range(0, users)
                .mapToLong(user -> starts[user + 1] - starts[user])
                .sorted()
                .toArray();
        TreeMap<Part, Statistics.PartStatistics> partStatistics = new TreeMap<>();
        for (Part part : Part.values()) {
            partStatistics.put(part, part(part, starts, ratings, parts));
        }
        return new Statistics(
                users,
                items,
                ratings.size(),
                ratings.stream().filter(Rating::label).count(),
                new Statistics.Lengths(
                        lengths[0],
                        (double) ratings.size() / users,
                        lengths[users / 2],
                        lengths[users * 9 / 10],
                        lengths[users - 1]),
                partStatistics,
                new TreeMap<>(),
                new Statistics.Pruned(0, 0, 0),
                Statistics.Rows.none("synthetic"),
                Statistics.Rows.none("synthetic"));
    }

    private static Statistics.PartStatistics part(Part part, int[] starts, List<Rating> ratings, List<Part> parts) {
        List<Rating> inside = IntStream.range(0, parts.size())
                .filter(i -> parts.get(i) == part)
                .mapToObj(ratings::get)
                .toList();
        long users = IntStream.range(0, starts.length - 1)
                .filter(user -> IntStream.range(starts[user], starts[user + 1]).anyMatch(i -> parts.get(i) == part))
                .count();
        return new Statistics.PartStatistics(
                inside.size(),
                inside.stream().filter(Rating::label).count(),
                users,
                inside.stream().mapToLong(Rating::time).min().orElse(0),
                inside.stream().mapToLong(Rating::time).max().orElse(0));
    }
}
